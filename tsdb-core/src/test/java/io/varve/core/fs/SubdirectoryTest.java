package io.varve.core.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A directory keeps the contract of a whole file system, but for the lock, and shows in the whole under its name. */
final class SubdirectoryTest extends FileSystemContract {

    private final SimulatedFileSystem whole = new SimulatedFileSystem();

    @Override
    FileSystem open() throws IOException {
        Subdirectory directory = new Subdirectory(whole, "shards/01");
        directory.createDirectories("");
        return directory;
    }

    @Test
    @Override
    void locksOnce() throws IOException {
        FileSystem directory = open();
        assertThatThrownBy(() -> directory.lock("LOCK"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shards/01");
        whole.lock("LOCK");
        directory.close();
        assertThatThrownBy(() -> whole.lock("LOCK")).isInstanceOf(StoreLockedException.class);
    }

    @Test
    void isAPartOfTheWhole() throws IOException {
        FileSystem directory = open();
        try (WritableFile file = directory.create("a")) {
            assertThat(file.path()).isEqualTo("a");
        }
        directory.createDirectories("wal");
        assertThat(whole.list("shards/01")).containsExactly("a", "wal");
        assertThat(directory.list("")).containsExactly("a", "wal");
        assertThat(directory.describe()).isEqualTo("(simulated)/shards/01");
        whole.put("shards/01/b", new byte[] {1, 2});
        assertThat(directory.read("b", 9)).containsExactly(1, 2);
        for (String bad : new String[] {"", "/a", "a/"}) {
            assertThatThrownBy(() -> new Subdirectory(whole, bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void linksIntoTheWholeAndIntoOtherDirectories() throws IOException {
        FileSystem directory = open();
        whole.put("shards/01/a", new byte[] {7});
        Subdirectory other = new Subdirectory(whole, "shards/02");
        other.createDirectories("");
        assertThat(directory.link("a", whole, "b")).isTrue();
        assertThat(directory.link("a", other, "c")).isTrue();
        assertThat(directory.link("a", new SimulatedFileSystem(), "c")).isFalse();
        assertThat(whole.read("b", 1)).containsExactly(7);
        assertThat(whole.read("shards/02/c", 1)).containsExactly(7);
    }
}
