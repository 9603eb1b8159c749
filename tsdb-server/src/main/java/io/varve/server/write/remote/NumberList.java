package io.varve.server.write.remote;

import java.util.Arrays;

/**
 * A repeated number of a protobuf message: packed, one a field, or both. As many as allowed are kept, the others
 * counted. Mutable; one thread at a time.
 */
public final class NumberList {

    private static final int SMALL = 64;

    private final int most;
    private long[] values = new long[SMALL];
    private long count;

    /** @param most numbers that are kept */
    NumberList(int most) {
        this.most = most;
    }

    void clear() {
        count = 0;
    }

    /** Lets go of what a long list has made large. */
    void trim() {
        if (values.length > SMALL) {
            values = new long[SMALL];
            count = 0;
        }
    }

    /**
     * Reads doubles, as bits.
     *
     * @return whether the wire type is one of theirs; nothing was read else
     */
    public boolean readDoubles(ProtoCursor in, int tag) {
        switch (tag & 7) {
            case ProtoCursor.FIXED64 -> add(in.fixed64());
            case ProtoCursor.LENGTH_DELIMITED -> {
                int at = in.position();
                int length = in.length();
                if (length % Long.BYTES != 0) {
                    throw new MalformedWriteException(at, "doubles of eight bytes each: length=" + length);
                }
                for (int end = in.position() + length; in.position() < end; ) {
                    add(in.fixed64());
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads integers of zigzag form.
     *
     * @return whether the wire type is one of theirs; nothing was read else
     */
    public boolean readZigzags(ProtoCursor in, int tag) {
        switch (tag & 7) {
            case ProtoCursor.VARINT -> add(ProtoCursor.zigzag(in.varint()));
            case ProtoCursor.LENGTH_DELIMITED -> {
                int length = in.length();
                int end = in.position() + length;
                while (in.position() < end) {
                    add(ProtoCursor.zigzag(in.varint()));
                }
                if (in.position() > end) {
                    throw new MalformedWriteException(end, "a number is cut off");
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void add(long value) {
        if (count < most) {
            int at = (int) count;
            if (at == values.length) {
                values = Arrays.copyOf(values, Math.min(most, 2 * at));
            }
            values[at] = value;
        }
        count++;
    }

    /** How many there are, also beyond what is kept. */
    public long count() {
        return count;
    }

    /** How many are kept. */
    public int size() {
        return (int) Math.min(count, most);
    }

    long get(int place) {
        return values[place];
    }

    double getDouble(int place) {
        return Double.longBitsToDouble(values[place]);
    }

    /** What is kept, as doubles. */
    public double[] doubles() {
        double[] all = new double[size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = getDouble(i);
        }
        return all;
    }
}
