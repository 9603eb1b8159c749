package io.varve.core.fs;

import java.io.IOException;
import java.nio.file.Path;

/** How finished files come into memory. One of two: {@link ChronicleMapper} or {@link JdkMapper}. */
@FunctionalInterface
interface FileMapper {

    /**
     * Maps a file read-only.
     *
     * @param file the file on the disk
     * @param name its name in messages
     */
    MappedRegion map(Path file, String name) throws IOException;

    /** The best that this process allows, chosen once by the flags of the JVM. */
    static FileMapper best() {
        return ChronicleMapper.usable() ? ChronicleMapper.INSTANCE : JdkMapper.INSTANCE;
    }
}
