package io.varve.core;

import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.compact.RawFloors;
import io.varve.core.compact.RollupCutoffs;
import io.varve.core.fs.FileSystem;
import io.varve.core.head.Generation;
import io.varve.core.head.HeadDeletions;
import io.varve.core.ingest.Freezer;
import io.varve.core.ingest.ReaderWatch;
import io.varve.core.model.Deletion;
import io.varve.core.model.TimeRange;
import io.varve.core.read.Deletions;
import io.varve.core.read.Rollups;
import io.varve.core.read.View;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * The structure of an open store: its view, its manifest, and how both change. Every change forces the manifest first
 * and swaps the view then, so that what readers see is what a restart finds.
 *
 * <p>Changes are made by the agent (freezing) and by upkeep (sealing, merging, retention), under this object's lock;
 * readers only pin the current view.
 */
final class Store implements Freezer, ReaderWatch {

    static final String BLOCKS = "blocks";

    /** Epochs of references that are reserved at a time: at each opening, and when half of them are used. */
    static final int EPOCHS = 1_024;

    private static final int MAX_FROZEN = 2;

    /**
     * About what a series takes in the log with its labels. Where logging all of them again would fill a 32nd of a
     * generation's log, a checkpoint of the registry is worth its file.
     */
    private static final int LABEL_BYTES = 40;

    /**
     * Samples' worth of log below which a span of time alone does not freeze, so that backfill makes no tiny blocks.
     */
    private static final long SPAN_LOG_BYTES = 8L << 20;

    private final FileSystem files;
    private final TsdbConfig config;
    private final TsdbRuntime runtime;
    private final long spanTicks;
    private final BlockFiles blockFiles;
    private Runnable onFrozen = () -> {};
    private Runnable onSealed = () -> {};

    private volatile View view;
    private volatile Manifest manifest;

    private long epoch;

    /** Views that somebody may still read, oldest first, each with its place in their order. */
    private final ArrayDeque<OldView> old = new ArrayDeque<>();

    private long viewNumber;

    private final StoreDeletions deletions;

    /** Log position at which each generation of the view begins. */
    private final TreeMap<Long, Long> starts;

    private long activeSinceNanos;
    private int decisions;
    private Pressure memory = Pressure.NONE;
    private volatile boolean closed;

    private enum Pressure {
        NONE,
        FREEZE,
        REFUSE
    }

    private record OldView(View view, long number) {}

    /**
     * A store as it was opened.
     *
     * @param epoch the first of the reserved epochs, which is in use
     * @param deletions what the list of deletions on disk holds
     * @param starts where each generation of the view begins in the log
     */
    Store(
            FileSystem files,
            TsdbConfig config,
            TsdbRuntime runtime,
            Manifest manifest,
            long epoch,
            View view,
            DeletionFile deletions,
            Map<Long, Long> starts) {
        this.files = files;
        this.blockFiles = new BlockFiles(files);
        this.config = config;
        this.runtime = runtime;
        this.manifest = manifest;
        this.epoch = epoch;
        this.view = view;
        this.deletions = new StoreDeletions(files, deletions);
        this.starts = new TreeMap<>(starts);
        spanTicks = config.resolution().ticksOfMillis(config.blockSpan().toMillis());
        activeSinceNanos = runtime.clock().nanoTime();
    }

    /** What runs, on the agent's thread, whenever a generation was frozen; it must not block. */
    void onFrozen(Runnable action) {
        onFrozen = action;
    }

    /** What runs, on the sealing thread, whenever a generation was sealed; it must not block. */
    void onSealed(Runnable action) {
        onSealed = action;
    }

    FileSystem files() {
        return files;
    }

    /** Where the files of blocks go when they are no longer live. */
    BlockFiles blockFiles() {
        return blockFiles;
    }

    /** The current view, pinned for the caller. */
    View pinnedView() {
        while (true) {
            View current = view;
            if (current.pin()) {
                return current;
            }
            if (closed) {
                throw new IllegalStateException("a store is not used after close: directory=" + files.describe());
            }
        }
    }

    /** The manifest as it stands, without waiting for one that is being saved. */
    Manifest manifest() {
        return manifest;
    }

    @Override
    public Decision decide(Generation active, long logBytes) {
        List<Generation> generations = view.generations();
        if (decisions++ % 64 == 0) {
            memory = pressure(active, generations);
            active.deferPages(active.bytes() < config.headBytes() / 4); // raw values cost memory, pages cost time
        }
        boolean spanned = active.samples() > 0 && active.maxTime() - active.minTime() >= spanTicks;
        boolean full = memory == Pressure.FREEZE
                || logBytes >= config.walBytes()
                || spanned && (logBytes >= SPAN_LOG_BYTES || openLongEnough());
        if (full && generations.size() <= MAX_FROZEN) {
            return Decision.FREEZE;
        }
        boolean logFull = full && logBytes >= 2 * config.walBytes();
        return logFull || memory == Pressure.REFUSE ? Decision.REFUSE : Decision.CONTINUE;
    }

