package io.varve.core.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

    /**
     * A change of the directory tree that is not durable yet. {@code content} is null for a removal; {@code movedTo} is
     * there if the path is a directory that got this name.
     */
    private record Entry(
            String path, @Nullable SimulatedContent content, int number, int needs, @Nullable String movedTo) {}

    private final Map<String, SimulatedContent> durableFiles;
    private final Map<String, SimulatedContent> files;
    private final Set<String> directories;
    private final List<Entry> pending = new ArrayList<>();
    private int entries;

    private long calls;
    private long faultAt = Long.MAX_VALUE;
    private boolean faultForGood;
    private Fault fault = Fault.IO_ERROR;
    private Predicate<String> refused = call -> false;
    private String refusal = "";
    private long capacity = Long.MAX_VALUE;
    private @Nullable String dead;
    private @Nullable String lock;
    private int openMaps;
    private boolean links = true;
    private @Nullable PathFault pathFault;
    private volatile Predicate<String> faultyMaps = path -> false;

    /** An empty disk. */
    public SimulatedFileSystem() {
        this(new TreeMap<>(), new TreeMap<>(), new TreeSet<>(Set.of("")));
    }

    private SimulatedFileSystem(
            Map<String, SimulatedContent> durableFiles, Map<String, SimulatedContent> files, Set<String> directories) {
        this.durableFiles = durableFiles;
        this.files = files;
        this.directories = directories;
    }

    // ---- what tests do with it

    /** Counted calls so far. */
    public synchronized long ioCalls() {
        return calls;
    }

    /** Lets the n-th counted call from now (1 is the next) fail, once. Replaces an earlier order. */
    public synchronized void failAt(long n, Fault kind) {
        faultAt = calls + n;
        faultForGood = false;
        fault = kind;
    }

    /** Lets the n-th counted call from now and all that follow fail with an {@link IOException}. */
    public synchronized void failFrom(long n) {
        failAt(n, Fault.IO_ERROR);
        faultForGood = true;
    }

    /**
     * Lets every call fail whose description passes a test, such as {@code "create wal/000002-00.seg"} or
     * {@code "force wal/000001-00.seg"}.
     *
     * @param message of the exception
     */
    public synchronized void refuse(Predicate<String> calls, String message) {
        refused = calls;
        refusal = message;
    }

    /** Lets the next call that passes a test fail as {@link #refuse} would, once. */
    public synchronized void failAtNext(Predicate<String> calls) {
        refusal = "Input/output error";
        refused = call -> {
            boolean fails = calls.test(call);
            if (fails) {
                refused = other -> false;
            }
            return fails;
        };
    }

    /** Takes back {@link #failAt}, {@link #failFrom} and {@link #refuse}. */
    public synchronized void failNoMore() {
        refused = call -> false;
        faultAt = Long.MAX_VALUE;
        faultForGood = false;
    }

    /** From now on the directory has this fault, until it is null. */
    public synchronized void setPathFault(@Nullable PathFault kind) {
        pathFault = kind;
    }

    /** Free bytes from now on; writes that need more fail with "No space left on device" after what fits. */
    public synchronized void setFreeBytes(long bytes) {
        capacity = bytes > Long.MAX_VALUE - used() ? Long.MAX_VALUE : used() + bytes;
    }

    /** Maps that are not closed. */
    public synchronized int openMaps() {
        return openMaps;
    }

    /** What the least lucky power loss would leave now; this instance goes on. */
    public synchronized SimulatedFileSystem durableCopy() {
        Map<String, SimulatedContent> tree = new TreeMap<>(durableFiles);
        Map<SimulatedContent, SimulatedContent> copies = new HashMap<>();
        tree.replaceAll((path, content) -> copies.computeIfAbsent(content, SimulatedContent::durableCopy));
        return new SimulatedFileSystem(new TreeMap<>(tree), tree, new TreeSet<>(directories));
    }

    /** Flips bits of a byte of a file as a decaying disk would, seen and durable alike. */
    public synchronized void damage(String path, long offset, int xor) {
        SimulatedContent content = file(path);
        byte[] bytes = content.bytes();
        bytes[(int) offset] ^= (byte) xor;
        content.write(offset, new byte[] {bytes[(int) offset]});
        content.force();
    }

    /** Puts a whole file there, durably; replaces one of that path. Not a counted call. */
    public synchronized void put(String path, byte[] bytes) {
        SimulatedContent content = new SimulatedContent();
        content.write(0, bytes);
        content.force();
        files.put(path, content);
        durableFiles.put(path, content);
        pending.removeIf(entry -> entry.path().equals(path));
    }

    /** The disk after a power loss; the same seed gives the same outcome. This instance is dead from now on. */
    public synchronized SimulatedFileSystem crash(long seed) {
        die("power loss");
        Random random = new Random(seed);
        Map<String, SimulatedContent> tree = new TreeMap<>(durableFiles);
        Set<Integer> kept = new TreeSet<>();
        int mood = random.nextInt(4);
        Set<String> named = new TreeSet<>(directories);
        for (Entry entry : pending) {
            boolean possible = entry.needs() < 0 || kept.contains(entry.needs());
            boolean keep = mood == 1 || (mood > 1 && random.nextBoolean());
            if (possible && keep) {
                apply(tree, entry);
                kept.add(entry.number());
            } else if (entry.movedTo() != null) {
                moveDirectories(named, entry.movedTo(), entry.path());
            }
        }
        Map<SimulatedContent, SimulatedContent> copies = new HashMap<>();
        tree.replaceAll((path, content) -> copies.computeIfAbsent(content, c -> c.afterPowerLoss(random)));
        return new SimulatedFileSystem(new TreeMap<>(tree), tree, named);
    }

    /** The disk as the next process finds it after kill -9; still not durable. This instance is dead from now on. */
    public synchronized SimulatedFileSystem killProcess() {
        die("killed");
        Map<SimulatedContent, SimulatedContent> copies = new HashMap<>();
        Map<String, SimulatedContent> durable = new TreeMap<>(durableFiles);
        durable.replaceAll((path, content) -> copies.computeIfAbsent(content, SimulatedContent::copy));
        Map<String, SimulatedContent> tree = new TreeMap<>(files);
        tree.replaceAll((path, content) -> copies.computeIfAbsent(content, SimulatedContent::copy));
        SimulatedFileSystem next = new SimulatedFileSystem(durable, tree, new TreeSet<>(directories));
        for (Entry entry : pending) {
            SimulatedContent content =
                    entry.content() == null ? null : copies.computeIfAbsent(entry.content(), SimulatedContent::copy);
            next.pending.add(new Entry(entry.path(), content, entry.number(), entry.needs(), entry.movedTo()));
        }
        next.entries = entries;
        next.capacity = capacity;
        return next;
    }

    private void die(String how) {
        if (dead == null) {
            dead = how;
        }
    }

    // ---- FileSystem

    @Override
    public String describe() {
        return "(simulated)";
    }

    @Override
    public synchronized void createDirectories(String path) throws IOException {
        call("create directory " + path);
        for (String at = check(path); !at.isEmpty(); at = parent(at)) {
            directories.add(at);
        }
    }

    @Override
    public synchronized List<String> list(String path) throws IOException {
        call("list " + path);
        Set<String> names = new TreeSet<>();
        for (Set<String> some : List.of(files.keySet(), directories)) {
            for (String known : some) {
                if (!known.isEmpty() && parent(known).equals(check(path))) {
                    names.add(known.substring(known.lastIndexOf('/') + 1));
                }
            }
        }
        return List.copyOf(names);
    }

    @Override
    public synchronized boolean exists(String path) throws IOException {
        call("look for " + path);
        return files.containsKey(check(path)) || directories.contains(path);
    }

    @Override
    public synchronized long size(String path) throws IOException {
        call("size of " + path);
        return existing(path).size();
    }

    @Override
    public synchronized WritableFile create(String path) throws IOException {
        call("create " + path);
        if (files.containsKey(check(path)) || directories.contains(path)) {
            throw new FileAlreadyExistsException(path);
        }
        if (!directories.contains(parent(path))) {
            throw new NoSuchFileException(path);
        }
        SimulatedContent content = new SimulatedContent();
        change(path, content, -1);
        return new SimulatedFile(this, path, content);
    }

    @Override
    public synchronized WritableFile open(String path) throws IOException {
        call("open " + path);
        return new SimulatedFile(this, path, existing(path));
    }

    @Override
    public synchronized byte[] read(String path, long maxBytes) throws IOException {
        call("read " + path);
        SimulatedContent content = existing(path);
        if (content.size() > maxBytes) {
            throw new CorruptFileException(path, 0, "at most " + maxBytes + " bytes", content.size() + " bytes");
        }
        return content.bytes();
    }

    @Override
    public synchronized MappedRegion map(String path) throws IOException {
        call("map " + path);
        byte[] bytes = existing(path).bytes();
        openMaps++;
        MappedRegion region = WindowedRegion.of(
                path, bytes.length, (offset, length) -> ByteBuffer.wrap(bytes, (int) offset, length), this::unmapped);
        return new FaultyRegion(region, () -> faultyMaps.test(path));
    }

    /** From now on no page of the maps of these paths is delivered, of those that are open too. */
    public void failMaps(Predicate<String> paths) {
        faultyMaps = paths;
    }

    private synchronized void unmapped() {
        openMaps--;
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        call("rename " + from);
        SimulatedContent content = existing(from);
        if (!directories.contains(parent(check(to)))) {
            throw new NoSuchFileException(to);
        }
        int linked = change(to, content, -1);
        if (!from.equals(to)) {
            change(from, null, linked);
        }
    }

    @Override
    public synchronized void renameDirectory(String from, String to) throws IOException {
        call("rename directory " + from);
        if (!directories.contains(check(from)) || !directories.contains(parent(check(to)))) {
            throw new NoSuchFileException(from);
        }
        if (!list(files.keySet(), to).isEmpty() || !list(directories, to).isEmpty()) {
            throw new java.nio.file.DirectoryNotEmptyException(to);
        }
        Entry entry = new Entry(from, null, entries++, -1, to);
        pending.add(entry);
        apply(files, entry);
        directories.remove(to);
        moveDirectories(directories, from, to);
    }

    private static List<String> list(Set<String> paths, String directory) {
        return paths.stream().filter(path -> path.startsWith(directory + "/")).toList();
    }

    @Override
    public synchronized boolean link(String from, FileSystem target, String to) throws IOException {
        call("link " + from);
        if (target != this || !links) {
            return false;
        }
        if (files.containsKey(check(to))) {
            throw new FileAlreadyExistsException(to);
        }
        if (!directories.contains(parent(to))) {
            throw new NoSuchFileException(to);
        }
        change(to, existing(from), -1);
        return true;
    }

    /** From now on nothing can be linked, as between file systems. */
    public synchronized void refuseLinks() {
        links = false;
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        call("delete " + path);
        if (files.containsKey(check(path))) {
            change(path, null, -1);
        } else if (directories.contains(path)) {
            if (!list(files.keySet(), path).isEmpty()
                    || !list(directories, path).isEmpty()) {
                throw new java.nio.file.DirectoryNotEmptyException(path);
            }
            directories.remove(path);
        }
    }

    @Override
    public synchronized void forceDirectory(String path) throws IOException {
        call("force directory " + path);
        if (!directories.contains(check(path))) {
            throw new NoSuchFileException(path);
        }
        List<Entry> rest = new ArrayList<>();
        Set<Integer> waiting = new TreeSet<>();
        for (Entry entry : pending) {
            if (parent(entry.path()).equals(path) && !waiting.contains(entry.needs())) {
                apply(durableFiles, entry);
            } else {
                rest.add(entry);
                waiting.add(entry.number());
            }
        }
        Set<Integer> left = waiting;
        pending.clear();
        // An entry whose condition has become durable stands alone from now on.
        rest.forEach(entry -> pending.add(
                left.contains(entry.needs())
                        ? entry
                        : new Entry(entry.path(), entry.content(), entry.number(), -1, entry.movedTo())));
    }

    @Override
    public synchronized long usableBytes() {
        return capacity == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, capacity - used());
    }

    @Override
    public synchronized void lock(String path) throws IOException {
        call("lock " + path);
        if (lock != null) {
            throw new StoreLockedException("cannot open " + describe() + ": locked by this process");
        }
        lock = path;
        if (!files.containsKey(check(path))) {
            change(path, new SimulatedContent(), -1);
        }
    }

    @Override
    public synchronized void close() {
        lock = null;
    }

    // ---- the tree

    private int change(String path, @Nullable SimulatedContent content, int needs) {
        Entry entry = new Entry(path, content, entries++, needs, null);
        pending.add(entry);
        apply(files, entry);
        return entry.number();
    }

    private static void apply(Map<String, SimulatedContent> tree, Entry entry) {
        if (entry.movedTo() != null) {
            move(tree, entry.path(), entry.movedTo());
        } else if (entry.content() == null) {
            tree.remove(entry.path());
        } else {
            tree.put(entry.path(), entry.content());
        }
    }

    private static void move(Map<String, SimulatedContent> tree, String from, String to) {
        Map<String, SimulatedContent> moved = new TreeMap<>();
        tree.forEach((path, content) -> {
            if (path.startsWith(from + "/")) {
                moved.put(to + path.substring(from.length()), content);
            }
        });
        tree.keySet().removeIf(path -> path.startsWith(from + "/"));
        tree.putAll(moved);
    }

    private static void moveDirectories(Set<String> all, String from, String to) {
        List<String> moved = all.stream()
                .filter(path -> path.equals(from) || path.startsWith(from + "/"))
                .toList();
        moved.forEach(all::remove);
        moved.forEach(path -> all.add(to + path.substring(from.length())));
    }

    private SimulatedContent existing(String path) throws NoSuchFileException {
        SimulatedContent content = files.get(check(path));
        if (content == null) {
            throw new NoSuchFileException(path);
        }
        return content;
    }

    private SimulatedContent file(String path) {
        SimulatedContent content = files.get(path);
        if (content == null) {
            throw new IllegalArgumentException("a file that is there: path=" + path);
        }
        return content;
    }

    private long used() {
        Map<SimulatedContent, Integer> distinct = new HashMap<>();
        files.values().forEach(content -> distinct.put(content, content.size()));
        return distinct.values().stream().mapToLong(Integer::longValue).sum();
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static String check(String path) {
        if (path.startsWith("/") || path.contains("..") || path.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("a path below the root: path=" + path);
        }
        return path;
    }

    // ---- faults

    /** Counts a call; true if it has to fail with an I/O error. Throws if the machine has stopped, or stops now. */
    boolean count(String what) throws IOException {
        if (dead != null) {
            throw new SimulatedCrash(dead);
        }
        calls++;
        if (refused.test(what)) {
            throw new IOException(refusal);
        }
        if (calls == faultAt || (faultForGood && calls > faultAt)) {
            if (fault == Fault.CRASH) {
                dead = what;
            }
            return true;
        }
        return false;
    }

    void call(String what) throws IOException {
        if (count(what)) {
            stopIfDead();
            throw new IOException("Input/output error: " + what);
        }
        PathFault kind = pathFault;
        if (kind != null && kind.hits(what)) {
            throw new IOException(kind.message() + ": " + what);
        }
    }

    void stopIfDead() {
        if (dead != null) {
            throw new SimulatedCrash(dead);
        }
    }
}
