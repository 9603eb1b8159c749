package io.varve.core;

import io.varve.codec.Effort;
import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockWriter;
import io.varve.core.compact.Cutoffs;
import io.varve.core.fs.FileSystem;
import io.varve.core.head.Generation;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.model.SampleKind;
import io.varve.core.model.TimeSource;
import io.varve.core.read.BlockMerge;
import io.varve.core.read.Deletions;
import io.varve.core.read.MergeSet;
import io.varve.core.read.View;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.wal.IngestLog;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes blocks: from a frozen generation, or from several blocks. A block is in its place only when it is durable. */
final class BlockFactory {

    /** Series of a merge between two looks at what is more urgent. */
    private static final int SERIES_AT_A_TIME = 64;

    private final Store store;
    private final FileSystem files;
    private final Resolution resolution;
    private final IngestLog log;
    private final TimeSource clock;
    private final ExemplarRetention exemplarRetention;

    BlockFactory(Store store, TsdbConfig config, TimeSource clock, IngestLog log) {
        this.store = store;
        this.log = log;
        this.files = store.files();
        this.resolution = config.resolution();
        this.clock = clock;
        this.exemplarRetention = new ExemplarRetention(config, clock);
    }

    /**
     * Writes a generation.
     *
     * @param firstPosition where it begins in the log
     * @param lastPosition where the next one begins
     * @param effort how hard its pages are made small
     * @param deletions what is left out of it
     * @return the opened block; empty if nothing is left of the generation
     */
    List<BlockReader> seal(
            Generation generation, long firstPosition, long lastPosition, Effort effort, Deletions deletions)
            throws IOException {
        if (generation.isEmpty()) {
            return List.of();
        }
        String id = store.newBlockId();
        BlockHeader header = BlockHeader.raw(id, firstPosition, lastPosition, deletions.upTo(), resolution);
        long now = clock.epochNanos() / resolution.nanosPerTick();
        try (MergeSet series = BlockMerge.of(generation, deletions)) {
            BlockReader sealed = write(files, header, series, effort, Bound.NONE, Bound.NONE, now, Interlude.NONE);
            if (sealed.meta().series() > 0 || !generation.kinds().metadata().isEmpty()) {
                return List.of(sealed);
            }
            discard(sealed);
            return List.of();
        }
    }

    /**
     * Merges blocks, or writes one anew, without what has expired.
     *
     * @param sources in position order
     * @param cutoffs what has expired
     * @param view which says how old exemplars may be
     * @param damaged takes the ids of sources with damaged pages
     * @param between is done between two series, now and again
     * @return the opened block, which may hold nothing; null if a source has damaged pages
     */
    @Nullable
    BlockReader merge(List<BlockReader> sources, Cutoffs cutoffs, View view, Set<String> damaged, Interlude between)
            throws IOException {
        int level = 0;
        long last = Long.MIN_VALUE;
        long newest = Long.MIN_VALUE;
        for (BlockReader source : sources) {
            newest = Math.max(newest, source.meta().maxTime());
            level = Math.max(level, source.meta().header().level());
            last = Math.max(last, source.meta().header().lastPosition());
        }
        Deletions deletions = deletions();
        BlockHeader header = new BlockHeader(
                store.newBlockId(),
                sources.size() == 1 ? level : level + 1,
                sources.get(0).meta().header().firstPosition(),
                last,
                deletions.upTo(),
                resolution,
                BlockHeader.Kind.RAW,
                sources.stream().map(source -> source.meta().id()).toList());
        long oldest = exemplarRetention.from(view);
        Bound bound = labels -> cutoffs.of(labels);
        Bound exemplars = labels -> Math.max(oldest, cutoffs.of(labels));
        try (MergeSet series = BlockMerge.of(sources, cutoffs, deletions)) {
            BlockReader merged = write(files, header, series, Effort.BEST, exemplars, bound, newest, between);
            if (series.holes().isEmpty()) {
                return merged;
            }
            for (BlockReader source : sources) {
                if (series.holes().stream().anyMatch(hole -> hole.cause().startsWith(source.path()))) {
                    damaged.add(source.meta().id());
                }
            }
            discard(merged);
            return null;
        }
    }

