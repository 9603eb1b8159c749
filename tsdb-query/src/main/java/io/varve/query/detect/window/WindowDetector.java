package io.varve.query.detect.window;

import io.varve.query.detect.ChangeDetector;
import io.varve.query.detect.Detector;
import io.varve.query.detect.ForestDetector;
import io.varve.query.detect.consensus.ConsensusDetector;
import java.util.function.LongFunction;

/**
 * How a kernel's detectors are made, and what they cost.
 *
 * @param name tells it from others
 * @param maker makes a detector that knows nothing, for windows of a length in units of its time
 * @param bytes memory of one at most
 * @param work what a sample costs, in values looked at
 */
public record WindowDetector(String name, LongFunction<Detector> maker, long bytes, long work) {

    /** Sums of deviations between the halves of a window. */
    public static final WindowDetector CHANGE =
            new WindowDetector("change", ChangeDetector::new, ChangeDetector.bytes(), 1);

    /** A random cut forest. */
    public static final WindowDetector FOREST =
            new WindowDetector("forest", window -> new ForestDetector(), ForestDetector.bytes(), 4_096);

    /** Several views that must agree. */
    public static final WindowDetector CONSENSUS =
            new WindowDetector("consensus", window -> new ConsensusDetector(), ConsensusDetector.bytes(), 4_096);
}
