package io.varve.core.storage;

import io.varve.core.model.Labels;
import io.varve.core.model.StartTime;
import java.util.List;

/**
 * When one series began to count.
 *
 * @param series its labels
 * @param starts by ascending start, each start once; at least one
 */
public record SeriesStarts(Labels series, List<StartTime> starts) {}
