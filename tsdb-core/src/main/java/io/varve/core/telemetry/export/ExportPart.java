package io.varve.core.telemetry.export;

/** What an export writes each time. */
interface ExportPart {

    /**
     * Puts what there is into a batch.
     *
     * @param batch takes it, or drops it when the store fails
     * @param epochNanos the moment, in nanoseconds since 1970
     */
    void write(ExportBatch batch, long epochNanos);

    /** Number of series that it writes. */
    default int series() {
        return 0;
    }

    /** The next time is the last. */
    default void end() {}
}
