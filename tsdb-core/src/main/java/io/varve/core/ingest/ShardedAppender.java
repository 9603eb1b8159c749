package io.varve.core.ingest;

import io.varve.core.index.KeyedHash;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import io.varve.core.storage.WireLabels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Fills a batch for each shard that it has samples of. References carry the number of their shard; so do the handles
 * of series that are not known yet, above the bits that a shard's own handles have.
 *
 * <p>A batch is full when one of its parts is. Parts are committed one behind the other; when one is refused at once,
 * those behind it are not sent any more.
 */
public final class ShardedAppender implements Appender {

    private static final int HANDLE_BITS = 40;
    private static final long HANDLE_MASK = (1L << HANDLE_BITS) - 1;

    private final List<IngestShard> shards;
    private final ShardCommons commons;
    private final Durability durability;
    private final KeyedHash hash;

    /** One a shard, made with its first sample. */
    private final @Nullable BatchAppender[] parts;

    private final Map<Labels, Long> handles = new HashMap<>();
    private int cacheHits;
    private int cacheMisses;
    private boolean closed;

    /**
     * An appender of a store.
     *
     * @param shards at least two, in their order
     * @param commons what they share
     */
    public ShardedAppender(List<IngestShard> shards, ShardCommons commons, Durability durability) {
        this.shards = List.copyOf(shards);
        this.commons = commons;
        this.durability = durability;
        this.hash = commons.hash();
        this.parts = new @Nullable BatchAppender[shards.size()];
    }

    private BatchAppender part(int shard) {
        BatchAppender part = parts[shard];
        if (part == null) {
            part = new BatchAppender(shards.get(shard), durability, hash);
            parts[shard] = part;
        }
        return part;
    }

    /** The part that a reference or handle of the caller's is of, or null if there is none. */
    private @Nullable BatchAppender partOf(long ref) {
        int shard = ref >= 0 ? ShardCommons.shardOf(ref) : (int) (-ref >>> HANDLE_BITS);
        return shard < parts.length ? part(shard) : null;
    }

    private static long inside(long ref) {
        return ref >= 0 ? ShardCommons.inside(ref) : -(-ref & HANDLE_MASK);
    }

    private static long outside(int shard, long handle) {
        return handle - ((long) shard << HANDLE_BITS);
    }

    @Override
    public long series(Labels labels) {
        Long known = handles.get(labels);
        if (known == null) {
            int shard = ShardChoice.of(labels, parts.length);
            known = outside(shard, part(shard).series(labels));
            handles.put(labels, known);
        }
        return known;
    }

    @Override
    public long series(byte[] wire, int offset, int labelBytes, WireLabels decoder) {
        hash.hash(wire, offset, labelBytes);
        long high = hash.high();
        long low = hash.low();
        long ref = commons.cache().find(high, low);
        if (ref > 0 && ShardCommons.shardOf(ref) < parts.length) {
            part(ShardCommons.shardOf(ref)).open(); // before the look whether it lives
        }
        if (ref > 0 && commons.lives(ref)) {
            cacheHits++;
            return ref;
        }
        cacheMisses++;
        Labels labels = decoder.decode(wire, offset, labelBytes);
        int shard = ShardChoice.of(labels, parts.length);
        return outside(shard, part(shard).newSeries(labels, high, low));
    }

    @Override
    public Verdict append(long ref, long time, double value) {
        BatchAppender part = partOf(ref);
        return part == null ? Verdict.UNKNOWN_REF : part.append(inside(ref), time, value);
    }

    @Override
    public Verdict append(long ref, long time, Histogram histogram) {
        BatchAppender part = partOf(ref);
        return part == null ? Verdict.UNKNOWN_REF : part.append(inside(ref), time, histogram);
    }

    @Override
    public Verdict exemplar(long ref, Exemplar exemplar) {
        BatchAppender part = partOf(ref);
        return part == null ? Verdict.UNKNOWN_REF : part.exemplar(inside(ref), exemplar);
    }

    @Override
    public Verdict startTime(long ref, long time, long start) {
        BatchAppender part = partOf(ref);
        return part == null ? Verdict.UNKNOWN_REF : part.startTime(inside(ref), time, start);
    }

    @Override
    public Verdict metadata(String metric, Metadata metadata) {
        return part(ShardChoice.of(metric, parts.length)).metadata(metric, metadata);
    }

    @Override
    public int pending() {
        int pending = 0;
        for (BatchAppender part : parts) {
            pending += part == null ? 0 : part.pending();
        }
        return pending;
    }

    @Override
    public Commit commit() {
        return BatchAppender.await(commitAsync());
    }

    @Override
    public CompletionStage<Commit> commitAsync() {
        if (closed) {
            throw new IllegalStateException("an appender is not used after close");
        }
        commons.looked(cacheHits, cacheMisses);
        cacheHits = 0;
        cacheMisses = 0;
        List<BatchAppender> filled = new ArrayList<>(parts.length);
        for (BatchAppender part : parts) {
            if (part != null && part.pending() > 0) {
                filled.add(part);
            } else if (part != null) {
                part.drop();
            }
        }
        if (filled.isEmpty()) {
            return CompletableFuture.completedFuture(Commit.empty(durability));
        }
        if (filled.size() == 1) {
            return filled.get(0).commitAsync();
        }
        JoinedCommit joined = new JoinedCommit(durability, filled.size());
        boolean refused = false;
        for (int i = 0; i < filled.size(); i++) {
            if (refused) {
                filled.get(i).drop();
                joined.part(i, CompletableFuture.completedFuture(Commit.empty(durability)));
                continue;
            }
            CompletableFuture<Commit> sent = filled.get(i).commitAsync().toCompletableFuture();
            refused = sent.isCompletedExceptionally();
            joined.part(i, sent);
        }
        return joined.stage();
    }

    @Override
    public Durability durability() {
        return durability;
    }

    @Override
    public void close() {
        closed = true;
        for (BatchAppender part : parts) {
            if (part != null) {
                part.close();
            }
        }
    }
}
