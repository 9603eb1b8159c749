package io.varve.core.ingest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A batch as it travels through the ring, in the local form (references of this process). Little-endian.
 *
 * <pre>
 *   0            8
 *   | commit id  | sample … |
 *
 *   sample, 24 bytes
 *   0            8            16           24
 *   | reference  | time       | value bits |
 * </pre>
 *
 * A reference below zero names the batch's own new series: -1 the first, -2 the second, …
 */
final class BatchLayout {

    static final int HEADER_BYTES = 8;
    static final int SAMPLE_BYTES = 24;

    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private BatchLayout() {}

    static long getLong(byte[] bytes, int offset) {
        return (long) LONGS.get(bytes, offset);
    }

    static void putLong(byte[] bytes, int offset, long value) {
        LONGS.set(bytes, offset, value);
    }
}
