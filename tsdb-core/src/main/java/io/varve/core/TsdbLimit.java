package io.varve.core;

import java.util.function.DoubleSupplier;

/**
 * A bound of a store that is in force, and how much of it is used. Any thread may ask.
 *
 * @param name what is bounded, as a label's value
 * @param lasting whether what is used stays used for long, so that its growth tells when the bound is reached
 * @param most the bound, above 0
 * @param used what is used at this moment, in the bound's unit
 */
public record TsdbLimit(String name, boolean lasting, double most, DoubleSupplier used) {

    /** @throws IllegalArgumentException if the bound is not above 0 */
    public TsdbLimit {
        if (!(most > 0)) {
            throw new IllegalArgumentException("a limit is above 0: name=" + name + ", most=" + most);
        }
    }

    /** Use against the bound: 1 when it is reached. */
    public double ratio() {
        return used.getAsDouble() / most;
    }
}