    /**
     * What the head's memory calls for. What series need stays; the samples' part is for two generations, one that is
     * sealed and one that is active. To freeze another while one is being sealed would not free memory any sooner.
     */
    private Pressure pressure(Generation active, List<Generation> generations) {
        long samples = config.headBytes() - active.registry().seriesBytes();
        long held = generations.stream().mapToLong(Generation::bytes).sum();
        if (generations.size() == 1) {
            return held > samples / 2 ? Pressure.FREEZE : Pressure.NONE;
        }
        return held > samples ? Pressure.REFUSE : Pressure.NONE;
    }

    private boolean openLongEnough() {
        return runtime.clock().nanoTime() - activeSinceNanos
                >= config.blockSpan().toNanos();
    }

    @Override
    public Generation next(Generation active) {
        long relogged = (long) active.registry().size() * LABEL_BYTES;
        return relogged > config.walBytes() / 32
                ? active.inheriting(active.id() + 1)
                : active.following(active.id() + 1);
    }

    @Override
    public synchronized void frozen(Generation old, Generation fresh, long start) {
        List<Generation> generations = new ArrayList<>(view.generations());
        generations.add(fresh);
        starts.put(fresh.id(), start);
        swap(view.with(view.blocks(), generations, view.losses(), view.deletions()));
        activeSinceNanos = runtime.clock().nanoTime();
        memory = Pressure.NONE;
        decisions = 0;
        onFrozen.run();
    }

    /** Notes in the generations what lies before the deletion, then lets readers mind it. */
    @Override
    public void deleted(Deletion deletion) {
        View pinned = pinnedView();
        try {
            HeadDeletions.apply(deletion, pinned.generations());
        } finally {
            pinned.unpin();
        }
        synchronized (this) {
            swap(view.with(
                    view.blocks(),
                    view.generations(),
                    view.losses(),
                    view.deletions().with(deletion)));
        }
    }

    /** Deletions that no power loss takes away: in the list, or durable in the log. */
    synchronized Deletions deletions(LongPredicate durable) {
        long logStart = manifest.logStart();
        return view.deletions().only(position -> position < logStart || durable.test(position));
    }

    int liveDeletions() {
        return view.deletions().live().size();
    }

    private void swap(View fresh) {
        View before = view;
        view = fresh;
        before.unpin();
        old.add(new OldView(before, viewNumber++));
        old.removeIf(entry -> entry.view().isReleased());
    }

    @Override
    public void withGenerations(Consumer<List<Generation>> work) {
        View pinned = pinnedView();
        try {
            work.accept(pinned.generations());
        } finally {
            pinned.unpin();
        }
    }

    @Override
    public synchronized long mark() {
        swap(view.with(view.blocks(), view.generations(), view.losses(), view.deletions()));
        return viewNumber;
    }

    @Override
    public synchronized boolean haveGone(long mark) {
        old.removeIf(entry -> entry.view().isReleased());
        OldView oldest = old.peek();
        return oldest == null || oldest.number() >= mark;
    }

    @Override
    public synchronized long nextEpoch() {
        return epoch < manifest.epoch() ? ++epoch : -1;
    }

    /** Reserves epochs in time; the manifest is saved for other reasons anyway. */
    private Manifest withEpochs(Manifest fresh) {
        return fresh.epoch() - epoch < EPOCHS / 2 ? fresh.withEpoch(fresh.epoch() + EPOCHS) : fresh;
    }

    /** Log position at which a generation of the view begins. */
    synchronized long start(Generation generation) {
        Long start = starts.get(generation.id());
        if (start == null) {
            throw new AssertionError("BUG: no start of generation " + generation.id());
        }
        return start;
    }

    /** Takes a number for a new block; numbers are never used twice, even if the block is not finished. */
    synchronized String newBlockId() throws IOException {
        long number = manifest.nextBlock();
        save(manifest.withNextBlock(number + 1));
        return String.format("%012d", number);
    }

    /**
     * A frozen generation lies in a block now (or had nothing in it): the log up to the next generation is no longer
     * needed.
     *
     * @param sealed the block, or none; the view holds it from now on
     * @return position up to which the log can be deleted
     */
    synchronized long sealed(Generation generation, List<BlockReader> sealed) throws IOException {
        Generation following = view.generations().get(view.generations().indexOf(generation) + 1);
        long logStart = start(following);
        List<BlockReader> blocks = new ArrayList<>(view.blocks());
        blocks.addAll(sealed);
        Deletions needed = StoreEntries.needed(view, blocks, view.rollups(), manifest, logStart);
        long list = deletions.save(needed, logStart); // before the log that holds them can go
        save(withEpochs(manifest.withLogStart(logStart)
                .withBlocks(StoreEntries.of(view, blocks, view.rollups(), manifest))
                .withDeletions(list)));
        List<Generation> generations = new ArrayList<>(view.generations());
        generations.remove(generation);
        starts.remove(generation.id());
        swap(view.with(blocks, generations, view.losses(), needed));
        onSealed.run();
        return logStart;
    }

    /**
     * What is sealed at one moment.
     *
     * @param view pinned for the caller
     * @param manifest names the blocks of the view alone; those that are missing are losses in it
     * @param logStart where the log of what is not sealed begins
     * @param generation the generation that begins there
     */
    record Sealed(View view, Manifest manifest, long logStart, long generation) {}

