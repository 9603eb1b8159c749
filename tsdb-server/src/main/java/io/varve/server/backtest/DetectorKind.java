package io.varve.server.backtest;

import io.varve.query.detect.ChangeDetector;
import io.varve.query.detect.Detector;
import io.varve.query.detect.ForestDetector;
import io.varve.query.detect.RobustBandDetector;
import io.varve.query.detect.SeasonalDetector;
import io.varve.query.detect.consensus.ConsensusDetector;
import io.varve.query.detect.consensus.OnsetDetector;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The detectors that can be tried, each with the threshold that it has if nobody says another. */
public enum DetectorKind {
    CONSENSUS(ConsensusDetector.ALERT, ConsensusDetector::new),
    ONSETS(ConsensusDetector.ALERT, OnsetDetector::ofConsensus),
    FOREST(0.3, ForestDetector::new),
    BANDS(3.5, () -> new RobustBandDetector(DetectorKind.DAY_MS, DetectorKind.BAND_SAMPLES)),
    SEASONS(3.5, () -> new SeasonalDetector(DetectorKind.WEEKS)),
    CHANGES(8, () -> new ChangeDetector(DetectorKind.DAY_MS));

    private static final long DAY_MS = 86_400_000;
    private static final int BAND_SAMPLES = 10_000;
    private static final int WEEKS = 4;

    private final double threshold;

    @SuppressWarnings("ImmutableEnumChecker") // constructors
    private final Supplier<Detector> make;

    DetectorKind(double threshold, Supplier<Detector> make) {
        this.threshold = threshold;
        this.make = make;
    }

    /** Finds one by its name on the command line. */
    public static Optional<DetectorKind> of(String name) {
        return Arrays.stream(values()).filter(kind -> kind.label().equals(name)).findFirst();
    }

    /** All names, for people. */
    public static String names() {
        return Arrays.stream(values()).map(DetectorKind::label).collect(Collectors.joining(", "));
    }

    /** Its name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Score from which a sample is an anomaly, without a sign. */
    public double threshold() {
        return threshold;
    }

    /** A new detector of a series. */
    Detector make() {
        return make.get();
    }
}
