package io.varve.core.telemetry.clock.stored;

import io.varve.core.model.Labels;
import java.util.List;

/**
 * The latencies of one series, corrected.
 *
 * @param series its labels
 * @param samples in time order; those for which an offset was in force
 * @param uncorrected samples that are left out, since nothing was known of the peer's clock then
 */
public record CorrectedSeries(Labels series, List<CorrectedSample> samples, long uncorrected) {

    /** Copies the list. */
    public CorrectedSeries {
        samples = List.copyOf(samples);
    }
}
