package io.varve.core;

import io.varve.core.block.BlockVerifier;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.DiskFileSystem;
import io.varve.core.fs.FileSystem;
import io.varve.core.fs.UnsupportedFormatException;
import io.varve.core.model.Resolution;
import io.varve.core.wal.DeletionRecord;
import io.varve.core.wal.FloatsReader;
import io.varve.core.wal.LogDamage;
import io.varve.core.wal.LogReplay;
import io.varve.core.wal.RecordHandler;
import io.varve.core.wal.RecordKind;
import io.varve.core.wal.SeriesCheckpoint;
import io.varve.core.wal.SeriesRecord;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads every byte of a store that no process has open, or of a snapshot, and says what is wrong with it. Changes
 * nothing but the lock.
 */
public final class Verification {

    private final FileSystem store;
    private final List<String> findings = new ArrayList<>();

    /** Files of the shard that is verified at the moment, and what stands before their paths in the store. */
    private FileSystem files;

    private String prefix = "";
    private int shards = 1;
    private int blocks;
    private long blockSamples;
    private long blockBytes;
    private long logSamples;
    private int segments;
    private int hashes;

    private Verification(FileSystem store) {
        this.store = store;
        this.files = store;
    }

    /**
     * What was found.
     *
     * @param findings one line for each thing that is wrong, with its file; empty if the store is sound
     * @param summary what was read
     */
    public record Report(List<String> findings, String summary) {}

    /**
     * Verifies a store.
     *
     * @throws io.varve.core.fs.StoreLockedException if a process has it open
     * @throws NoSuchFileException if the directory holds no store
     * @throws IOException if it cannot be read at all
     */
    public static Report verify(Path directory) throws IOException {
        if (!directory.toFile().isDirectory()) {
            throw new NoSuchFileException(directory.toString(), null, "no such directory");
        }
        try (FileSystem files = DiskFileSystem.open(directory)) {
            return verify(files);
        }
    }

    static Report verify(FileSystem files) throws IOException {
        if (files.exists(SnapshotHashes.FILE)) {
            return new Verification(files).snapshot(); // which may lie where nothing can be written, a lock neither
        }
        if (!files.exists(Manifest.FILE)
                && files.list(Store.BLOCKS).isEmpty()
                && files.list(ShardPlace.DIRECTORY).isEmpty()) {
            throw new NoSuchFileException(files.describe(), null, "no " + Manifest.FILE + " and no blocks: no store");
        }
        files.lock("LOCK");
        return new Verification(files).run();
    }

    /** Checks the hash of each file, and reads all of them as those of a store. */
    private Report snapshot() throws IOException {
        try {
            hashes = Restore.check(files, "").size();
        } catch (CorruptFileException e) {
            findings.add(e.getMessage());
        }
        return run();
    }

    private Report run() throws IOException {
        Manifest first = manifest();
        shards = first == null ? ShardCount.recount(store) : ShardCount.countOf(store, first);
        shard(first);
        for (int index = 1; index < shards; index++) {
            ShardPlace place = new ShardPlace(shards, index);
            files = place.files(store);
            prefix = place.prefix();
            Manifest manifest = manifest();
            if (manifest != null && !manifest.place().equals(place)) {
                find(Manifest.FILE + ": of " + manifest.place() + ", where " + place + " should be");
            }
            shard(manifest);
        }
        prefix = "";
        for (String name : store.list(ShardPlace.DIRECTORY)) {
            int index = ShardCount.indexOf(name);
            if (index < 1 || index >= shards) {
                find(ShardPlace.DIRECTORY + "/" + name + ": no shard of this store, nobody reads it");
            }
        }
        String summary = (hashes > 0 ? "snapshot, " + hashes + " hashes right: " : "")
                + (shards > 1 ? shards + " shards, " : "")
                + String.format(
                        Locale.ROOT,
                        "%,d blocks (%,d samples, %,d bytes) and %,d log segments (%,d samples): %s",
                        blocks,
                        blockSamples,
                        blockBytes,
                        segments,
                        logSamples,
                        findings.isEmpty() ? "sound" : findings.size() + " findings");
        return new Report(List.copyOf(findings), summary);
    }

