package io.varve.server.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A machine whose files were written down. */
final class RecordedProc implements ProcFiles {

    private static final Map<String, String> FILES = Map.of(
            "/proc/stat", "stat.txt",
            "/proc/meminfo", "meminfo.txt",
            "/proc/diskstats", "diskstats.txt",
            "/proc/net/dev", "netdev.txt",
            "/proc/mounts", "mounts.txt",
            "/proc/loadavg", "loadavg.txt");

    @Override
    public @Nullable String read(String path) {
        String resource = FILES.get(path);
        if (resource == null) {
            return path.equals("/proc/sys/kernel/hostname") ? "box\n" : null;
        }
        try (InputStream in = RecordedProc.class.getResourceAsStream(resource)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable Space space(String mountPoint) {
        return mountPoint.equals("/net") ? null : new Space(1000, 400, 300);
    }
}
