package io.varve.query.kernel;

/** A function over windows: for each step it puts a value, or leaves the step empty. */
@FunctionalInterface
public interface WindowKernel {

    /**
     * Computes all steps of a series.
     *
     * @param windows borrowed
     * @param out an empty row of as many steps
     */
    void apply(Windows windows, Row out);
}
