package io.varve.core.ingest;

import io.varve.core.model.SampleKind;
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
 *
 * <p>Samples of other kinds stand behind the floats, as forms ({@code core.kind}); where the floats end is said by the
 * commit, so that a batch of floats alone is nothing but floats.
 *
 * <pre>
 *   0        4      5    8            16           24
 *   | length | kind | 0  | reference  | time       | form, length bytes …
 * </pre>
 *
 * Metadata have reference and time 0. The form of a start time is the start, 8 bytes.
 */
final class BatchLayout {

    static final int HEADER_BYTES = 8;
    static final int SAMPLE_BYTES = 24;

    /** Bytes before the form of a sample of another kind. */
    static final int FORM_HEADER_BYTES = 24;

    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private BatchLayout() {}

    /** Length of the form whose header begins here. */
    static int formLength(byte[] bytes, int at) {
        return (int) getLong(bytes, at);
    }

    /** Kind of the form whose header begins here. */
    static SampleKind formKind(byte[] bytes, int at) {
        return SampleKind.byId(bytes[at + 4]);
    }

    static long getLong(byte[] bytes, int offset) {
        return (long) LONGS.get(bytes, offset);
    }

    static void putLong(byte[] bytes, int offset, long value) {
        LONGS.set(bytes, offset, value);
    }
}
