package io.varve.core.model;

import java.time.Instant;

/** The unit of a store's time: one tick is a millisecond, a microsecond or a nanosecond since 1970-01-01T00:00Z. */
public enum Resolution {
    MILLIS(1_000L, "ms"),
    MICROS(1_000_000L, "us"),
    NANOS(1_000_000_000L, "ns");

    private final long ticksPerSecond;
    private final String unit;

    Resolution(long ticksPerSecond, String unit) {
        this.ticksPerSecond = ticksPerSecond;
        this.unit = unit;
    }

    /** Ticks in one second. */
    public long ticksPerSecond() {
        return ticksPerSecond;
    }

    /** Nanoseconds in one tick. */
    public long nanosPerTick() {
        return 1_000_000_000L / ticksPerSecond;
    }

    /** The unit as written in configuration: {@code ms}, {@code us} or {@code ns}. */
    public String unit() {
        return unit;
    }

    /**
     * The tick that contains an instant.
     *
     * @throws ArithmeticException if the instant does not fit into 64 bits of ticks
     */
    public long ticks(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), ticksPerSecond), instant.getNano() / nanosPerTick());
    }

    /** The instant at which a tick begins. */
    public Instant instant(long time) {
        return Instant.ofEpochSecond(
                Math.floorDiv(time, ticksPerSecond), Math.floorMod(time, ticksPerSecond) * nanosPerTick());
    }

    /**
     * A duration in whole ticks, rounded towards zero.
     *
     * @param millis the duration in milliseconds
     * @throws ArithmeticException if it does not fit into 64 bits of ticks
     */
    public long ticksOfMillis(long millis) {
        return Math.multiplyExact(millis, ticksPerSecond / 1_000L);
    }
}
