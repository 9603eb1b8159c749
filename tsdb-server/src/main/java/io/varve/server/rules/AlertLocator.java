package io.varve.server.rules;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Finds where the cause of an alert shows. Used by several groups at once. */
public interface AlertLocator {

    /** The annotation with the stage that takes longer than it did: {@code from → to}. */
    String STAGE = "stage";

    /** The annotation with the node where that is. */
    String NODE = "node";

    /** The annotation with the ids of up to three requests that met it, the slowest first. */
    String EXEMPLARS = "exemplars";

    /** All of these. */
    List<String> ANNOTATIONS = List.of(STAGE, NODE, EXEMPLARS);

    /** Finds nothing. */
    AlertLocator NONE = (alert, budgetNanos) -> Located.NOTHING;

    /**
     * An alert that fires.
     *
     * @param selectors matchers of the series that its rule reads, of recorded ones those that they are made from,
     *     each with the labels of the alert's series that come from there
     * @param series labels of the series that its rule has found
     * @param since since when that is there
     * @param now the time of evaluation
     */
    record Question(List<List<Matcher>> selectors, Labels series, Instant since, Instant now) {}

    /**
     * What is known of where the cause of an alert shows.
     *
     * @param annotations by name, those of {@link #ANNOTATIONS} that are known
     * @param evidence how much speaks for the stage: seconds by which it has grown beyond what is usual, infinity for
     *     failures, 0 for a guess
     */
    record Located(Map<String, String> annotations, double evidence) {

        /** Nothing is known. */
        static final Located NOTHING = new Located(Map.of(), 0);

        /** A copy is taken of the annotations. */
        public Located {
            annotations = Map.copyOf(annotations);
        }

        /**
         * This, or what was found later. Another stage has to be as certain: a fault that was short is over by then,
         * and something else is always the noisiest.
         */
        Located or(Located later) {
            boolean same = Objects.equals(annotations.get(STAGE), later.annotations.get(STAGE));
            boolean more = later.annotations.size() > annotations.size();
            boolean certain = same ? later.evidence > 0 || evidence == 0 || more : later.evidence >= evidence;
            if (!certain || later.annotations.size() < annotations.size()) {
                return this;
            }
            return same ? new Located(later.annotations, Math.max(evidence, later.evidence)) : later;
        }
    }

    /**
     * Looks for where the cause of an alert shows; never throws.
     *
     * @param budgetNanos how long it may take
     */
    Located locate(Question alert, long budgetNanos);
}
