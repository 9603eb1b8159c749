package io.varve.server.rules;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.time.Instant;
import java.util.List;
import java.util.Map;

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
    AlertLocator NONE = (alert, budgetNanos) -> Map.of();

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
     * Annotations by name, those of {@link #ANNOTATIONS} that are known; never throws.
     *
     * @param budgetNanos how long it may take
     */
    Map<String, String> locate(Question alert, long budgetNanos);
}
