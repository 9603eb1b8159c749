package io.varve.server.write.remote;

/**
 * Reads protobuf's wire format from a range of a byte array. It never reads outside the range, and allocates nothing
 * unless it fails. Mutable and for one thread; the array is borrowed.
 */
public final class ProtoCursor {

    /** Wire type of integers. */
    public static final int VARINT = 0;
    /** Wire type of eight bytes. */
    public static final int FIXED64 = 1;
    /** Wire type of texts and messages. */
    public static final int LENGTH_DELIMITED = 2;
    /** Wire type of four bytes. */
    public static final int FIXED32 = 5;

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int position;
    private int limit;

    /** A cursor at nothing. */
    public ProtoCursor() {}

    /** Starts over at a range of an array, from {@code from} up to and without {@code to}. */
    public void reset(byte[] array, int from, int to) {
        bytes = array;
        position = from;
        limit = to;
    }

    /** Whether nothing is left. */
    public boolean atEnd() {
        return position >= limit;
    }

    /** Where the next byte is. */
    public int position() {
        return position;
    }

    /** Goes to a place that was read before, or past a field whose length was checked. */
    public void position(int place) {
        position = place;
    }

    /** The next tag: field number times eight plus wire type. Groups are refused. */
    public int tag() {
        int at = position;
        if (at < limit && bytes[at] >= 8) { // fields 1 to 15: one byte, sign bit clear
            position = at + 1;
            return checked(bytes[at], at);
        }
        long tag = varint();
        if (tag >>> 3 == 0 || tag >>> 32 != 0) {
            throw new MalformedWriteException(at, "a field number from 1 to 2^29-1: tag=" + tag);
        }
        return checked((int) tag, at);
    }

    private static int checked(int tag, int at) {
        int wireType = tag & 7;
        if (wireType == 3 || wireType == 4 || wireType > FIXED32) {
            throw new MalformedWriteException(at, "a wire type of 0, 1, 2 or 5: type=" + wireType);
        }
        return tag;
    }

    /** A varint of up to ten bytes; bits over the 64th are dropped, as every protobuf reader does. */
    public long varint() {
        long value = 0;
        int at = position;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at >= limit) {
                throw new MalformedWriteException(at, "a number is cut off");
            }
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                position = at;
                return value;
            }
        }
        throw new MalformedWriteException(position, "a number of more than ten bytes");
    }

    /** The number that a varint of zigzag form stands for. */
    public static long zigzag(long varint) {
        return varint >>> 1 ^ -(varint & 1);
    }

    /** The same of 32 bits; what a sender put above them is dropped, as every protobuf reader does. */
    public static int zigzag32(long varint) {
        int low = (int) varint;
        return low >>> 1 ^ -(low & 1);
    }

    /** The length in front of a field, checked to end within the range. */
    public int length() {
        int at = position;
        int length;
        if (at < limit && bytes[at] >= 0) {
            length = bytes[at];
            position = at + 1;
        } else {
            long claimed = varint();
            if (claimed < 0 || claimed > limit - position) {
                throw overrun(at, claimed);
            }
            return (int) claimed;
        }
        if (length > limit - position) {
            throw overrun(at, length);
        }
        return length;
    }

    private static MalformedWriteException overrun(int at, long claimed) {
        return new MalformedWriteException(
                at, "a field ends after its message: length=" + Long.toUnsignedString(claimed));
    }

    /** Eight bytes, little-endian. */
    public long fixed64() {
        int at = position;
        if (limit - at < Long.BYTES) {
            throw new MalformedWriteException(at, "a fixed number is cut off");
        }
        position = at + Long.BYTES;
        return LittleEndian.getLong(bytes, at);
    }

    /** Passes over the value that follows a tag. */
    public void skip(int tag) {
        switch (tag & 7) {
            case VARINT -> varint();
            case FIXED64 -> pass(Long.BYTES);
            case LENGTH_DELIMITED -> {
                int length = length();
                position += length;
            }
            default -> pass(Integer.BYTES);
        }
    }

    private void pass(int count) {
        if (limit - position < count) {
            throw new MalformedWriteException(position, "a fixed number is cut off");
        }
        position += count;
    }
}
