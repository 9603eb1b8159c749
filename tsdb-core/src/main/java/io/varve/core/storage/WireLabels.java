package io.varve.core.storage;

import io.varve.core.model.Labels;

/** Reads one series' labels out of the bytes that a client sent; called only for a series not seen before. */
@FunctionalInterface
public interface WireLabels {

    /**
     * Parses the labels.
     *
     * @throws IllegalArgumentException if they break a rule (duplicate or empty name, not UTF-8, …)
     */
    Labels decode(byte[] bytes, int offset, int length);
}
