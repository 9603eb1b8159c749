package io.varve.core.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that forgets what was not forced. Use it like this:
 *
 * <pre>{@code
 * SimulatedFileSystem disk = new SimulatedFileSystem();
 * disk.failAt(17, Fault.CRASH);            // the 17th call from now stops the machine
 * try { ... run the engine on disk ... } catch (SimulatedCrash expected) { }
 * SimulatedFileSystem after = disk.crash(seed);   // what a power loss leaves; another seed, another outcome
 * SimulatedFileSystem killed = disk.killProcess(); // what kill -9 leaves: everything that was written
 * }</pre>
 *
 * <p>A power loss keeps, of each unforced write, any of its 512-byte sectors, or the new length without the bytes; each
 * unforced creation, rename and deletion of a directory is kept or lost by itself, except that a rename never loses the
 * file at both ends. Directories themselves are durable when made. A failed force drops what it should have written
 * from the cache: a later force of the same file does not bring it back.
 *
 * <p>Counted calls are all of {@link FileSystem} and {@link WritableFile} but {@code describe}, {@code usableBytes} and
 * the closing ones. After {@link #crash}, {@link #killProcess} or a {@link Fault#CRASH} every further call of the old
 * instance throws {@link SimulatedCrash}, so that threads of the dead engine do no more harm. Safe for any number of
 * threads.
 */
public final class SimulatedFileSystem implements FileSystem {

    /** What a call can be made to do. */
    public enum Fault {
        /** An {@link IOException}: no space for a write, of which a prefix is there; else an I/O error. */
        IO_ERROR,
        /** The machine stops in the middle of the call. */
        CRASH
    }

    private final SimulatedFaults faults = new SimulatedFaults();
    private final SimulatedTree tree;
    private long capacity = Long.MAX_VALUE;
    private @Nullable String lock;
    private int openMaps;
    private boolean links = true;
    private volatile Predicate<String> faultyMaps = path -> false;

    /** An empty disk. */
    public SimulatedFileSystem() {
        this(new SimulatedTree());
    }

    private SimulatedFileSystem(SimulatedTree tree) {
        this.tree = tree;
    }

    // ---- what tests do with it

    /** Counted calls so far. */
    public synchronized long ioCalls() {
        return faults.calls();
    }

    /** Lets the n-th counted call from now (1 is the next) fail, once. Replaces an earlier order. */
    public synchronized void failAt(long n, Fault kind) {
        faults.failAt(n, kind, false);
    }

    /** Lets the n-th counted call from now and all that follow fail with an {@link IOException}. */
    public synchronized void failFrom(long n) {
        faults.failAt(n, Fault.IO_ERROR, true);
    }

    /**
     * Lets every call fail whose description passes a test, such as {@code "create wal/000002-00.seg"} or
     * {@code "force wal/000001-00.seg"}.
     *
     * @param message of the exception
     */
    public synchronized void refuse(Predicate<String> calls, String message) {
        faults.refuse(calls, message);
    }

    /** Lets the next call that passes a test fail as {@link #refuse} would, once. */
    public synchronized void failAtNext(Predicate<String> calls) {
        faults.failAtNext(calls);
    }

    /** Takes back {@link #failAt}, {@link #failFrom} and {@link #refuse}. */
    public synchronized void failNoMore() {
        faults.failNoMore();
    }

    /** From now on the directory has this fault, until it is null. */
    public synchronized void setPathFault(@Nullable PathFault kind) {
        faults.setPathFault(kind);
    }

    /** From now on no page of the maps of these paths is delivered, of those that are open too. */
    public void failMaps(Predicate<String> paths) {
        faultyMaps = paths;
    }

    /** From now on nothing can be linked, as between file systems. */
    public synchronized void refuseLinks() {
        links = false;
    }

    /** Free bytes from now on; writes that need more fail with "No space left on device" after what fits. */
    public synchronized void setFreeBytes(long bytes) {
        long used = tree.used();
        capacity = bytes > Long.MAX_VALUE - used ? Long.MAX_VALUE : used + bytes;
    }

    /** Maps that are not closed. */
    public synchronized int openMaps() {
        return openMaps;
    }

    /** What the least lucky power loss would leave now; this instance goes on. */
    public synchronized SimulatedFileSystem durableCopy() {
        return new SimulatedFileSystem(tree.durableCopy());
    }

    /** Flips bits of a byte of a file as a decaying disk would, seen and durable alike. */
    public synchronized void damage(String path, long offset, int xor) {
        tree.damage(path, offset, xor);
    }

    /** Puts a whole file there, durably; replaces one of that path. Not a counted call. */
    public synchronized void put(String path, byte[] bytes) {
        tree.put(path, bytes);
    }

    /** The disk after a power loss; the same seed gives the same outcome. This instance is dead from now on. */
    public synchronized SimulatedFileSystem crash(long seed) {
        faults.die("power loss");
        return new SimulatedFileSystem(tree.afterPowerLoss(seed));
    }

    /** The disk as the next process finds it after kill -9; still not durable. This instance is dead from now on. */
    public synchronized SimulatedFileSystem killProcess() {
        faults.die("killed");
        SimulatedFileSystem next = new SimulatedFileSystem(tree.copy());
        next.capacity = capacity;
        return next;
    }

    // ---- FileSystem

    @Override
    public String describe() {
        return "(simulated)";
    }

    @Override
    public synchronized void createDirectories(String path) throws IOException {
        faults.call("create directory " + path);
        tree.createDirectories(path);
    }

    @Override
    public synchronized List<String> list(String path) throws IOException {
        faults.call("list " + path);
        return tree.names(path);
    }

    @Override
    public synchronized boolean exists(String path) throws IOException {
        faults.call("look for " + path);
        return tree.has(path);
    }

    @Override
    public synchronized long size(String path) throws IOException {
        faults.call("size of " + path);
        return tree.existing(path).size();
    }

    @Override
    public synchronized WritableFile create(String path) throws IOException {
        faults.call("create " + path);
        return new SimulatedFile(this, faults, path, tree.create(path));
    }

    @Override
    public synchronized WritableFile open(String path) throws IOException {
        faults.call("open " + path);
        return new SimulatedFile(this, faults, path, tree.existing(path));
    }

    @Override
    public synchronized byte[] read(String path, long maxBytes) throws IOException {
        faults.call("read " + path);
        SimulatedContent content = tree.existing(path);
        if (content.size() > maxBytes) {
            throw new CorruptFileException(path, 0, "at most " + maxBytes + " bytes", content.size() + " bytes");
        }
        return content.bytes();
    }

    @Override
    public synchronized MappedRegion map(String path) throws IOException {
        faults.call("map " + path);
        byte[] bytes = tree.existing(path).bytes();
        openMaps++;
        MappedRegion region = WindowedRegion.of(
                path, bytes.length, (offset, length) -> ByteBuffer.wrap(bytes, (int) offset, length), this::unmapped);
        return new FaultyRegion(region, () -> faultyMaps.test(path));
    }

    private synchronized void unmapped() {
        openMaps--;
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        faults.call("rename " + from);
        tree.rename(from, to);
    }

    @Override
    public synchronized void renameDirectory(String from, String to) throws IOException {
        faults.call("rename directory " + from);
        tree.renameDirectory(from, to);
    }

    @Override
    public synchronized boolean link(String from, FileSystem target, String to) throws IOException {
        faults.call("link " + from);
        if (target != this || !links) {
            return false;
        }
        tree.link(from, to);
        return true;
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        faults.call("delete " + path);
        tree.delete(path);
    }

    @Override
    public synchronized void forceDirectory(String path) throws IOException {
        faults.call("force directory " + path);
        tree.force(path);
    }

    @Override
    public synchronized long usableBytes() {
        return capacity == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, capacity - tree.used());
    }

    @Override
    public synchronized void lock(String path) throws IOException {
        faults.call("lock " + path);
        if (lock != null) {
            throw new StoreLockedException("cannot open " + describe() + ": locked by this process");
        }
        lock = path;
        if (!tree.hasFile(path)) {
            tree.create(path);
        }
    }

    @Override
    public synchronized void close() {
        lock = null;
    }
}
