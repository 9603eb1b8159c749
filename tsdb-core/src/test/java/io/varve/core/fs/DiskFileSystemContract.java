package io.varve.core.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What only a real disk can show. */
abstract class DiskFileSystemContract extends FileSystemContract {

    private static final Path MAPS = Path.of("/proc/self/maps");

    abstract Path directory();

    @Override
    abstract DiskFileSystem open() throws IOException;

    private static long mapsOf(String name) throws IOException {
        return Files.readAllLines(MAPS).stream()
                .filter(line -> line.contains(name))
                .count();
    }

    @Test
    void closingAMapUnmapsIt() throws IOException {
        Assumptions.assumeTrue(Files.exists(MAPS));
        try (DiskFileSystem fs = open()) {
            Files.write(directory().resolve("data/store/some-block"), new byte[100_000]);
            MappedRegion first = fs.map("some-block");
            MappedRegion second = fs.map("some-block");
            assertThat(mapsOf("some-block")).isEqualTo(2);
            first.close();
            assertThat(mapsOf("some-block")).isEqualTo(1);
            second.close();
            assertThat(mapsOf("some-block")).isZero();
        }
    }

    @Test
    void aPageThatTheDeviceDoesNotDeliverIsAnException() throws IOException {
        Assumptions.assumeTrue(Files.exists(MAPS), "other systems do not let a mapped file shrink");
        Path file = directory().resolve("data/store/shrinking");
        try (DiskFileSystem fs = open()) {
            Files.write(file, new byte[1 << 20]);
            try (MappedRegion map = fs.map("shrinking")) {
                try (RandomAccessFile direct = new RandomAccessFile(file.toFile(), "rw")) {
                    direct.setLength(4_096);
                }
                assertThatThrownBy(() -> map.copy(1 << 19, new byte[1_000], 0, 1_000))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("shrinking");
            }
        }
    }

    @Test
    void aSecondStoreOfThisProcessIsTurnedAway() throws IOException {
        try (DiskFileSystem two = open()) {
            try (DiskFileSystem one = open()) {
                one.lock("LOCK");
                assertThatThrownBy(() -> two.lock("LOCK"))
                        .isInstanceOf(StoreLockedException.class)
                        .hasMessageContaining(
                                "cannot open " + one.describe() + ": locked by another store of this process");
            }
            two.lock("LOCK");
            assertThat(Files.readString(directory().resolve("data/store/LOCK")))
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void anotherProcessIsTurnedAwayWithThePidOfTheHolder() throws IOException, InterruptedException {
        try (DiskFileSystem fs = open()) {
            fs.lock("LOCK");
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            LockProbe.class.getName(),
                            fs.describe())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(said)
                    .contains("cannot open " + fs.describe() + ": locked by process "
                            + ProcessHandle.current().pid() + "; stop it or choose another directory");
            assertThat(said).doesNotContain("locked it");
        }
    }

    @Test
    void aBlockedRootIsAClearError() throws IOException {
        Path file = Files.createFile(directory().resolve("file"));
        assertThatThrownBy(() -> DiskFileSystem.open(file)).isInstanceOf(IOException.class);
    }
}
