package io.varve.server.rules;

import io.varve.core.model.Labels;
import io.varve.server.rules.RuleStore.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A rule with what its evaluations have left. Evaluated by its group alone; what it tells is safe for any thread. */
abstract class RuleState {

    private Set<Labels> seriesBefore = new HashSet<>();
    private volatile Outcome outcome = new Outcome(null, Duration.ZERO, null);

    /**
     * How the last evaluation went.
     *
     * @param at when it was, null if there was none
     * @param error why it failed, null if it did not
     */
    record Outcome(@Nullable Instant at, Duration took, @Nullable String error) {}

    abstract Rule rule();

    /**
     * Evaluates the rule.
     *
     * @param now the time of evaluation
     * @param time the time that its queries look at, ticks
     * @return what is to be kept
     * @throws RuleFailure if it cannot be evaluated
     */
    abstract List<Sample> evaluate(Instant now, long time) throws RuleFailure;

    /** Why a rule cannot be evaluated. */
    static final class RuleFailure extends Exception {

        private static final long serialVersionUID = 1;

        RuleFailure(String message) {
            super(message, null, false, false);
        }
    }

    Outcome outcome() {
        return outcome;
    }

    void ended(Instant at, Duration took, @Nullable String error) {
        outcome = new Outcome(at, took, error);
    }

    /** Series that were kept before and are not there any more. */
    List<Labels> gone(List<Sample> samples) {
        Set<Labels> now = new HashSet<>();
        samples.forEach(sample -> now.add(sample.labels()));
        List<Labels> gone = new ArrayList<>();
        for (Labels before : seriesBefore) {
            if (!now.contains(before)) {
                gone.add(before);
            }
        }
        seriesBefore = now;
        return gone;
    }

    /** Series that the rule keeps at present. */
    Set<Labels> series() {
        return seriesBefore;
    }

    /** Goes on from where another state of the same rule stood. */
    void takeOver(RuleState other) {
        seriesBefore = other.seriesBefore;
        outcome = other.outcome;
    }
}
