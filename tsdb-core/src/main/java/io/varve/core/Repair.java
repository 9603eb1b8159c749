package io.varve.core;

import io.varve.codec.Effort;
import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockVerifier;
import io.varve.core.compact.Cutoffs;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.DiskFileSystem;
import io.varve.core.fs.FileCopy;
import io.varve.core.fs.FileSystem;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.read.BlockMerge;
import io.varve.core.read.Deletions;
import io.varve.core.read.MergeSet;
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
    private final List<String> actions = new ArrayList<>();
    private Manifest manifest = Manifest.empty(Resolution.MILLIS);
    private Manifest onDisk = manifest;

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

    private Repair(FileSystem files, Options options) {
        this.files = files;
        this.options = options;
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
                && files.list(Store.BLOCKS).isEmpty()
                && files.list(SegmentLog.DIRECTORY).isEmpty()) {
            throw new NoSuchFileException(
                    files.describe(), null, "no " + Manifest.FILE + ", no blocks, no log: no store");
        }
        files.lock("LOCK");
        Repair repair = new Repair(files, options);
        boolean log;
        try {
            log = repair.run(runtime.clock().epochNanos() / 1_000_000_000L);
        } finally {
            files.close(); // lets go of the lock, so that the log can be sealed by the engine itself
        }
        if (log && !options.dryRun()) {
            repair.sealLog(runtime);
        }
        String verb = options.dryRun() ? " things to do; nothing was changed" : " things done";
        return new Report(
                List.copyOf(repair.actions),
                repair.actions.isEmpty() ? "nothing to repair" : repair.actions.size() + verb);
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
        try {
            manifest = Manifest.read(files);
            onDisk = manifest;
            return;
        } catch (NoSuchFileException e) {
            actions.add(Manifest.FILE + ": missing; rebuilt from the blocks");
        } catch (CorruptFileException e) {
            actions.add(e.getMessage() + "; rebuilt from the blocks");
        }
        ManifestRebuild rebuild = ManifestRebuild.of(files, Resolution.MILLIS, epoch);
        manifest = rebuild.manifest();
        for (String name : rebuild.unreadable().keySet()) {
            actions.add(Store.BLOCKS + "/" + name + ": cannot be read: "
                    + rebuild.unreadable().get(name) + "; set aside in " + Recovery.QUARANTINE
                    + "; what it held is lost");
            copyAside(Store.BLOCKS + "/" + name);
        }
        save();
        for (String name : rebuild.unreadable().keySet()) {
            delete(Store.BLOCKS + "/" + name);
        }
    }

    private void block(Manifest.Block block) throws IOException {
        String path = Store.blockPath(block.id());
        BlockReader reader;
        try {
            reader = BlockFiles.open(files, block.id());
        } catch (NoSuchFileException e) {
            String aside = Recovery.QUARANTINE + "/" + block.id() + ".varve";
            String cause = path + (files.exists(aside) ? ": set aside in " + Recovery.QUARANTINE : ": missing");
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
                            path + ": set aside in " + Recovery.QUARANTINE + ": " + e.getMessage()));
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
                List.of(old.id()));
        manifest = manifest.withNextBlock(manifest.nextBlock() + 1);
        save();
        List<Hole> holes;
        BlockMeta rest = null;
        try (MergeSet series = BlockMerge.of(List.of(reader), Cutoffs.NONE, Deletions.NONE)) {
            if (options.dryRun()) {
                readAll(series);
            } else {
                BlockReader written = BlockFactory.write(
                        files,
                        header,
                        series,
                        Effort.BEST,
                        BlockFactory.Bound.NONE,
                        BlockFactory.Bound.NONE,
                        reader.meta().maxTime());
                rest = written.meta();
                written.release();
            }
            holes = series.holes();
        }
        actions.add(path + ": " + finding + "; set aside in " + Recovery.QUARANTINE + ", what can be read is in "
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

    private void take(Manifest.Block old, BlockMeta rest) throws IOException {
        Manifest.Block fresh = new Manifest.Block(rest.id(), rest.minTime(), rest.maxTime(), rest.series());
        List<Manifest.Block> blocks = new ArrayList<>(manifest.blocks());
        if (rest.series() == 0) {
            blocks.remove(old);
        } else {
            blocks.replaceAll(block -> block.equals(old) ? fresh : block);
        }
        manifest = manifest.withBlocks(blocks);
        save();
        if (rest.series() == 0) {
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
                series.size(), from, to, path + ": pages damaged, set aside in " + Recovery.QUARANTINE);
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
    private void sealLog(TsdbRuntime runtime) throws IOException {
        TsdbConfig config = TsdbConfig.defaults().resolution(manifest.resolution());
        try (Tsdb db = Tsdb.open(files, config, runtime, "repair", null)) {
            db.flush();
        }
        files.lock("LOCK");
        try {
            long last = 0;
            for (String name : files.list(SegmentLog.DIRECTORY)) {
                last = Math.max(last, SegmentLog.positionOf(name));
            }
            Manifest after = Manifest.read(files);
            after.withLogStart(Math.max(after.logStart(), last)).write(files);
        } finally {
            files.close();
        }
    }

    private String describe(Manifest.Loss loss) {
        if (loss.series() < 0) {
            return "an unknown number of series: " + loss.cause();
        }
        TimeRange range = loss.hole().range();
        return loss.series() + " series between " + manifest.resolution().instant(range.from()) + " and "
                + manifest.resolution().instant(range.to()) + ": " + loss.cause();
    }

    /** Copies or links a file into quarantine; durable when it returns. */
    private void copyAside(String path) throws IOException {
        if (options.dryRun()) {
            return;
        }
        String aside = Recovery.QUARANTINE + "/" + path.substring(path.lastIndexOf('/') + 1);
        files.createDirectories(Recovery.QUARANTINE);
        files.delete(aside); // of a repair that did not come to its end
        if (!files.link(path, files, aside)) {
            FileCopy.copy(files, path, files, aside);
        }
        files.forceDirectory(Recovery.QUARANTINE);
    }

    private void delete(String path) throws IOException {
        if (!options.dryRun()) {
            files.delete(path);
            files.forceDirectory(path.substring(0, path.lastIndexOf('/')));
        }
    }
}
