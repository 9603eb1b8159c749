package io.varve.core;

import io.varve.core.OperationMetrics.Operation;
import io.varve.core.fs.DiskFileSystem;
import io.varve.core.fs.FileSystem;
import io.varve.core.model.Deletion;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.Writable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A time-series store in a directory. Safe for any number of threads.
 *
 * <p>What is acknowledged at which durability is said in {@link Durability}. Close it to let go of the directory; a
 * store that is not closed loses nothing that was acknowledged, but the next opening has to read the log.
 */
public final class Tsdb implements Queryable, Writable, AutoCloseable {

    private static final DateTimeFormatter SNAPSHOT_NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final TsdbConfig config;
    private final TsdbRuntime runtime;
    private final FileSystem files;
    private final Shards shards;
    private final @Nullable TsdbRuntime ownRuntime;
    private volatile boolean closed;

    private Tsdb(FileSystem files, TsdbConfig config, TsdbRuntime runtime, String name, @Nullable TsdbRuntime own)
            throws IOException {
        this.config = config;
        this.runtime = runtime;
        this.files = files;
        this.ownRuntime = own;
        shards = Shards.open(files, config, runtime, name);
        shards.start(this);
    }

    /**
     * Opens a store, creating it if the directory is absent or empty, with a runtime of its own.
     *
     * @throws io.varve.core.fs.StoreLockedException if another process has it open
     * @throws io.varve.core.fs.UnsupportedFormatException if a newer version wrote it
     * @throws IllegalArgumentException if the configuration contradicts what was fixed when the store was created
     */
    public static Tsdb open(Path directory, TsdbConfig config) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create();
        return open(DiskFileSystem.open(directory), config, runtime, "main", runtime);
    }

    /** Opens a store that shares threads, clocks and telemetry with others. */
    public static Tsdb open(Path directory, TsdbConfig config, TsdbRuntime runtime) throws IOException {
        return open(directory, config, runtime, "main");
    }

    /** Opens a store under a name that tells its metrics from those of the runtime's other stores. */
    public static Tsdb open(Path directory, TsdbConfig config, TsdbRuntime runtime, String name) throws IOException {
        return open(DiskFileSystem.open(directory), config, runtime, name, null);
    }

    /** Opens a store on any file system. */
    static Tsdb open(
            FileSystem files, TsdbConfig config, TsdbRuntime runtime, String name, @Nullable TsdbRuntime ownRuntime)
            throws IOException {
        try {
            files.lock("LOCK");
            return new Tsdb(files, config, runtime, name, ownRuntime);
        } catch (IOException | RuntimeException | Error e) {
            try {
                files.close();
            } catch (IOException | RuntimeException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    @Override
    public Appender appender(Durability durability) {
        ensureOpen();
        return shards.appender(durability);
    }

    @Override
    public Resolution resolution() {
        return config.resolution();
    }

    @Override
    public Querier querier(TimeRange range, ReadBudget budget) {
        ensureOpen();
        return shards.querier(range, budget);
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("a store is not used after close: directory=" + files.describe());
        }
    }

    /** An instant in ticks of this store. */
    public long time(Instant instant) {
        return resolution().ticks(instant);
    }

    /** What the store holds and how it feels. */
    public TsdbStatus status() {
        ensureOpen();
        return shards.status();
    }

    /** How the parts of each shard feel, in the order of shards; each has the same parts in the same order. */
    public List<List<TsdbCondition>> health() {
        ensureOpen();
        return shards.shards().stream().map(Shard::health).toList();
    }

    /** Every bound that is in force, with its use; to be asked while the store is open. */
    public List<TsdbLimit> limits() {
        ensureOpen();
        return shards.limits();
    }

    /**
     * Bytes of blocks, rollups and log on disk: what {@link TsdbConfig#retentionBytes} counts. Snapshots and what was
     * set aside do not count.
     */
    public long diskBytes() {
        ensureOpen();
        return (long)
                shards.shards().stream().mapToDouble(StoreLimits::diskBytes).sum();
    }

    /** Exemplars that had to leave the head's generations for want of room, of those that it holds now. */
    double exemplarsEvicted() {
        return shards.exemplarsEvicted();
    }

    /**
     * Seals the head into blocks; what was acknowledged before the call lies in blocks when it returns.
     *
     * @throws IOException if a block cannot be written; nothing is lost then
     */
    public void flush() throws IOException {
        ensureOpen();
        await(shards.freeze());
        await(shards.sealAll());
    }

    /**
     * Lets go of what has expired, merges all blocks that can be merged, and takes deleted samples out of the others;
     * done when it returns.
     *
     * @throws IOException if a block cannot be written; nothing is lost then
     */
    public void compact() throws IOException {
        ensureOpen();
        await(shards.mergeAll());
    }

    /**
     * Writes a snapshot: a directory with all that was acknowledged before the call, which can be opened as a store,
     * copied and restored. Blocks are linked, or copied where that cannot be; writing goes on meanwhile.
     *
     * @param target the directory, which must not be there
     * @throws IOException if it cannot be written; nothing is left of it then
     */
    public void snapshot(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a snapshot has a directory of its own: target=" + target);
        }
        try (FileSystem to = DiskFileSystem.open(parent)) {
            snapshot(to, String.valueOf(absolute.getFileName()));
        }
    }

    /**
     * Writes a snapshot into the directory {@code snapshots} of the store.
     *
     * @return its name there
     * @throws IOException if it cannot be written; nothing is left of it then
     */
    public String snapshot() throws IOException {
        ensureOpen();
        Instant now = Instant.ofEpochSecond(runtime.clock().epochNanos() / 1_000_000_000L);
        String name = SNAPSHOT_NAME.format(now)
                + String.format("-%016x", runtime.secrets().nextLong());
        snapshot(files, Snapshots.DIRECTORY + "/" + name);
        return name;
    }

    void snapshot(FileSystem to, String path) throws IOException {
        long began = shards.metrics().operations().now();
        flush();
        Snapshots.write(shards.stores(), to, path);
        shards.metrics().operations().took(Operation.SNAPSHOT, began);
    }

    /**
     * Says that the wall clock is right, after {@link TsdbStatus#retentionWaits()} has told of a jump: ages are counted
     * from it from now on, and what has expired by it goes.
     */
    public void confirmClock() {
        ensureOpen();
        shards.confirmClock();
    }

    /**
     * Deletes the samples in a range of all series that satisfy every matcher, as far as they were committed before the
     * call. Durable, and seen by every querier that is opened from then on, when it returns. What is written
     * afterwards, with the same times too, stays. The space is given back when the blocks are merged next, or by
     * {@link #cleanTombstones}.
     *
     * @param matchers at least one of them is not satisfied by an empty value
     * @param range ticks, both ends included
     * @throws IllegalArgumentException if the matchers would delete everything, or are too long, or the range is empty
     * @throws CommitException if the store does not take it now; it may or may not be done then
     */
    public void delete(List<Matcher> matchers, TimeRange range) {
        try {
            deleteAsync(matchers, range).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CommitException refused) {
                throw new CommitException(refused.reason(), String.valueOf(refused.getMessage()), refused);
            }
            throw e;
        }
    }

    /** As {@link #delete}, without waiting; fails with a {@link CommitException}. */
    public CompletableFuture<Void> deleteAsync(List<Matcher> matchers, TimeRange range) {
        ensureOpen();
        return shards.delete(new Deletion(0, matchers, range));
    }

    /**
     * Takes deleted samples out of all blocks, so that their space is free; done when it returns. What is deleted of
     * the head leaves with the next block that is sealed.
     *
     * @throws IOException if a block cannot be written; nothing is lost then
     */
    public void cleanTombstones() throws IOException {
        ensureOpen();
        await(shards.clean());
    }

    /** Deletions that wait to be applied to blocks. */
    int liveDeletions() {
        return shards.liveDeletions();
    }

    private static void await(CompletableFuture<Void> done) throws IOException {
        try {
            done.join();
        } catch (CompletionException e) {
            throw new IOException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
        }
    }

    /** Writes what is acknowledged to disk and lets go of the directory. Queriers must be closed before. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            shards.close();
        } finally {
            files.close();
            if (ownRuntime != null) {
                ownRuntime.close();
            }
        }
    }
}
