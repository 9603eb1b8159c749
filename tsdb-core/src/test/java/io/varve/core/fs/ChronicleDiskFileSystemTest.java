package io.varve.core.fs;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Disk with Chronicle's maps. */
final class ChronicleDiskFileSystemTest extends DiskFileSystemContract {

    private final Path directory;

    ChronicleDiskFileSystemTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Override
    Path directory() {
        return directory;
    }

    @Override
    DiskFileSystem open() throws IOException {
        return DiskFileSystem.open(directory.resolve("data/store"), ChronicleMapper.INSTANCE);
    }
}
