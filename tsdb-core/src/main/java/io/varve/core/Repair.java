package io.varve.core;

import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockVerifier;
import io.varve.core.compact.Cutoffs;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.DiskFileSystem;
import io.varve.core.fs.FileSystem;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.read.BlockMerge;
import io.varve.core.read.Deletions;
import io.varve.core.read.MergeSet;
import io.varve.core.read.RollupMerge;
import io.varve.core.storage.Hole;
import io.varve.core.wal.LogDamage;
import io.varve.core.wal.LogReplay;
import io.varve.core.wal.SegmentLog;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes the best of a damaged store that no process has open: what is damaged is set aside in {@code quarantine/}, what
 * can be rebuilt is rebuilt, and what is lost is written into the manifest, so that every answer that it touches says
 * so until somebody {@linkplain Options#acceptLosses accepts} it. Nothing is deleted before its copy lies in quarantine
 * and what replaces it is durable.
 */
public final class Repair {

    private final FileSystem files;
    private final Options options;
    private final ShardPlace place;

    /** What the store's own manifest says, or a guess. */
    private final Resolution resolution;

    private final List<String> actions = new ArrayList<>();
    private Manifest manifest;
    private Manifest onDisk;

    /**
     * How to go about it.
     *
     * @param dryRun whether to say what would be done and do nothing
     * @param acceptLosses whether answers no longer warn of what is known to be lost
     */
    public record Options(boolean dryRun, boolean acceptLosses) {}

    /**
     * What was done.
     *
     * @param actions one line each, with its file and what is lost by it; empty if there was nothing to do
     * @param summary one line
     */
    public record Report(List<String> actions, String summary) {}

    /** @param store the files of the whole store */
    private Repair(FileSystem store, Options options, ShardPlace place, Resolution resolution) {
        this.files = place.files(store);
        this.options = options;
        this.place = place;
        this.resolution = resolution;
        manifest = Manifest.empty(resolution, place);
        onDisk = manifest;
    }

    /**
     * Repairs a store.
     *
     * @throws io.varve.core.fs.StoreLockedException if a process has it open
     * @throws NoSuchFileException if the directory holds no store
     * @throws io.varve.core.fs.UnsupportedFormatException if a newer version wrote it; nothing is touched then
     */
    public static Report repair(Path directory, Options options) throws IOException {
        if (!directory.toFile().isDirectory()) {
            throw new NoSuchFileException(directory.toString(), null, "no such directory");
        }
        TsdbRuntime runtime = TsdbRuntime.create();
        try (FileSystem files = DiskFileSystem.open(directory)) {
            return repair(files, options, runtime);
        } finally {
            runtime.close();
        }
    }

    static Report repair(FileSystem files, Options options, TsdbRuntime runtime) throws IOException {
        if (!files.exists(Manifest.FILE)
                && ShardCount.hasNoData(files)
                && files.list(ShardPlace.DIRECTORY).isEmpty()) {
            throw new NoSuchFileException(
                    files.describe(), null, "no " + Manifest.FILE + ", no blocks, no log: no store");
        }
        files.lock("LOCK");
        List<Repair> damaged = new ArrayList<>();
        List<String> actions = new ArrayList<>();
        try {
            int count = count(files);
            Resolution resolution = ShardCount.resolution(files, Resolution.MILLIS);
            for (int index = 0; index < count; index++) {
                Repair repair = new Repair(files, options, new ShardPlace(count, index), resolution);
                if (repair.run(runtime.clock().epochNanos() / 1_000_000_000L)) {
                    damaged.add(repair);
                }
                resolution = repair.manifest.resolution();
                String prefix = repair.place.prefix();
                repair.actions.forEach(action -> actions.add(prefix.isEmpty() ? action : prefix + ": " + action));
            }
        } finally {
            files.close(); // lets go of the lock, so that the log can be sealed by the engine itself
        }
        if (!damaged.isEmpty() && !options.dryRun()) {
            sealLog(files, damaged, runtime);
        }
        String verb = options.dryRun() ? " things to do; nothing was changed" : " things done";
        return new Report(List.copyOf(actions), actions.isEmpty() ? "nothing to repair" : actions.size() + verb);
    }

    private static int count(FileSystem files) throws IOException {
        try {
            return ShardCount.countOf(files, Manifest.read(files));
        } catch (NoSuchFileException | CorruptFileException e) {
            return ShardCount.recount(files);
        }
    }

    /** All but the sealing of the log; true if that is needed. */
    private boolean run(long epoch) throws IOException {
        readManifest(epoch);
        for (Manifest.Block block : List.copyOf(manifest.blocks())) {
            block(block);
        }
        List<LogDamage> damages = logDamages();
        if (options.acceptLosses() && !manifest.losses().isEmpty()) {
            manifest.losses().forEach(loss -> actions.add("accepted: " + describe(loss)));
            manifest = manifest.withLosses(List.of());
        }
        save();
        return !damages.isEmpty();
    }

    private void save() throws IOException {
        if (!options.dryRun() && !manifest.equals(onDisk)) {
            manifest.write(files);
            onDisk = manifest;
        }
    }

    private void readManifest(long epoch) throws IOException {
        boolean gone = false;
        try {
            manifest = Manifest.read(files);
            onDisk = manifest;
            requirePlace();
            return;
        } catch (NoSuchFileException e) {
            actions.add(Manifest.FILE + ": missing; rebuilt from the blocks");
            gone = place.count() > 1 && ShardCount.hasNoData(files);
        } catch (CorruptFileException e) {
            actions.add(e.getMessage() + "; set aside in " + Quarantine.DIRECTORY + ", rebuilt from the blocks");
            copyAside(Manifest.FILE);
        }
        ManifestRebuild rebuild = ManifestRebuild.of(files, resolution, place, epoch);
        manifest = rebuild.manifest();
        if (gone) {
            Manifest.Loss loss = Recovery.lost(place);
            actions.add("lost: " + describe(loss));
            manifest = manifest.withMoreLosses(List.of(loss));
            createDirectory();
        }
        for (String name : rebuild.unreadable().keySet()) {
            actions.add(Store.BLOCKS + "/" + name + ": cannot be read: "
                    + rebuild.unreadable().get(name) + "; set aside in " + Quarantine.DIRECTORY
                    + "; what it held is lost");
            copyAside(Store.BLOCKS + "/" + name);
        }
        save();
        for (String name : rebuild.unreadable().keySet()) {
            delete(Store.BLOCKS + "/" + name);
        }
    }

    /** Directories that were exchanged are for a person to put right: what each holds is whole. */
    private void requirePlace() {
        if (!manifest.place().equals(place)) {
            throw new IllegalArgumentException(
                    "directories of shards were exchanged, or are of another store; put each in its place: directory="
                            + files.describe() + ", expected=" + place + ", found=" + manifest.place());
        }
    }

    private void createDirectory() throws IOException {
        if (!options.dryRun()) {
            files.createDirectories("");
        }
    }

    private void block(Manifest.Block block) throws IOException {
        String path = Store.blockPath(block.id());
        BlockReader reader;
        try {
            reader = BlockFiles.open(files, block);
        } catch (NoSuchFileException e) {
            String aside = Quarantine.pathOf(path);
            String cause = path + (files.exists(aside) ? ": set aside in " + Quarantine.DIRECTORY : ": missing");
            lose(block, new Manifest.Loss(block.series(), block.minTime(), block.maxTime(), cause));
            save();
            return;
        } catch (CorruptFileException e) {
            lose(
                    block,
                    new Manifest.Loss(
                            block.series(),
                            block.minTime(),
                            block.maxTime(),
                            path + ": set aside in " + Quarantine.DIRECTORY + ": " + e.getMessage()));
            copyAside(path);
            save();
            delete(path);
            return;
        }
        try {
            List<BlockVerifier.Finding> findings =
                    BlockVerifier.verify(files, path).findings();
            if (!findings.isEmpty()) {
                rewrite(block, reader, findings.get(0).what());
            }
        } finally {
            reader.release();
        }
    }

    private void lose(Manifest.Block block, Manifest.Loss loss) {
        if (block.rollup() != null) { // no answer from samples misses it
            actions.add("lost: rollups of " + describe(loss) + "; they are made again where samples are still there");
            manifest = without(block);
            return;
        }
        actions.add("lost: " + describe(loss));
        manifest = without(block).withMoreLosses(List.of(loss));
    }

    private Manifest without(Manifest.Block block) {
        return manifest.withBlocks(
                manifest.blocks().stream().filter(b -> !b.equals(block)).toList());
    }

    /** Writes what can be read of a block into a new one, which takes its place. */
    private void rewrite(Manifest.Block block, BlockReader reader, String finding) throws IOException {
        String path = Store.blockPath(block.id());
        BlockHeader old = reader.meta().header();
        BlockHeader header = new BlockHeader(
                String.format("%012d", manifest.nextBlock()),
                old.level(),
                old.firstPosition(),
                old.lastPosition(),
                old.deletedTo(),
                old.resolution(),
                old.kind(),
                List.of(old.id()),
                old.rollup());
        manifest = manifest.withNextBlock(manifest.nextBlock() + 1);
        save();
        if (old.rollup() != null) {
            rewriteRollup(block, reader, header, finding);
            return;
        }
        List<Hole> holes;
        BlockMeta rest = null;
        try (MergeSet series = BlockMerge.of(List.of(reader), Cutoffs.NONE, Deletions.NONE)) {
            if (options.dryRun()) {
                readAll(series);
            } else {
                BlockReader written =
                        BlockFactory.copy(files, header, series, reader.meta().maxTime());
                rest = written.meta();
                written.release();
            }
            holes = series.holes();
        }
        actions.add(path + ": " + finding + "; set aside in " + Quarantine.DIRECTORY + ", what can be read is in "
                + Store.blockPath(header.id()));
        if (!holes.isEmpty()) {
            Manifest.Loss loss = lossOf(holes, path);
            actions.add("lost: " + describe(loss));
            manifest = manifest.withMoreLosses(List.of(loss));
        }
        copyAside(path);
        if (rest != null) {
            take(block, rest);
        }
        delete(path);
    }

    /** The same of rollups: buckets that cannot be read are marked, so that answers say what they miss. */
    private void rewriteRollup(Manifest.Block block, BlockReader reader, BlockHeader header, String finding)
            throws IOException {
        String path = Store.blockPath(block.id());
        actions.add(path + ": " + finding + "; set aside in " + Quarantine.DIRECTORY
                + ", what can be read of these rollups is in " + Store.blockPath(header.id()));
        if (options.dryRun()) {
            return;
        }
        List<Hole> damage = new ArrayList<>();
        BlockReader written =
                RollupFiles.write(files, header, writer -> damage.addAll(RollupMerge.rescued(reader, writer)));
        BlockMeta rest = written.meta();
        written.release();
        if (!damage.isEmpty()) {
            actions.add("lost: rollups of " + damage.size() + " pages; what is missing is marked in "
                    + Store.blockPath(header.id()));
        }
        copyAside(path);
        take(block, rest);
        delete(path);
    }

    private void take(Manifest.Block old, BlockMeta rest) throws IOException {
        Manifest.Rollup rollup = old.rollup();
        Manifest.Block fresh = Manifest.Block.of(rest, rollup == null ? 0 : rollup.position());
        List<Manifest.Block> blocks = new ArrayList<>(manifest.blocks());
        boolean empty = rest.series() == 0 && rollup == null;
        if (empty) {
            blocks.remove(old);
        } else {
            blocks.replaceAll(block -> block.equals(old) ? fresh : block);
        }
        manifest = manifest.withBlocks(blocks);
        save();
        if (empty) {
            delete(Store.blockPath(rest.id()));
        }
    }

    private static void readAll(MergeSet series) {
        while (series.next()) {
            var columns = series.columns();
            boolean more = true;
            while (more) {
                more = columns.nextPage();
            }
        }
        series.metadata(); // exemplars and start times are read with their series
    }

    /** All holes of a block as one loss: distinct series, and the range that they lie in. */
    private static Manifest.Loss lossOf(List<Hole> holes, String path) {
        Set<String> series = new TreeSet<>();
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        for (Hole hole : holes) {
            String cause = hole.cause();
            int end = cause.indexOf(':', path.length() + 1);
            series.add(end < 0 ? cause : cause.substring(0, end));
            from = Math.min(from, hole.range().from());
            to = Math.max(to, hole.range().to());
        }
        return new Manifest.Loss(
                series.size(), from, to, path + ": pages damaged, set aside in " + Quarantine.DIRECTORY);
    }

    private List<LogDamage> logDamages() throws IOException {
        List<LogDamage> damages = new ArrayList<>();
        LogReplay.Report report =
                new LogReplay(files, 0).inspect(manifest.logStart(), new Verification.RecordCounter());
        damages.addAll(report.losses());
        Set<String> segments = new TreeSet<>();
        for (LogDamage damage : damages) {
            actions.add("lost: acknowledged records of the log: wal/" + damage
                    + "; what can be read is sealed into a block");
            segments.add(SegmentLog.DIRECTORY + "/" + SegmentLog.fileName(damage.position()));
        }
        for (String segment : segments) {
            if (files.exists(segment)) {
                copyAside(segment);
            }
        }
        return damages;
    }

    /**
     * Lets the engine seal what it can read of the log, and the log begin behind what was there. If the damage left no
     * sample, nothing was sealed, and the engine has no reason to give the segments up.
     */
    private static void sealLog(FileSystem store, List<Repair> damaged, TsdbRuntime runtime) throws IOException {
        TsdbConfig config =
                TsdbConfig.defaults().resolution(damaged.get(0).manifest.resolution());
        try (Tsdb db = Tsdb.open(store, config, runtime, "repair", null)) {
            db.flush();
        }
        store.lock("LOCK");
        try {
            for (Repair repair : damaged) {
                repair.beginLogBehind();
            }
        } finally {
            store.close();
        }
    }

    private void beginLogBehind() throws IOException {
        long last = 0;
        for (String name : files.list(SegmentLog.DIRECTORY)) {
            last = Math.max(last, SegmentLog.positionOf(name));
        }
        Manifest after = Manifest.read(files);
        after.withLogStart(Math.max(after.logStart(), last)).write(files);
    }

    private String describe(Manifest.Loss loss) {
        if (loss.series() < 0) {
            return "an unknown number of series: " + loss.cause();
        }
        TimeRange range = loss.hole().range();
        return loss.series() + " series between " + manifest.resolution().instant(range.from()) + " and "
                + manifest.resolution().instant(range.to()) + ": " + loss.cause();
    }

    private void copyAside(String path) throws IOException {
        if (!options.dryRun()) {
            new Quarantine(files).copy(path);
        }
    }

    private void delete(String path) throws IOException {
        if (!options.dryRun()) {
            files.delete(path);
            files.forceDirectory(path.substring(0, path.lastIndexOf('/')));
        }
    }
}
