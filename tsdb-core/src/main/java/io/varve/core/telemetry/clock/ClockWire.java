package io.varve.core.telemetry.clock;

import io.varve.core.telemetry.clock.ClockReading.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The forms of a probe and of its answer: {@value #BYTES} bytes, or a header. Both are documented in
 * docs/telemetry-clocks.md, format 1. A probe is as long as its answer, so that nobody can be made to send more than he
 * was sent. What is read may be anything: it becomes a message or a fault, never an exception.
 *
 * <pre>
 *   0 magic "VCLK" | 4 version 1 | 5 kind 0 probe, 1 answer | 6 zero (2)
 *   8 sequence | 16 local send | 24 remote receive | 32 remote send     (8 each, little-endian)
 *  40 CRC-32C of the bytes before
 * </pre>
 */
public final class ClockWire {

    /** The header that carries the text form. */
    public static final String HEADER = "Varve-Clock";

    /** Length of the binary form. */
    public static final int BYTES = 44;

    /** How far a stamp may be after the reader's clock: a day, in nanoseconds. */
    public static final long AHEAD_NANOS = 86_400_000_000_000L;

    /** Length of the longest text form. */
    public static final int LONGEST_TEXT = 1 + 4 * 20;

    private static final int MAGIC = 'V' | 'C' << 8 | 'L' << 16 | 'K' << 24;
    private static final byte VERSION = 1;
    private static final int CHECKED = 40;

    private ClockWire() {}

    /** The binary form. */
    public static byte[] encode(ClockMessage message) {
        byte[] bytes = new byte[BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC)
                .put(VERSION)
                .put((byte) (message.answered() ? 1 : 0))
                .putShort((short) 0);
        buffer.putLong(message.sequence()).putLong(message.localSend());
        buffer.putLong(message.remoteReceive()).putLong(message.remoteSend());
        buffer.putInt(checksum(bytes));
        return bytes;
    }

    /**
     * Reads the binary form.
     *
     * @param bytes all that was received, and nothing else
     * @param now the reader's wall clock, nanoseconds since 1970
     */
    public static ClockReading decode(byte[] bytes, long now) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] != (byte) (MAGIC >> 8 * i)) {
                return ClockReading.of(Fault.FOREIGN);
            }
        }
        if (bytes.length > 4 && bytes[4] != VERSION) {
            return ClockReading.of(Fault.UNKNOWN_VERSION);
        }
        if (bytes.length != BYTES) {
            return ClockReading.of(bytes.length < BYTES ? Fault.TRUNCATED : Fault.TOO_LONG);
        }
        if (buffer.getInt(CHECKED) != checksum(bytes)) {
            return ClockReading.of(Fault.DAMAGED);
        }
        byte kind = bytes[5];
        if (kind < 0 || kind > 1 || buffer.getShort(6) != 0) {
            return ClockReading.of(Fault.FOREIGN);
        }
        return ClockReading.of(
                buffer.getLong(8), buffer.getLong(16), kind == 1, buffer.getLong(24), buffer.getLong(32), now);
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CHECKED);
        return (int) crc.getValue();
    }

    /** The text form, the value of the header {@value #HEADER}. */
    public static String print(ClockMessage message) {
        String probe = "1;" + message.sequence() + ';' + message.localSend();
        return message.answered() ? probe + ';' + message.remoteReceive() + ';' + message.remoteSend() : probe;
    }

    /**
     * Reads the text form.
     *
     * @param text value of the header, without blanks around
     * @param now the reader's wall clock, nanoseconds since 1970
     */
    public static ClockReading parse(String text, long now) {
        if (text.length() > LONGEST_TEXT) {
            return ClockReading.of(Fault.TOO_LONG);
        }
        String[] parts = text.split(";", -1);
        if (!parts[0].equals("1")) {
            boolean number = parts.length > 1 && numberFault(parts[0]) == Fault.NONE;
            return ClockReading.of(number ? Fault.UNKNOWN_VERSION : Fault.FOREIGN);
        }
        for (int i = 1; i < parts.length; i++) {
            Fault fault = numberFault(parts[i]);
            if (fault != Fault.NONE) {
                return ClockReading.of(fault);
            }
        }
        if (parts.length > 5) {
            return ClockReading.of(Fault.TOO_LONG);
        }
        if (parts.length != 3 && parts.length != 5) {
            return ClockReading.of(Fault.TRUNCATED);
        }
        boolean answered = parts.length == 5;
        return ClockReading.of(
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                answered,
                answered ? Long.parseLong(parts[3]) : 0,
                answered ? Long.parseLong(parts[4]) : 0,
                now);
    }

    /** What is wrong with decimal digits that have to fit into 63 bits, written without leading zeros. */
    private static Fault numberFault(String digits) {
        if (digits.isEmpty()) {
            return Fault.TRUNCATED;
        }
        boolean negative = digits.charAt(0) == '-' && digits.length() > 1;
        for (int i = negative ? 1 : 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return Fault.FOREIGN;
            }
        }
        if (negative) {
            return Fault.NEGATIVE;
        }
        if (digits.charAt(0) == '0' && digits.length() > 1) {
            return Fault.FOREIGN;
        }
        String most = Long.toString(Long.MAX_VALUE);
        boolean huge =
                digits.length() > most.length() || (digits.length() == most.length() && digits.compareTo(most) > 0);
        return huge ? Fault.HUGE : Fault.NONE;
    }
}
