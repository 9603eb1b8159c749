package io.varve.server.self;

/** Takes values of one moment. */
@FunctionalInterface
public interface SampleSink {

    /**
     * Takes a value.
     *
     * @param name the metric
     * @param value any bits
     * @param labels names and values in turn, without those that every series of the writer has
     */
    void add(String name, double value, String... labels);
}
