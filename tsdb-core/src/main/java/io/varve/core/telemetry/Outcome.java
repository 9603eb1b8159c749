package io.varve.core.telemetry;

/** How a message ended. */
public enum Outcome {
    /** As it should. */
    OK,
    /** It failed: it counts in the error rate. */
    FAILED
}