    /** What is sealed, for whoever copies it; the caller holds the files of blocks. */
    synchronized Sealed sealed() {
        View pinned = pinnedView();
        Generation first = pinned.generations().get(0);
        long logStart = start(first);
        List<String> open = StoreEntries.openIds(pinned);
        List<Manifest.Block> blocks =
                manifest.blocks().stream().filter(b -> open.contains(b.id())).toList();
        List<Manifest.Loss> missing = manifest.blocks().stream()
                .filter(b -> !open.contains(b.id()) && b.rollup() == null)
                .map(b -> Manifest.Loss.of(lossOf(b, "block " + blockPath(b.id()) + " was missing")))
                .toList();
        Manifest copy = manifest.withLogStart(logStart).withBlocks(blocks).withMoreLosses(missing);
        return new Sealed(pinned, copy, logStart, first.id());
    }

    /** Blocks are replaced by one that holds the same samples, or by none. */
    synchronized void replaced(List<BlockMeta> old, List<BlockReader> replacement) throws IOException {
        List<String> gone = old.stream().map(BlockMeta::id).toList();
        List<BlockReader> blocks = new ArrayList<>();
        boolean placed = false;
        for (BlockReader block : view.blocks()) {
            if (!gone.contains(block.meta().id())) {
                blocks.add(block);
            } else if (!placed) {
                blocks.addAll(replacement);
                placed = true;
            }
        }
        Deletions needed = StoreEntries.needed(view, blocks, view.rollups(), manifest, manifest.logStart());
        save(manifest.withBlocks(StoreEntries.of(view, blocks, view.rollups(), manifest)));
        gone.forEach(needed::forget);
        swap(view.with(blocks, view.generations(), view.losses(), needed));
    }

    /**
     * Rollups take the place of others.
     *
     * @param fresh held by the view from now on
     */
    synchronized void rollups(Set<String> gone, List<Rollups.Block> fresh) throws IOException {
        Rollups rollups = view.rollups().with(block -> gone.contains(block.id()), fresh);
        Deletions needed = StoreEntries.needed(view, view.blocks(), rollups, manifest, manifest.logStart());
        save(manifest.withBlocks(StoreEntries.of(view, view.blocks(), rollups, manifest)));
        gone.forEach(needed::forget);
        swap(new View(view.blocks(), view.generations(), view.losses(), needed, rollups));
    }

    /** Samples of which cutoffs say that they expired may go from now on. */
    synchronized void floors(RawFloors floors) throws IOException {
        if (floors != manifest.floors()) {
            save(manifest.withFloors(floors));
        }
    }

    /** Takes deletions that are applied everywhere off the disk; the manifest that says so is durable by now. */
    synchronized void saveDeletions() throws IOException {
        manifest = manifest.withDeletions(deletions.save(view.deletions(), manifest.logStart()));
    }

    /** An operator has deleted again what a lost list of deletions held: answers no longer say that it was lost. */
    synchronized void confirmDeletions() throws IOException {
        if (deletions.lost()) {
            manifest = manifest.withDeletions(deletions.confirm(view.deletions(), manifest.logStart()));
            swap(view.with(
                    view.blocks(), view.generations(), StoreDeletions.confirmed(view.losses()), view.deletions()));
        }
    }

    private void save(Manifest fresh) throws IOException {
        fresh.write(files);
        manifest = fresh;
    }

    /** How far retention trusts the clock; durable when it returns. */
    synchronized void trustClock(long time) throws IOException {
        save(manifest.withClock(time));
    }

    /** Forgets losses, and blocks that are missing, of which all that was lost would have expired by now. */
    synchronized void forgetLossesBefore(long cutoff, RollupCutoffs rollups) throws IOException {
        List<String> open = StoreEntries.openIds(view);
        List<Manifest.Loss> losses =
                manifest.losses().stream().filter(l -> l.maxTime() >= cutoff).toList();
        List<Manifest.Block> blocks = manifest.blocks().stream()
                .filter(b -> open.contains(b.id()) || b.maxTime() >= StoreEntries.cutoff(b, cutoff, rollups))
                .toList();
        if (losses.size() < manifest.losses().size()
                || blocks.size() < manifest.blocks().size()) {
            save(manifest.withBlocks(blocks).withLosses(losses));
            List<Hole> holes = view.losses().stream()
                    .filter(hole -> hole.range().to() >= cutoff)
                    .toList();
            swap(new View(
                    view.blocks(),
                    view.generations(),
                    holes,
                    view.deletions(),
                    view.rollups().withLosses(lost -> lost.hole().range().to() >= rollups.of(lost.width()))));
        }
    }

    /** A hole for a block that cannot be read as a whole. */
    static Hole lossOf(Manifest.Block block, String cause) {
        return new Hole(block.series(), TimeRange.of(block.minTime(), block.maxTime()), cause);
    }

    static String blockPath(String id) {
        return BLOCKS + "/" + id + ".varve";
    }

    /** Lets go of the view, when nothing reads any more. */
    synchronized void close() {
        closed = true;
        view.unpin();
    }
}
