package io.varve.core.telemetry;

import java.util.Locale;

/** What an application may do wrong with a message, or a wire, or a clock. */
enum Anomaly {
    /** The array is of another length, or of no message. */
    FOREIGN,
    /** A stage was stamped again, or an earlier one. */
    ORDER,
    /** A message ended without one of its stages. */
    SKIPPED,
    /** Stamps on the wire that are none. */
    HEADER,
    /** Stamps on the wire that are from the future, or of long ago; a clock that went back within a message. */
    CLOCK,
    /** A context that could not be had: its supplier threw, or had none. */
    CONTEXT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As the counter's label {@code kind} says it. */
    String label() {
        return label;
    }
}
