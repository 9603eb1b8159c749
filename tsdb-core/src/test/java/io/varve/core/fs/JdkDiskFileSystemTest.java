package io.varve.core.fs;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Disk with the JDK's map windows alone. */
final class JdkDiskFileSystemTest extends DiskFileSystemContract {

    private final Path directory;

    JdkDiskFileSystemTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Override
    Path directory() {
        return directory;
    }

    @Override
    DiskFileSystem open() throws IOException {
        return DiskFileSystem.open(directory.resolve("data/store"), JdkMapper.INSTANCE);
    }
}
