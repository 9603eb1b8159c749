package io.varve.server.health;

import io.varve.core.TsdbCondition.State;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room of the file system that a directory lies on. Any thread. */
public final class DiskSpace {

    /** Below this sealing and merging may find no room for a block beside those that it replaces. */
    static final long LITTLE = 512L << 20;

    /** Below this the log may find no room for its next segment. */
    static final long NONE = 1L << 20;

    /** How much there is. */
    record Room(long total, long usable) {}

    /** Asks the file system. */
    @FunctionalInterface
    interface Source {
        Room room() throws IOException;
    }

    private final String where;
    private final Source source;

    DiskSpace(String where, Source source) {
        this.where = where;
        this.source = source;
    }

    /** Room where a directory lies. */
    public static DiskSpace of(Path directory) {
        return new DiskSpace(directory.toString(), () -> {
            FileStore store = Files.getFileStore(directory);
            return new Room(store.getTotalSpace(), store.getUsableSpace());
        });
    }

    /** Bytes that others and the store have taken, as part of all; NaN if the file system does not tell. */
    public double usedRatio() {
        try {
            Room room = source.room();
            return room.total <= 0 ? Double.NaN : (double) (room.total - room.usable) / room.total;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** How it stands with room; on a small disk a twentieth of it, or a hundredth, is enough. */
    Health.Finding look() {
        try {
            Room room = source.room();
            if (room.usable < Math.min(NONE, room.total / 100)) {
                return new Health.Finding("disk", State.FAILED, left(room) + ": make room");
            }
            if (room.usable < Math.min(LITTLE, room.total / 20)) {
                return new Health.Finding(
                        "disk", State.DEGRADED, left(room) + ": sealing and merging need room for a block; make room");
            }
            return new Health.Finding("disk", State.OK, null);
        } catch (IOException e) {
            return new Health.Finding("disk", State.FAILED, "cannot ask for the room of " + where + ": " + e);
        }
    }

    private String left(Room room) {
        return room.usable + " of " + room.total + " bytes are left where " + where + " lies";
    }
}
