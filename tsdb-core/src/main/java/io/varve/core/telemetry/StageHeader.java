package io.varve.core.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The stamps of a message on the wire: at most {@value #MAX_BYTES} bytes, or the same as text in a header
 * {@value #NAME}. Times are nanoseconds since 1970 by the clock of the node that sends.
 *
 * <pre>
 *   version 1 | stages 1 | shift 1 | the first stage's time, 8 bytes, big endian
 *   for each later stage: 0 if it was not stamped, else 1 + the time since the stage stamped before it, in units of
 *   2^shift nanoseconds, as an unsigned LEB128 number
 * </pre>
 *
 * <p>The shift is 0 unless the times would not fit: of up to four stages they always do, to the nanosecond.
 */
public final class StageHeader {

    /** Name of the text form's header. */
    public static final String NAME = "Varve-Stages";

    /** Most bytes of the binary form. */
    public static final int MAX_BYTES = 40;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 3 + Long.BYTES;
    private static final int MAX_SHIFT = 40;
    private static final int MAX_NUMBER_BYTES = 9;

    private StageHeader() {}

    /**
     * Writes stamps.
     *
     * @param stamps of each stage, {@link Stamps#MISSING} of stages that were not stamped; the first is there
     * @param newest the last stage that was stamped
     * @param ahead what is added to a stamp to make it a time by the wall clock, in nanoseconds
     * @return the length
     */
    static int write(long[] stamps, int stages, int newest, long ahead, byte[] into, int offset) {
        for (int shift = 0; ; shift++) {
            int length = write(stamps, stages, newest, ahead, shift, into, offset);
            if (length > 0) {
                return length;
            }
            if (shift == MAX_SHIFT) {
                throw new AssertionError("BUG: stamps do not fit: " + Arrays.toString(stamps));
            }
        }
    }

    /** The length, or 0 if it would be over the limit. */
    private static int write(long[] stamps, int stages, int newest, long ahead, int shift, byte[] into, int offset) {
        int at = offset;
        into[at++] = VERSION;
        into[at++] = (byte) stages;
        into[at++] = (byte) shift;
        LONG.set(into, at, stamps[0] + ahead);
        at += Long.BYTES;
        long before = stamps[0];
        for (int stage = 1; stage <= newest; stage++) {
            long number = 0;
            if (stamps[stage] != Stamps.MISSING) {
                number = 1 + (Math.max(0, stamps[stage] - before) >>> shift);
                before += (number - 1) << shift;
            }
            int bytes = Math.max(1, (70 - Long.numberOfLeadingZeros(number)) / 7);
            if (at + bytes - offset > MAX_BYTES) {
                return 0;
            }
            for (int i = 0; i < bytes; i++) {
                boolean last = i == bytes - 1;
                into[at++] = (byte) (number >>> 7 * i & 0x7f | (last ? 0 : 0x80));
            }
        }
        int rest = stages - 1 - newest;
        if (at + rest - offset > MAX_BYTES) {
            return 0;
        }
        for (int i = 0; i < rest; i++) {
            into[at++] = 0;
        }
        return at - offset;
    }

    /**
     * Reads stamps.
     *
     * @param times takes the time of each stage
     * @return null, or what is wrong with the bytes
     */
    static @Nullable String read(byte[] from, int offset, int length, int stages, long[] times) {
        if (length < HEAD_BYTES || length > MAX_BYTES) {
            return "length";
        }
        int shift = from[offset + 2];
        if (from[offset] != VERSION) {
            return "version";
        }
        if (from[offset + 1] != stages) {
            return "stages";
        }
        if (shift < 0 || shift > MAX_SHIFT) {
            return "shift";
        }
        int at = offset + 3;
        int end = offset + length;
        long time = (long) LONG.get(from, at);
        at += Long.BYTES;
        times[0] = time;
        for (int stage = 1; stage < stages; stage++) {
            if (at < end && from[at] == 0) { // as it is of all later stages of most messages
                times[stage] = Stamps.MISSING;
                at++;
                continue;
            }
            long number = 0;
            int bytes = 0;
            byte next;
            do {
                if (at == end || bytes == MAX_NUMBER_BYTES) {
                    return "number";
                }
                next = from[at++];
                number |= (next & 0x7fL) << 7 * bytes++;
            } while (next < 0);
            if (number == 0) {
                times[stage] = Stamps.MISSING;
                continue;
            }
            long since = number - 1 << shift;
            if (since < 0 || since >>> shift != number - 1 || time + since < time) {
                return "number";
            }
            time += since;
            times[stage] = time;
        }
        return at == end ? null : "length";
    }

    /**
     * Moves stamps to another clock, in place: those of a peer by what is known of its clock, before they are taken
     * over. What is too short to be stamps stays as it is.
     *
     * @param nanos what is added: what the peer's clock shows less than the own one
     */
    public static void shift(byte[] bytes, int offset, int length, long nanos) {
        if (length >= HEAD_BYTES) {
            LONG.set(bytes, offset + 3, (long) LONG.get(bytes, offset + 3) + nanos);
        }
    }

    /** The text form of a binary one. */
    static String text(byte[] bytes, int length) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes, length));
    }

    /** The binary form of a text, or null if it is none. */
    static byte @Nullable [] bytes(String text) {
        if (text.length() > MAX_BYTES * 4 / 3 + 2) {
            return null;
        }
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
