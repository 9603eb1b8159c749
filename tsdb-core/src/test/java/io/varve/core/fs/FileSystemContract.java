package io.varve.core.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the engine relies on, for every file system. */
abstract class FileSystemContract {

    private FileSystem fs;

    /** A fresh, empty file system. */
    abstract FileSystem open() throws IOException;

    @BeforeEach
    void openIt() throws IOException {
        fs = open();
    }

    @AfterEach
    void closeIt() throws IOException {
        fs.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void write(String path, String text) throws IOException {
        try (WritableFile file = fs.create(path)) {
            file.write(0, ByteBuffer.wrap(bytes(text)));
            file.force();
        }
    }

    private String read(String path) throws IOException {
        return new String(fs.read(path, 1_000), StandardCharsets.UTF_8);
    }

    @Test
    void writesAtAnyOffsetAndReadsBack() throws IOException {
        try (WritableFile file = fs.create("a")) {
            assertThat(file.path()).isEqualTo("a");
            file.write(0, ByteBuffer.wrap(bytes("hello world")));
            file.write(6, ByteBuffer.wrap(bytes("there")));
            file.write(13, ByteBuffer.wrap(bytes("!")));
            file.force();
        }
        assertThat(read("a")).isEqualTo("hello there\0\0!");
        assertThat(fs.size("a")).isEqualTo(14);
    }

    @Test
    void writesDirectBuffersFromTheirPosition() throws IOException {
        ByteBuffer direct = ByteBuffer.allocateDirect(8).put(bytes("abcdefgh"));
        direct.position(2).limit(5);
        try (WritableFile file = fs.create("a")) {
            file.write(0, direct);
        }
        assertThat(direct.hasRemaining()).isFalse();
        assertThat(read("a")).isEqualTo("cde");
    }

    @Test
    void cutsAFile() throws IOException {
        try (WritableFile file = fs.create("a")) {
            file.write(0, ByteBuffer.wrap(bytes("0123456789")));
            file.truncate(4);
        }
        assertThat(read("a")).isEqualTo("0123");
    }

    @Test
    void opensWhatIsThereToWriteMore() throws IOException {
        write("a", "12345");
        try (WritableFile file = fs.open("a")) {
            file.write(3, ByteBuffer.wrap(bytes("xyz")));
        }
        assertThat(read("a")).isEqualTo("123xyz");
        assertThatThrownBy(() -> fs.open("b")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void createsOnlyWhatIsNotThere() throws IOException {
        write("a", "1");
        assertThatThrownBy(() -> fs.create("a")).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> fs.create("no/such")).isInstanceOf(NoSuchFileException.class);
        assertThat(read("a")).isEqualTo("1");
    }

    @Test
    void refusesToReadMoreThanAsked() throws IOException {
        write("a", "12345");
        assertThat(fs.read("a", 5)).hasSize(5);
        assertThatThrownBy(() -> fs.read("a", 4)).isInstanceOf(CorruptFileException.class);
        assertThatThrownBy(() -> fs.read("b", 4)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void listsNamesInOrder() throws IOException {
        fs.createDirectories("d/e");
        fs.createDirectories("d/e");
        write("d/b", "");
        write("d/a", "");
        assertThat(fs.list("d")).containsExactly("a", "b", "e");
        assertThat(fs.list("")).containsExactly("d");
        assertThat(fs.list("none")).isEmpty();
        assertThat(fs.exists("d/a")).isTrue();
        assertThat(fs.exists("d/e")).isTrue();
        assertThat(fs.exists("d/x")).isFalse();
        fs.forceDirectory("d");
        fs.forceDirectory("");
    }

    @Test
    void renamesOverAnotherFile() throws IOException {
        fs.createDirectories("d");
        write("a", "new");
        write("d/b", "old");
        fs.rename("a", "d/b");
        assertThat(read("d/b")).isEqualTo("new");
        assertThat(fs.exists("a")).isFalse();
        assertThatThrownBy(() -> fs.rename("a", "b")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void deletesOnce() throws IOException {
        write("a", "1");
        fs.delete("a");
        fs.delete("a");
        assertThat(fs.exists("a")).isFalse();
    }

    @Test
    void renamesADirectoryAndDeletesAnEmptyOne() throws IOException {
        fs.createDirectories("d/e");
        write("d/e/a", "1");
        fs.renameDirectory("d", "f");
        fs.forceDirectory("");
        assertThat(read("f/e/a")).isEqualTo("1");
        assertThat(fs.exists("d")).isFalse();
        assertThat(fs.list("")).containsExactly("f");
        assertThatThrownBy(() -> fs.delete("f/e")).isInstanceOf(DirectoryNotEmptyException.class);
        fs.createDirectories("g");
        write("g/b", "2");
        assertThatThrownBy(() -> fs.renameDirectory("f", "g")).isInstanceOf(IOException.class);
        assertThat(read("f/e/a")).isEqualTo("1");
        fs.delete("f/e/a");
        fs.delete("f/e");
        assertThat(fs.list("f")).isEmpty();
        assertThat(fs.exists("f/e")).isFalse();
        fs.renameDirectory("g", "f");
        assertThat(read("f/b")).as("over an empty directory").isEqualTo("2");
    }

    @Test
    void linksAFile() throws IOException {
        fs.createDirectories("d");
        write("a", "1234");
        assertThat(fs.link("a", fs, "d/b")).isTrue();
        assertThatThrownBy(() -> fs.link("a", fs, "d/b")).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> fs.link("x", fs, "d/c")).isInstanceOf(NoSuchFileException.class);
        fs.delete("a");
        assertThat(read("d/b")).isEqualTo("1234");
    }

    @Test
    void mapsAFinishedFile() throws IOException {
        write("a", "\1\2\3\4\5\6\7\10");
        try (MappedRegion map = fs.map("a")) {
            assertThat(map.size()).isEqualTo(8);
            ByteBuffer slice = map.slice(2, 4);
            assertThat(slice.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            assertThat(slice.isReadOnly()).isTrue();
            assertThat(slice.getInt(0)).isEqualTo(0x06050403);
            byte[] target = new byte[6];
            map.copy(5, target, 1, 3);
            assertThat(target).containsExactly(0, 6, 7, 8, 0, 0);
            map.copy(8, target, 6, 0);
            assertThat(map.slice(8, 0).remaining()).isZero();
            assertThatThrownBy(() -> map.copy(5, target, 0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> map.copy(5, target, 4, 3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> map.slice(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> map.slice(1, 8)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> map.slice(Long.MAX_VALUE, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aClosedMapRefusesToRead() throws IOException {
        write("a", "1234");
        MappedRegion map = fs.map("a");
        map.close();
        map.close();
        assertThatThrownBy(() -> map.copy(0, new byte[4], 0, 4)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> map.slice(0, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void mapsAnEmptyFileAndNoMissingOne() throws IOException {
        write("a", "");
        try (MappedRegion map = fs.map("a")) {
            assertThat(map.size()).isZero();
            assertThat(map.slice(0, 0).remaining()).isZero();
        }
        assertThatThrownBy(() -> fs.map("b")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aMapOutlivesItsName() throws IOException {
        write("a", "1234");
        try (MappedRegion map = fs.map("a")) {
            fs.delete("a");
            byte[] target = new byte[4];
            map.copy(0, target, 0, 4);
            assertThat(target).isEqualTo(bytes("1234"));
        }
    }

    @Test
    void aClosedFileRefusesWrites() throws IOException {
        WritableFile file = fs.create("a");
        file.close();
        file.close();
        assertThatThrownBy(() -> file.write(0, ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::force).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void neverLeavesTheRoot() {
        for (String path : new String[] {"../a", "/a", "d/../../a", "a\\b"}) {
            assertThatThrownBy(() -> fs.create(path)).as(path).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> fs.read(path, 1)).as(path).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> fs.delete(path)).as(path).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void hasRoomAndAName() throws IOException {
        assertThat(fs.usableBytes()).isPositive();
        assertThat(fs.describe()).isNotEmpty();
    }

    @Test
    void locksOnce() throws IOException {
        fs.lock("LOCK");
        fs.close();
        fs.lock("LOCK");
    }
}