    /**
     * What is left out of blocks that are merged: a deletion that a power loss could still take from the log must not
     * be left half done. Below the start of the live log the list has them, and blocks may end behind them.
     */
    Deletions deletions() {
        return store.deletions(log::isDurable);
    }

    /** A block that was written and is not wanted. */
    void discard(BlockReader block) throws IOException {
        BlockMeta meta = block.meta();
        block.release();
        files.delete(Store.blockPath(meta.id()));
    }

    /**
     * Lets a block that was just written take the place of others, whose files go.
     *
     * @param replacement held by the view from now on, unless it is empty: then nothing takes their place
     */
    void replace(List<BlockMeta> old, BlockReader replacement) throws IOException {
        if (replacement.meta().series() == 0 && !replacement.sides().hasMetadata()) {
            discard(replacement);
            remove(old);
            return;
        }
        store.replaced(old, List.of(replacement));
        replacement.release();
        store.blockFiles().delete(old);
        store.saveDeletions();
    }

    /** Takes blocks out of the store. */
    void remove(List<BlockMeta> old) throws IOException {
        store.replaced(old, List.of());
        store.blockFiles().delete(old);
        store.saveDeletions();
    }

    /** What does not wait until a long merge is done. */
    @FunctionalInterface
    interface Interlude {

        /** Nothing is as urgent. */
        Interlude NONE = () -> {};

        /** One step of it. */
        void run() throws IOException;
    }

    /** Before which time something of a series has expired. */
    @FunctionalInterface
    interface Bound {

        /** Nothing expires. */
        Bound NONE = labels -> Long.MIN_VALUE;

        /** The oldest time that is kept, in ticks. */
        long from(Labels labels);
    }

    /** Writes a block of all that a set has, as it is, and opens it; parameters as of {@link #write}. */
    static BlockReader copy(FileSystem files, BlockHeader header, MergeSet series, long timeIfEmpty)
            throws IOException {
        return write(files, header, series, Effort.BEST, Bound.NONE, Bound.NONE, timeIfEmpty, Interlude.NONE);
    }

    /**
     * Writes a block of all that a set has, and opens it.
     *
     * @param exemplars older exemplars are left out
     * @param starts a series of which nothing is left but older starts is left out
     * @param timeIfEmpty for which time the block stands if it has nothing but metadata
     * @param between is done between two series, now and again
     */
    static BlockReader write(
            FileSystem files,
            BlockHeader header,
            MergeSet series,
            Effort effort,
            Bound exemplars,
            Bound starts,
            long timeIfEmpty,
            Interlude between)
            throws IOException {
        String unfinished = Store.BLOCKS + "/" + header.id() + ".tmp";
        files.delete(unfinished);
        try (BlockWriter writer = BlockWriter.create(files, unfinished, header, effort)) {
            for (int done = 1; series.next(); done++) {
                if (done % SERIES_AT_A_TIME == 0) {
                    between.run();
                }
                writer.series(series.labels());
                boolean any = samples(series.columns(), writer);
                long oldest = exemplars.from(series.labels());
                List<Exemplar> kept = series.exemplars().stream()
                        .filter(exemplar -> exemplar.time() >= oldest)
                        .toList();
                writer.exemplars(kept);
                long bound = starts.from(series.labels());
                if (any || !kept.isEmpty() || series.starts().stream().anyMatch(start -> start.time() >= bound)) {
                    writer.starts(series.starts());
                }
            }
            writer.metadata(series.metadata(), timeIfEmpty);
            writer.finish();
        }
        String path = Store.blockPath(header.id());
        files.rename(unfinished, path);
        files.forceDirectory(Store.BLOCKS);
        return BlockReader.open(files, path);
    }

    /** Writes the samples of a series; false if there are none. */
    private static boolean samples(ColumnCursor columns, BlockWriter writer) throws IOException {
        boolean any = false;
        while (columns.nextPage()) {
            any = true;
            if (columns.kind() == SampleKind.HISTOGRAM) {
                writer.histograms(columns);
            } else {
                writer.samples(columns.times(), columns.values(), 0, columns.size());
            }
        }
        return any;
    }
}
