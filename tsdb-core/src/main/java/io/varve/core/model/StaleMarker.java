package io.varve.core.model;

import io.varve.codec.ValueStatistics;

/**
 * The value that says "this series ended here": one NaN among the 2^52 others, told apart by its bits alone. It is
 * stored and returned like any other value; only queries give it a meaning.
 */
public final class StaleMarker {

    /** The bits of the marker, as Prometheus sends them. */
    public static final long BITS = ValueStatistics.STALE_BITS;

    /** The marker as a value. */
    public static final double VALUE = Double.longBitsToDouble(BITS);

    private StaleMarker() {}

    /** Whether a value is the marker and not merely some NaN. */
    public static boolean is(double value) {
        return Double.doubleToRawLongBits(value) == BITS;
    }
}
