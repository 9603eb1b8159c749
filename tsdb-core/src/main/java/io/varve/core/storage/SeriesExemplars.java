package io.varve.core.storage;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import java.util.List;

/**
 * Exemplars of one series.
 *
 * @param series its labels
 * @param exemplars in time order, each once; at least one
 */
public record SeriesExemplars(Labels series, List<Exemplar> exemplars) {}
