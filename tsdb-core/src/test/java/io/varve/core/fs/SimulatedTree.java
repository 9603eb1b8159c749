package io.varve.core.fs;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
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
import org.jspecify.annotations.Nullable;

/**
 * The names on a simulated disk and what they stand for: as the disk holds them for sure, as a process sees them, and
 * the changes between the two. Directories themselves are durable when made. Not safe for several threads; guarded by
 * the lock of its file system.
 */
final class SimulatedTree {

    /**
     * A change that is not durable yet. {@code content} is null for a removal; {@code needs} is the number of the change
     * that this one cannot be durable without, or -1; {@code movedTo} is there if the path is a directory that got this
     * name.
     */
    private record Entry(
            String path, @Nullable SimulatedContent content, int number, int needs, @Nullable String movedTo) {}

    private final Map<String, SimulatedContent> durable;
    private final Map<String, SimulatedContent> seen;
    private final Set<String> directories;
    private final List<Entry> pending = new ArrayList<>();
    private int entries;

    /** Of an empty disk. */
    SimulatedTree() {
        this(new TreeMap<>(), new TreeMap<>(), Set.of(""));
    }

    private SimulatedTree(
            Map<String, SimulatedContent> durable, Map<String, SimulatedContent> seen, Set<String> directories) {
        this.durable = durable;
        this.seen = seen;
        this.directories = new TreeSet<>(directories);
    }

    // ---- names

    boolean hasFile(String path) {
        return seen.containsKey(check(path));
    }

    boolean has(String path) {
        return hasFile(path) || directories.contains(path);
    }

    SimulatedContent existing(String path) throws NoSuchFileException {
        SimulatedContent content = seen.get(check(path));
        if (content == null) {
            throw new NoSuchFileException(path);
        }
        return content;
    }

    /** Names in a directory. */
    List<String> names(String directory) {
        Set<String> names = new TreeSet<>();
        for (Set<String> some : List.of(seen.keySet(), directories)) {
            for (String known : some) {
                if (!known.isEmpty() && parent(known).equals(check(directory))) {
                    names.add(known.substring(known.lastIndexOf('/') + 1));
                }
            }
        }
        return List.copyOf(names);
    }

    /** Bytes of all files, of which several names have some. */
    long used() {
        Map<SimulatedContent, Integer> distinct = new HashMap<>();
        seen.values().forEach(content -> distinct.put(content, content.size()));
        return distinct.values().stream().mapToLong(Integer::longValue).sum();
    }

    private void mustBeEmpty(String directory) throws DirectoryNotEmptyException {
        for (Set<String> some : List.of(seen.keySet(), directories)) {
            if (some.stream().anyMatch(path -> path.startsWith(directory + "/"))) {
                throw new DirectoryNotEmptyException(directory);
            }
        }
    }

