package io.varve.query;

import io.varve.core.model.Matcher;
import java.util.List;

/**
 * Which series moved with that of a query, and which of them first.
 *
 * @param expression PromQL; a plain selector is read as candidates are
 * @param start ticks
 * @param end ticks
 * @param step distance of the times at which series are compared, ticks; 0 for one that suits the range
 * @param candidates series that satisfy all matchers of any of these lists; none for all series
 * @param limit how many answers are wanted at most, at least 1
 */
public record CorrelationRequest(
        String expression, long start, long end, long step, List<List<Matcher>> candidates, int limit) {}
