package io.varve.core;

import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockReader;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileSystem;
import io.varve.core.head.Generation;
import io.varve.core.head.HeadDeletions;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.model.Deletion;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.read.Deletions;
import io.varve.core.read.Rollups;
import io.varve.core.read.View;
import io.varve.core.storage.Hole;
import io.varve.core.wal.DeletionRecord;
import io.varve.core.wal.FloatsReader;
import io.varve.core.wal.LogDamage;
import io.varve.core.wal.LogReplay;
import io.varve.core.wal.MalformedRecordException;
import io.varve.core.wal.RecordHandler;
import io.varve.core.wal.RecordKind;
import io.varve.core.wal.SegmentLog;
import io.varve.core.wal.SeriesCheckpoint;
import io.varve.core.wal.SeriesRecord;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what a directory holds: manifest, blocks, log, in this order. Damaged blocks are set aside, torn tails of the
 * log are cut off, losses are reported in every answer that they touch.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final long UNKNOWN = -1;

    private final FileSystem files;
    private final TsdbConfig config;
    private final TsdbRuntime runtime;
    private final ShardPlace place;

    /** Blocks that are missing or were set aside; the manifest goes on naming them. */
    private final List<Hole> missing = new ArrayList<>();

    private final List<Rollups.Lost> missingRollups = new ArrayList<>();

    /** Records of the log that were found lost; the manifest is to name them from now on. */
    private final List<Manifest.Loss> found = new ArrayList<>();

    private final TreeMap<Long, Long> starts = new TreeMap<>();

    /** Whether the manifest was made anew. */
    private boolean rebuilt;

    /**
     * What was opened.
     *
     * @param sealFirst whether what the log held is to be sealed before anything is appended
     */
    record Opened(Store store, SeriesRegistry registry, Generation active, SegmentLog log, boolean sealFirst) {

        /** Lets go of it, if it is not to be used after all. */
        void close() throws IOException {
            try {
                log.close();
            } finally {
                store.close();
            }
        }
    }

    /**
     * Of one shard.
     *
     * @param files the shard's
     * @param config the shard's part of the store's
     */
    Recovery(FileSystem files, TsdbConfig config, TsdbRuntime runtime, ShardPlace place) {
        this.files = files;
        this.config = config;
        this.runtime = runtime;
        this.place = place;
    }

    Opened open() throws IOException {
        files.createDirectories(Store.BLOCKS);
        Manifest manifest = manifest();
        if (manifest.resolution() != config.resolution()) {
            throw new IllegalArgumentException("the resolution is fixed when a store is created: directory="
                    + files.describe() + ", store=" + manifest.resolution().unit() + ", configured="
                    + config.resolution().unit());
        }
        if (!manifest.place().equals(place)) {
            throw new CorruptFileException(
                    place.prefix() + Manifest.FILE,
                    0,
                    "the manifest of " + place,
                    manifest.place() + ": directories of shards were exchanged or are of another store");
        }
        long epoch = manifest.epoch() + 1;
        DeletionFile deletions = deletions(manifest);
        manifest = manifest.withEpoch(manifest.epoch() + Store.EPOCHS).withDeletions(deletions.number());
        manifest.write(files);
        deleteStrangers(manifest);
        List<BlockReader> blocks = new ArrayList<>();
        Rollups rollups = openBlocks(manifest, blocks);
        List<BlockReader> all = new ArrayList<>(blocks);
        all.addAll(rollups.readers());
        SeriesRegistry registry = new SeriesRegistry(epoch, runtime.secrets());
        long listed = rebuilt ? 0 : manifest.logStart(); // without a manifest all count, and none twice
        Replayer replayer = new Replayer(registry, StoreDeletions.initial(deletions, listed));
        readCheckpoint(manifest.logStart(), replayer);
        LogReplay.Report report = new LogReplay(files, 0).replay(manifest.logStart(), replayer);
        reportLosses(report, replayer);
        replayer.keepLabels();
        manifest = remembered(manifest);
        List<Generation> generations = replayer.generations;
        long lastGeneration = Math.max(report.lastGeneration(), 1);
        if (generations.isEmpty() || report.torn()) {
            replayer.begin(lastGeneration + (report.torn() ? 1 : 0));
        }
        Generation active = generations.get(generations.size() - 1);
        active.deferPages(false);
        SegmentLog log = new SegmentLog(
                files,
                0,
                lastSegment(report, manifest, all, replayer.deletions) + 1,
                active.id(),
                report.torn() ? 0 : replayer.generationBytes,
                report.segments(),
                report.end());
        starts.putIfAbsent(active.id(), log.position());
        View view = new View(blocks, generations, losses(manifest), needed(replayer.deletions, all, manifest), rollups);
        all.forEach(BlockReader::release); // the view holds them now
        return new Opened(
                new Store(files, config, runtime, manifest, epoch, view, deletions, starts),
                registry,
                active,
                log,
                report.torn());
    }

    /** The list of deletions; a damaged copy is written anew from the other. */
    private DeletionFile deletions(Manifest manifest) throws IOException {
        DeletionFile.deleteUnfinished(files);
        DeletionFile found = DeletionFile.repaired(files, DeletionFile.read(files, manifest.deletions()));
        missing.addAll(StoreDeletions.losses(found));
        return found;
    }

    /** Without deletions that were applied everywhere before the last process could take them off the list. */
    private static Deletions needed(Deletions all, List<BlockReader> blocks, Manifest manifest) {
        List<String> open = blocks.stream().map(block -> block.meta().id()).toList();
        List<Manifest.Block> closed = manifest.blocks().stream()
                .filter(block -> !open.contains(block.id()))
                .toList();
        return StoreDeletions.needed(all, blocks, closed, manifest.logStart());
    }

    /** Positions never go back, even if the log was lost: blocks and deletions are ordered by them. */
    private static long lastSegment(
            LogReplay.Report report, Manifest manifest, List<BlockReader> blocks, Deletions deletions) {
        long position = Math.max(manifest.logStart(), deletions.upTo());
        for (BlockReader block : blocks) {
            BlockHeader header = block.meta().header();
            position = Math.max(position, Math.max(header.lastPosition(), header.deletedTo()));
        }
        return Math.max(report.lastSegment(), SegmentLog.segmentOf(position));
    }

    /** The manifest with what was found lost, so that a later start still knows it when the log is gone. */
    private Manifest remembered(Manifest manifest) throws IOException {
        Manifest more = manifest.withMoreLosses(found);
        if (!more.equals(manifest)) {
            more.write(files);
        }
        return more;
    }

    private List<Hole> losses(Manifest manifest) {
        List<Hole> all = new ArrayList<>(missing);
        manifest.losses().forEach(loss -> all.add(loss.hole()));
        return all;
    }

    private Manifest manifest() throws IOException {
        try {
            return Manifest.read(files);
        } catch (NoSuchFileException e) {
            if (!ShardCount.hasNoData(files)) {
                return rebuilt("is missing");
            }
            return place.count() == 1
                    ? Manifest.empty(config.resolution(), place)
                    : rebuilt("is missing").withMoreLosses(List.of(lost(place)));
        } catch (CorruptFileException e) {
            new Quarantine(files).copy(Manifest.FILE); // it is about to be written anew
            return rebuilt(String.valueOf(e.getMessage()));
        }
    }

    /** All that a shard held. */
    static Manifest.Loss lost(ShardPlace place) {
        return Manifest.Loss.of(new Hole(UNKNOWN, TimeRange.ALL, "the files of " + place + " were missing"));
    }

    private Manifest rebuilt(String cause) throws IOException {
        LOG.warn("rebuilding {} of {} from the blocks: {}", Manifest.FILE, files.describe(), cause);
        rebuilt = true;
        long epoch = runtime.clock().epochNanos() / 1_000_000_000L; // above any count of openings
        ManifestRebuild rebuild = ManifestRebuild.of(files, config.resolution(), place, epoch);
        for (String name : rebuild.unreadable().keySet()) {
            setAside(name);
        }
        return rebuild.manifest();
    }

    /**
     * Deletes what an earlier process did not finish: its samples are still in the log or in the blocks it replaced.
     */
    private void deleteStrangers(Manifest manifest) throws IOException {
        List<String> known =
                manifest.blocks().stream().map(b -> b.id() + ".varve").toList();
        for (String name : files.list(Store.BLOCKS)) {
            if (!known.contains(name)) {
                LOG.info("deleting unfinished or replaced block file {}", name);
                files.delete(Store.BLOCKS + "/" + name);
            }
        }
        files.delete(Manifest.NEW_FILE);
        files.delete(SnapshotHashes.FILE); // a snapshot that is opened as a store is none any more
        Snapshots.deleteUnfinished(files);
    }

    /** Opens raw blocks into a list, and rollups. */
    private Rollups openBlocks(Manifest manifest, List<BlockReader> raw) throws IOException {
        List<Rollups.Block> rollups = new ArrayList<>();
        for (Manifest.Block entry : manifest.blocks()) {
            Manifest.Rollup rollup = entry.rollup();
            try {
                BlockReader reader = BlockFiles.open(files, entry);
                if (rollup == null) {
                    raw.add(reader);
                } else {
                    rollups.add(new Rollups.Block(reader, rollup.position()));
                }
            } catch (NoSuchFileException e) {
                String path = Store.blockPath(entry.id());
                String aside = Quarantine.pathOf(path);
                lose(entry, files.exists(aside) ? "block set aside in " + aside : "block " + path + " is missing");
            } catch (CorruptFileException e) {
                lose(entry, "block set aside in " + setAside(entry.id() + ".varve") + ": " + e.getMessage());
            }
        }
        return new Rollups(rollups, missingRollups);
    }

    /** Moves a block that cannot be read to where nothing deletes it; returns its new path. */
    private String setAside(String name) throws IOException {
        return new Quarantine(files).move(Store.BLOCKS + "/" + name);
    }

    private void lose(Manifest.Block entry, String cause) {
        LOG.error("answers between {} and {} will miss data: {}", entry.minTime(), entry.maxTime(), cause);
        Manifest.Rollup rollup = entry.rollup();
        if (rollup == null) {
            missing.add(Store.lossOf(entry, cause));
        } else {
            missingRollups.add(new Rollups.Lost(rollup.width(), Store.lossOf(entry, "rollup: " + cause)));
        }
    }

    private void readCheckpoint(long logStart, Replayer replayer) throws IOException {
        SeriesCheckpoint.Reading reading = SeriesCheckpoint.read(files, 0, logStart, replayer::series);
        for (String damage : reading.damages()) {
            LOG.warn("a checkpoint of the registry cannot be read, which costs nothing if its twin can: {}", damage);
        }
        if (reading.present() && !reading.read()) {
            String lost = "both checkpoints of the registry are damaged: " + reading.damages();
            LOG.error("answers will miss data: {}", lost);
            found.add(Manifest.Loss.of(new Hole(UNKNOWN, TimeRange.ALL, lost)));
            replayer.seriesAreLost = true;
        }
    }

    private void reportLosses(LogReplay.Report report, Replayer replayer) {
        for (LogDamage damage : report.losses()) {
            LOG.error("acknowledged records of the log cannot be read: {}", damage);
            found.add(Manifest.Loss.of(new Hole(UNKNOWN, TimeRange.ALL, "damaged log: " + damage)));
        }
        // Behind what was durable power may have taken the record of a series and left some of its samples.
        long orphans = replayer.orphansAt.below(replayer.seriesAreLost ? Long.MAX_VALUE : report.durable());
        if (orphans > 0) {
            LOG.warn("{} samples of the log belong to series whose record is lost", orphans);
            String lost = orphans + " samples of the log without their series";
            found.add(Manifest.Loss.of(new Hole(UNKNOWN, TimeRange.ALL, lost)));
        }
    }

    /** Applies records without judging: they were judged when they were accepted. */
    private final class Replayer implements RecordHandler {

        private final SeriesRegistry registry;
        private final SeriesNumbers numbers = new SeriesNumbers();
        private final FloatsReader floats = new FloatsReader();
        private final FormReplay forms = new FormReplay();
        private final List<Generation> generations = new ArrayList<>();

        /** Generations that name series which those before them have introduced. */
        private final List<Long> building = new ArrayList<>();

        private int[] series = new int[1024];
        private long orphans;

        /** Whether the registry's checkpoint could not be read. */
        private boolean seriesAreLost;

        private final OrphanSamples orphansAt = new OrphanSamples();
        private Deletions deletions;

        /** Bytes of records of the last generation, counted as the log counts them. */
        private long generationBytes;

        Replayer(SeriesRegistry registry, Deletions deletions) {
            this.registry = registry;
            this.deletions = deletions;
        }

        @Override
        public void generation(long generation, long position) {
            if (generations.isEmpty() || generations.get(generations.size() - 1).id() < generation) {
                noteBuilding();
                numbers.beginGeneration();
                begin(generation);
                starts.put(generation, position);
                generationBytes = 0;
            }
        }

        /** The first generation has its checkpoint already, if it needs one. */
        private void noteBuilding() {
            if (generations.size() > 1 && numbers.buildsOnOthers()) {
                building.add(generations.get(generations.size() - 1).id());
            }
        }

        /**
         * Writes the checkpoints without which a generation could not be read when those before it are sealed and their
         * part of the log is gone. The log has references of earlier processes, which nobody knows later on.
         */
        void keepLabels() throws IOException {
            noteBuilding();
            for (Generation generation : generations.subList(Math.min(1, generations.size()), generations.size())) {
                Long start = starts.get(generation.id());
                if (start == null) {
                    continue;
                }
                if (building.contains(generation.id())) {
                    SeriesCheckpoint.write(
                            files,
                            0,
                            start,
                            sink -> numbers.forEach((ref, number) -> sink.series(ref, registry.labels(number))));
                } else {
                    SeriesCheckpoint.delete(files, 0, start); // a process may have ended while it wrote it
                }
            }
        }

        /** All generations of a shard share the codec of its writer, which is this thread until the agent starts. */
        private void begin(long generation) {
            Generation begun = generations.isEmpty()
                    ? new Generation(generation, registry)
                    : generations.get(generations.size() - 1).following(generation);
            // Encoding would be most of the time of a start; the pages follow with the samples that come.
            begun.deferPages(true);
            generations.add(begun);
        }

        @Override
        public void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
            if (generations.isEmpty()) {
                throw new MalformedRecordException("record of no generation");
            }
            generationBytes += length;
            long before = orphans + forms.orphans();
            apply(position, kind, payload, offset, length);
            orphansAt.note(position, orphans + forms.orphans() - before);
        }

        private void apply(long position, RecordKind kind, byte[] payload, int offset, int length) {
            switch (kind) {
                case SERIES -> SeriesRecord.read(payload, offset, length, this::series);
                case FLOATS -> floats(payload, offset, length);
                case DELETION -> delete(DeletionRecord.decode(position, payload, offset, length));
                case MARK -> {}
                case HISTOGRAMS, EXEMPLARS, METADATA, START_TIMES ->
                    forms.apply(kind, payload, offset, length, numbers, generations.get(generations.size() - 1));
            }
        }

        private void delete(Deletion deletion) {
            HeadDeletions.apply(deletion, generations);
            deletions = deletions.with(deletion);
        }

        private void series(long ref, Labels labels) {
            numbers.put(ref, registry.add(labels));
        }

        private void floats(byte[] payload, int offset, int length) {
            int count = floats.read(payload, offset, length);
            if (series.length < count) {
                series = new int[count];
            }
            long[] refs = floats.refs();
            long[] times = floats.times();
            double[] values = floats.values();
            int known = 0;
            for (int i = 0; i < count; i++) {
                int number = numbers.get(refs[i]);
                if (number < 0) {
                    orphans++;
                    continue;
                }
                series[known] = number;
                times[known] = times[i];
                values[known++] = values[i];
                registry.seen(number, times[i]);
            }
            generations.get(generations.size() - 1).apply(series, times, values, known);
        }
    }
}