    private void mustHaveParent(String path) throws NoSuchFileException {
        if (!directories.contains(parent(check(path)))) {
            throw new NoSuchFileException(path);
        }
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

    // ---- changes as a process makes them

    void createDirectories(String path) {
        for (String at = check(path); !at.isEmpty(); at = parent(at)) {
            directories.add(at);
        }
    }

    SimulatedContent create(String path) throws IOException {
        if (has(path)) {
            throw new FileAlreadyExistsException(path);
        }
        mustHaveParent(path);
        SimulatedContent content = new SimulatedContent();
        change(path, content, -1);
        return content;
    }

    void rename(String from, String to) throws IOException {
        SimulatedContent content = existing(from);
        mustHaveParent(to);
        int linked = change(to, content, -1);
        if (!from.equals(to)) {
            change(from, null, linked);
        }
    }

    void renameDirectory(String from, String to) throws IOException {
        if (!directories.contains(check(from)) || !directories.contains(parent(check(to)))) {
            throw new NoSuchFileException(from);
        }
        mustBeEmpty(to);
        Entry entry = new Entry(from, null, entries++, -1, to);
        pending.add(entry);
        apply(seen, entry);
        directories.remove(to);
        moveDirectories(directories, from, to);
    }

    void link(String from, String to) throws IOException {
        if (hasFile(to)) {
            throw new FileAlreadyExistsException(to);
        }
        mustHaveParent(to);
        change(to, existing(from), -1);
    }

    void delete(String path) throws IOException {
        if (hasFile(path)) {
            change(path, null, -1);
        } else if (directories.contains(path)) {
            mustBeEmpty(path);
            directories.remove(path);
        }
    }

    /** Makes the changes of a directory durable, but for those that need a change of another one. */
    void force(String directory) throws IOException {
        if (!directories.contains(check(directory))) {
            throw new NoSuchFileException(directory);
        }
        List<Entry> rest = new ArrayList<>();
        Set<Integer> waiting = new TreeSet<>();
        for (Entry entry : pending) {
            if (parent(entry.path()).equals(directory) && !waiting.contains(entry.needs())) {
                apply(durable, entry);
            } else {
                rest.add(entry);
                waiting.add(entry.number());
            }
        }
        pending.clear();
        // An entry whose condition has become durable stands alone from now on.
        rest.forEach(entry -> pending.add(
                waiting.contains(entry.needs())
                        ? entry
                        : new Entry(entry.path(), entry.content(), entry.number(), -1, entry.movedTo())));
    }

    private int change(String path, @Nullable SimulatedContent content, int needs) {
        Entry entry = new Entry(path, content, entries++, needs, null);
        pending.add(entry);
        apply(seen, entry);
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

    // ---- changes that nobody asked for

    void damage(String path, long offset, int xor) {
        SimulatedContent content = seen.get(path);
        if (content == null) {
            throw new IllegalArgumentException("a file that is there: path=" + path);
        }
        content.write(offset, new byte[] {(byte) (content.bytes()[(int) offset] ^ xor)});
        content.force();
    }

    void put(String path, byte[] bytes) {
        SimulatedContent content = new SimulatedContent();
        content.write(0, bytes);
        content.force();
        seen.put(path, content);
        durable.put(path, content);
        pending.removeIf(entry -> entry.path().equals(path));
    }

    // ---- what is left of it

    /** With nothing that is not durable. */
    SimulatedTree durableCopy() {
        Map<String, SimulatedContent> tree = new TreeMap<>(durable);
        Map<SimulatedContent, SimulatedContent> copies = new HashMap<>();
        tree.replaceAll((path, content) -> copies.computeIfAbsent(content, SimulatedContent::durableCopy));
        return new SimulatedTree(new TreeMap<>(tree), tree, directories);
    }

    /** With some of what is not durable; the same seed gives the same outcome. */
    SimulatedTree afterPowerLoss(long seed) {
        Random random = new Random(seed);
        Map<String, SimulatedContent> tree = new TreeMap<>(durable);
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
        return new SimulatedTree(new TreeMap<>(tree), tree, named);
    }

    /** With all that a process saw, as durable as it was. */
    SimulatedTree copy() {
        Map<SimulatedContent, SimulatedContent> copies = new HashMap<>();
        SimulatedTree next = new SimulatedTree(copy(durable, copies), copy(seen, copies), directories);
        for (Entry entry : pending) {
            SimulatedContent content =
                    entry.content() == null ? null : copies.computeIfAbsent(entry.content(), SimulatedContent::copy);
            next.pending.add(new Entry(entry.path(), content, entry.number(), entry.needs(), entry.movedTo()));
        }
        next.entries = entries;
        return next;
    }

    private static Map<String, SimulatedContent> copy(
            Map<String, SimulatedContent> tree, Map<SimulatedContent, SimulatedContent> copies) {
        Map<String, SimulatedContent> copy = new TreeMap<>(tree);
        copy.replaceAll((path, content) -> copies.computeIfAbsent(content, SimulatedContent::copy));
        return copy;
    }
}