    /** Notes what is wrong with a file of the shard. */
    private void find(String finding) {
        findings.add(finding.startsWith(prefix) ? finding : prefix + finding);
    }

    private void shard(@Nullable Manifest manifest) throws IOException {
        List<String> live = new ArrayList<>();
        if (manifest == null) {
            files.list(Store.BLOCKS).stream()
                    .filter(name -> name.endsWith(".varve"))
                    .forEach(name -> live.add(Store.BLOCKS + "/" + name));
        } else {
            manifest.blocks().forEach(block -> live.add(Store.blockPath(block.id())));
            manifest.losses().forEach(loss -> find(Manifest.FILE + ": known to be lost: " + loss.cause()));
        }
        for (String path : live) {
            block(path);
        }
        DeletionFile.read(files, manifest == null ? 0 : manifest.deletions())
                .faults()
                .forEach(this::find);
        log(manifest == null ? rebuiltLogStart() : manifest.logStart());
    }

    /** Where the next start will let the log begin. */
    private long rebuiltLogStart() throws IOException {
        try {
            ShardPlace any = new ShardPlace(1, 0);
            return ManifestRebuild.of(files, Resolution.MILLIS, any, 1)
                    .manifest()
                    .logStart();
        } catch (UnsupportedFormatException e) {
            return 0; // a finding by now
        }
    }

    private @Nullable Manifest manifest() throws IOException {
        try {
            return Manifest.read(files);
        } catch (NoSuchFileException e) {
            boolean lost = !prefix.isEmpty() && ShardCount.hasNoData(files);
            find(Manifest.FILE
                    + (lost
                            ? ": missing, and all else that the shard held"
                            : ": missing; it is rebuilt from the blocks at the next start"));
        } catch (CorruptFileException e) {
            find(e.getMessage() + "; it is rebuilt from the blocks at the next start");
        }
        return null;
    }

    private void block(String path) throws IOException {
        blocks++;
        try {
            BlockVerifier.Report report = BlockVerifier.verify(files, path);
            blockSamples += report.samples();
            blockBytes += report.bytes();
            for (BlockVerifier.Finding finding : report.findings()) {
                find(finding.path() + " at byte " + finding.offset() + ": " + finding.what());
            }
            if (!report.id().isEmpty() && !path.equals(Store.blockPath(report.id()))) {
                find(path + ": it holds block " + report.id());
            }
        } catch (NoSuchFileException e) {
            find(path + ": named by " + Manifest.FILE + " and missing");
        }
    }

    private void log(long start) throws IOException {
        RecordCounter counter = new RecordCounter();
        LogReplay.Report report = new LogReplay(files, 0).inspect(start, counter);
        for (String damage : SeriesCheckpoint.verify(files, 0, start).damages()) {
            find(damage);
        }
        segments += report.segments().size();
        logSamples += counter.samples;
        for (LogDamage damage : report.losses()) {
            find("wal/" + damage);
        }
    }

    /** Reads records to their ends, so that malformed payloads are found. */
    static final class RecordCounter implements RecordHandler {

        private final FloatsReader floats = new FloatsReader();
        private long samples;
        private final FormReplay forms = new FormReplay();

        @Override
        public void generation(long generation, long position) {}

        @Override
        public void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
            switch (kind) {
                case SERIES -> SeriesRecord.read(payload, offset, length, (ref, labels) -> {});
                case FLOATS -> samples += floats.read(payload, offset, length);
                case DELETION -> DeletionRecord.decode(position, payload, offset, length);
                case MARK -> {}
                case HISTOGRAMS -> samples += forms.check(kind, payload, offset, length);
                case EXEMPLARS, METADATA, START_TIMES -> forms.check(kind, payload, offset, length);
            }
        }
    }
}
