package io.varve.core.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Segments and copies of a log that are missing, cut at any byte, flipped, emptied, extended or exchanged: what is read
 * was written, in its order, and what is not read is told, at this start and, where the files stay, at the next.
 */
class SegmentChainCorruptionTest {

    private static final int RECORDS = 3;

    /** Bytes of a file behind which nothing but zeros stand. */
    private static final int CONTENT = 400;

    private final Map<String, byte[]> sound = new TreeMap<>();
    private final List<String> expected = new ArrayList<>();

    private record Read(List<String> records, List<LogDamage> losses, LogReplay.Report report) {}

    /** Segments 1 and 2 have a copy of their ends, 3 was left for the next generation's, which holds a mark alone. */
    @BeforeEach
    void write() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        SegmentLog log = new SegmentLog(disk, 0, 1, 1, 0, new TreeMap<>(), 0);
        for (int failures = 0; failures < 2; failures++) {
            append(log, RECORDS);
            log.force();
            append(log, RECORDS);
            disk.failAtNext(call -> call.startsWith("force wal/"));
            try {
                log.force();
                throw new AssertionError("a force that was to fail");
            } catch (IOException e) {
                log.rescue();
            }
        }
        append(log, RECORDS);
        log.startGeneration(2);
        log.force();
        assertThat(log.mark()).isTrue();
        log.write();
        log.force();
        SimulatedFileSystem left = disk.durableCopy();
        for (String name : left.list(SegmentLog.DIRECTORY)) {
            sound.put(name, left.read(SegmentLog.DIRECTORY + "/" + name, 1 << 20));
        }
        assertThat(sound).hasSize(6);
        assertThat(read(disk(Map.of())).records()).isEqualTo(expected);
        assertThat(read(disk(Map.of())).losses()).isEmpty();
    }

    private void append(SegmentLog log, int records) throws IOException {
        for (int i = 0; i < records; i++) {
            byte[] payload = new byte[10 + expected.size()];
            Arrays.fill(payload, (byte) (expected.size() + 1));
            log.reserve(payload.length, 1);
            log.append(RecordKind.FLOATS, payload, 0, payload.length);
            expected.add(Arrays.toString(payload));
        }
        log.write();
    }

    /** The log with some files changed; by name. */
    private SimulatedFileSystem disk(Map<String, byte[]> changed) throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        disk.createDirectories(SegmentLog.DIRECTORY);
        Map<String, byte[]> files = new TreeMap<>(sound);
        files.putAll(changed);
        files.forEach((name, bytes) -> disk.put(SegmentLog.DIRECTORY + "/" + name, bytes));
        return disk;
    }

    private static Read read(SimulatedFileSystem disk) throws IOException {
        List<String> records = new ArrayList<>();
        LogReplay.Report report = new LogReplay(disk, 0).replay(0, new RecordHandler() {
            @Override
            public void generation(long generation, long position) {}

            @Override
            public void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
                records.add(Arrays.toString(Arrays.copyOfRange(payload, offset, offset + length)));
            }
        });
        return new Read(records, report.losses(), report);
    }

    /** What was never acknowledged may go with power; a later start, when all behind it is durable, knows of no loss. */
    @Test
    void anEndThatPowerTookIsNoLossLaterOn() throws IOException {
        int shorter = 0;
        for (int seed = 0; seed < 40; seed++) {
            expected.clear();
            SimulatedFileSystem disk = new SimulatedFileSystem();
            SegmentLog log = new SegmentLog(disk, 0, 1, 1, 0, new TreeMap<>(), 0);
            append(log, RECORDS);
            log.force();
            List<String> acknowledged = List.copyOf(expected);
            append(log, 1);
            log.startGeneration(2);
            SimulatedFileSystem left = disk.crash(seed);
            Read read = read(left);
            assertThat(read.losses()).isEmpty();
            shorter += read.records().equals(acknowledged) ? 1 : 0;
            SegmentLog next = new SegmentLog(
                    left, 0, 3, 2, 0, read.report().segments(), read.report().end());
            append(next, 1);
            next.force();
            assertThat(next.mark()).isTrue();
            next.write();
            next.force();
            assertThat(read(left.durableCopy()).losses())
                    .as("seed %d %s", seed, read)
                    .isEmpty();
        }
        assertThat(shorter).isBetween(1, 39);
    }

    private void check(SimulatedFileSystem disk, String what) throws IOException {
        Read read = read(disk);
        List<String> known = new ArrayList<>(expected);
        known.retainAll(read.records());
        assertThat(read.records()).as(what).isEqualTo(known);
        boolean complete = read.records().size() == expected.size();
        assertThat(complete || !read.losses().isEmpty())
                .as("%s: %d records, losses %s", what, read.records().size(), read.losses())
                .isTrue();
        Read again = read(disk);
        assertThat(again.records()).as("%s, at the next start", what).isEqualTo(read.records());
        assertThat(complete || !again.losses().isEmpty())
                .as("%s, at the next start", what)
                .isTrue();
    }

    private void change(String name, UnaryOperator<byte[]> change, String what) throws IOException {
        byte[] bytes = change.apply(sound.getOrDefault(name, new byte[0]));
        SimulatedFileSystem disk = disk(Map.of(name, bytes));
        Read read = read(disk);
        boolean complete = read.records().equals(expected);
        if (complete) {
            return; // a file may say of itself that it is damaged, though nothing is missing
        }
        check(disk(Map.of(name, bytes)), what);
    }

    @Test
    void missing() throws IOException {
        for (String name : sound.keySet()) {
            SimulatedFileSystem disk = disk(Map.of());
            disk.delete(SegmentLog.DIRECTORY + "/" + name);
            boolean first = name.equals("000001-00.seg"); // its copy stands for it
            Read read = read(disk);
            boolean complete = read.records().equals(expected);
            assertThat(complete || !read.losses().isEmpty())
                    .as("%s missing: %d records", name, read.records().size())
                    .isTrue();
            assertThat(complete).as(name).isEqualTo(name.equals("000004-00.seg"));
            assertThat(read.records()).as(name).hasSizeGreaterThanOrEqualTo(first ? 12 : RECORDS);
        }
    }

    @Test
    void cutAtAnyByte() throws IOException {
        for (String name : sound.keySet()) {
            for (int length = 0; length < Math.min(CONTENT, sound.get(name).length); length++) {
                int to = length;
                change(name, bytes -> Arrays.copyOf(bytes, to), name + " cut to " + length);
            }
        }
    }

    @Test
    void everyFlippedByte() throws IOException {
        for (String name : sound.keySet()) {
            for (int at = 0; at < Math.min(CONTENT, sound.get(name).length); at++) {
                int where = at;
                change(
                        name,
                        bytes -> {
                            byte[] flipped = bytes.clone();
                            flipped[where] ^= (byte) (1 << where % 8);
                            return flipped;
                        },
                        name + " flipped at " + at);
            }
        }
    }

    @Test
    void extendedAndZeroedFromAnyByte() throws IOException {
        for (String name : sound.keySet()) {
            change(name, bytes -> Arrays.copyOf(bytes, bytes.length + 4_096), name + " extended");
            for (int from = 0; from < Math.min(CONTENT, sound.get(name).length); from += 3) {
                int at = from;
                change(
                        name,
                        bytes -> {
                            byte[] zeroed = bytes.clone();
                            Arrays.fill(zeroed, at, Math.min(bytes.length, at + 60), (byte) 0);
                            return zeroed;
                        },
                        name + " zeros from " + from);
            }
        }
    }

    @Test
    void exchanged() throws IOException {
        for (String one : sound.keySet()) {
            for (String other : sound.keySet()) {
                if (one.compareTo(other) < 0) {
                    check(disk(Map.of(one, sound.get(other), other, sound.get(one))), one + " for " + other);
                }
            }
        }
    }
}
