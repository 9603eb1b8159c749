package io.varve.query.detect.window;

import io.varve.core.model.TimeSource;
import io.varve.query.detect.Detector;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What detectors have learned, from one query to the next. It is found by what they were shown: a key stands for a
 * kind of detector, where it began, and every sample since, bit by bit. So an answer is what it would be without, also
 * where samples came late or were deleted, and series that are the same share what was learned of them (ADR 0046).
 *
 * <p>Bounded in bytes. While it is full, what was asked for within {@link #IDLE} stays, and what is new is not kept:
 * more series than it has room for are learned anew in part, instead of all of them. Any number of threads.
 */
public final class DetectorMemory {

    /** How long a detector that nobody asks for is kept when others want its room. */
    public static final Duration IDLE = Duration.ofMinutes(10);

    /** Keeps nothing. */
    public static final DetectorMemory NONE = new DetectorMemory(0, TimeSource.system(), 0);

    private static final long FIRST = 0x9E37_79B9_7F4A_7C15L; // two of the multipliers of MurmurHash3's finalizer
    private static final long SECOND = 0xC2B2_AE3D_27D4_EB4FL;

    private final long limit;
    private final TimeSource clock;
    private final long secret;

    /** By key, the longest not asked for first. Guarded by this, as are the bytes of these and of those taken out. */
    private final Map<Long, Learned> kept = new LinkedHashMap<>();

    private long bytes;

    private DetectorMemory(long limit, TimeSource clock, long secret) {
        this.limit = limit;
        this.clock = clock;
        this.secret = secret;
    }

    /**
     * A memory.
     *
     * @param bytes all detectors together at most, by what each may have at most
     * @param clock tells what is idle
     * @param secrets where the secret of its keys comes from
     */
    public static DetectorMemory ofBytes(long bytes, TimeSource clock, Random secrets) {
        return new DetectorMemory(bytes, clock, secrets.nextLong());
    }

    /** A detector, and what it said of the newest sample that it was shown. Belongs to who took it. */
    static final class Learned {

        final Detector detector;
        double score = Double.NaN;
        private final long size;
        private boolean counted;
        private long askedAt;

        /** One that knows nothing. */
        Learned(Detector detector, long size) {
            this.detector = detector;
            this.size = size;
        }
    }

    /** Whether nothing is kept, so that keys need not be made. */
    boolean isNone() {
        return limit <= 0;
    }

    /** The key of a detector that was shown nothing. */
    long key(String kind, long window, long begin) {
        return next(next(secret ^ kind.hashCode(), window), begin);
    }

    /** The key when one more sample was shown. */
    static long next(long key, long time, double value) {
        return next(next(key, time), Double.doubleToRawLongBits(value));
    }

    private static long next(long key, long word) {
        long mixed = (key ^ word * FIRST) * SECOND;
        return (mixed ^ mixed >>> 29) * FIRST ^ mixed >>> 32;
    }

    /** Takes what is kept under a key; null if nothing is. It keeps its room until it comes back. */
    synchronized @Nullable Learned take(long key) {
        return kept.remove(key);
    }

    /** Keeps a detector, if there is room. Who keeps it lets go of it. */
    synchronized void keep(long key, Learned learned) {
        if (isNone()) {
            return;
        }
        long now = clock.nanoTime();
        if (!learned.counted && !hasRoom(learned.size, now)) {
            return;
        }
        bytes += learned.counted ? 0 : learned.size;
        learned.counted = true;
        learned.askedAt = now;
        drop(kept.remove(key)); // of the same samples: the same
        kept.put(key, learned);
    }

    private void drop(@Nullable Learned learned) {
        if (learned != null) {
            bytes -= learned.size;
        }
    }

    /** Makes room of idle ones. */
    private boolean hasRoom(long size, long now) {
        Iterator<Learned> oldest = kept.values().iterator();
        while (bytes + size > limit && oldest.hasNext()) {
            Learned candidate = oldest.next();
            if (now - candidate.askedAt < IDLE.toNanos()) {
                return false;
            }
            oldest.remove();
            drop(candidate);
        }
        return bytes + size <= limit;
    }

    /** Memory of what is kept, at most. */
    public synchronized long bytes() {
        return bytes;
    }
}
