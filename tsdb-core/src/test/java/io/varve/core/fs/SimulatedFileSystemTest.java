package io.varve.core.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The simulated disk keeps the contract and forgets what it may forget. */
final class SimulatedFileSystemTest extends FileSystemContract {

    @Override
    FileSystem open() {
        return new SimulatedFileSystem();
    }

    private static ByteBuffer filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    private static SimulatedFileSystem withUnforced() throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        WritableFile file = fs.create("a");
        file.write(0, filled(2_048, 1));
        file.force();
        fs.forceDirectory("");
        file.write(1_024, filled(2_048, 2));
        return fs;
    }

    @Test
    void forcedBytesSurviveAndUnforcedSectorsMayNot() throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (int seed = 0; seed < 300; seed++) {
            byte[] bytes = withUnforced().crash(seed).read("a", 10_000);
            assertThat(Arrays.copyOf(bytes, 1_024)).containsOnly(1);
            StringBuilder sectors = new StringBuilder();
            for (int at = 1_024; at < bytes.length; at += 512) {
                byte[] sector = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 512));
                assertThat(new HashSet<>(Arrays.asList(box(sector)))).hasSize(1);
                sectors.append(sector[0]);
            }
            outcomes.add(sectors.toString());
        }
        assertThat(outcomes).contains("11", "2222", "1100", "12").hasSizeGreaterThan(12);
    }

    private static Byte[] box(byte[] bytes) {
        Byte[] boxed = new Byte[bytes.length];
        Arrays.setAll(boxed, i -> bytes[i]);
        return boxed;
    }

    @Test
    void killKeepsEverythingThatWasWritten() throws IOException {
        SimulatedFileSystem after = withUnforced().killProcess();
        assertThat(after.size("a")).isEqualTo(3_072);
        Set<Integer> lengths = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            SimulatedFileSystem again = withUnforced().killProcess();
            lengths.add(again.crash(seed).read("a", 10_000).length);
        }
        assertThat(lengths).as("still not durable").contains(2_048, 3_072);
    }

    @Test
    void unforcedRenamesMayBeLostButNeverTheFile() throws IOException {
        Set<List<String>> outcomes = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            SimulatedFileSystem fs = new SimulatedFileSystem();
            fs.createDirectories("d");
            try (WritableFile file = fs.create("a")) {
                file.write(0, filled(10, 7));
                file.force();
            }
            fs.forceDirectory("");
            fs.rename("a", "d/a");
            SimulatedFileSystem after = fs.crash(seed);
            List<String> there = new java.util.ArrayList<>(after.list(""));
            there.addAll(after.list("d"));
            outcomes.add(there);
        }
        assertThat(outcomes).containsExactlyInAnyOrder(List.of("a", "d"), List.of("a", "d", "a"), List.of("d", "a"));
    }

    @Test
    void aForcedDirectoryKeepsItsEntries() throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            SimulatedFileSystem fs = new SimulatedFileSystem();
            fs.create("a").close();
            fs.create("b").close();
            fs.rename("a", "c");
            fs.delete("b");
            fs.forceDirectory("");
            assertThat(fs.crash(seed).list("")).containsExactly("c");
        }
    }

    @Test
    void afterAFailedForceALaterOneDoesNotHelp() throws IOException {
        Set<Integer> found = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            SimulatedFileSystem fs = new SimulatedFileSystem();
            WritableFile file = fs.create("a");
            fs.forceDirectory("");
            file.write(0, filled(10, 1));
            fs.failAt(1, SimulatedFileSystem.Fault.IO_ERROR);
            assertThatThrownBy(file::force).isInstanceOf(IOException.class);
            file.force();
            found.add(fs.crash(seed).read("a", 100).length);
        }
        assertThat(found).containsExactlyInAnyOrder(0, 10);
    }

    @Test
    void aFullDiskTakesWhatFitsUntilThereIsRoomAgain() throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        fs.setFreeBytes(100);
        WritableFile file = fs.create("a");
        file.write(0, filled(60, 1));
        assertThat(fs.usableBytes()).isEqualTo(40);
        file.write(0, filled(60, 2));
        assertThatThrownBy(() -> file.write(60, filled(60, 3))).hasMessageContaining("No space left on device");
        assertThat(fs.size("a")).isEqualTo(100);
        fs.setFreeBytes(1_000);
        file.write(60, filled(60, 3));
        assertThat(fs.size("a")).isEqualTo(120);
    }

    @Test
    void aCrashEndsTheInstance() throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        WritableFile file = fs.create("a");
        long before = fs.ioCalls();
        fs.failAt(2, SimulatedFileSystem.Fault.CRASH);
        file.write(0, filled(10, 1));
        assertThatThrownBy(() -> file.write(10, filled(10, 1))).isInstanceOf(SimulatedCrash.class);
        assertThatThrownBy(() -> fs.list("")).isInstanceOf(SimulatedCrash.class);
        assertThat(fs.ioCalls()).isEqualTo(before + 2);
        assertThat(fs.killProcess().size("a")).isEqualTo(15);
    }

    @Test
    void theSameSeedGivesTheSameOutcome() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            SimulatedFileSystem fs = withUnforced();
            assertThat(fs.crash(seed).read("a", 10_000))
                    .isEqualTo(fs.crash(seed).read("a", 10_000));
        }
    }
}
