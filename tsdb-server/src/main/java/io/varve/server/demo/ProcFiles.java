package io.varve.server.demo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the collectors read of the machine, so that tests can give them recorded text. */
public interface ProcFiles {

    /**
     * Room of a mounted file system, in bytes.
     *
     * @param size in all
     * @param free not used
     * @param available not used and open to this process
     */
    record Space(long size, long free, long available) {}

    /**
     * The text of a file under /proc.
     *
     * @param path absolute
     * @return the text, or null where there is no such file
     */
    @Nullable
    String read(String path);

    /** Room of the file system that is mounted there, or null if it has none to tell. */
    @Nullable
    Space space(String mountPoint);

    /** This machine. */
    static ProcFiles machine() {
        return new ProcFiles() {
            @Override
            public @Nullable String read(String path) {
                try {
                    return new String(Files.readAllBytes(Path.of(path)), StandardCharsets.UTF_8);
                } catch (IOException | InvalidPathException | SecurityException e) {
                    return null; // absent on this system, which the demo says
                }
            }

            @Override
            public @Nullable Space space(String mountPoint) {
                File mount = new File(mountPoint);
                long size = mount.getTotalSpace();
                return size == 0 ? null : new Space(size, mount.getFreeSpace(), mount.getUsableSpace());
            }
        };
    }
}
