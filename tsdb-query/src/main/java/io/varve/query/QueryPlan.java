package io.varve.query;

import io.varve.core.model.Matcher;
import io.varve.core.storage.ReadEstimate;
import java.util.List;

/**
 * What a query would read and hold, told before anything is decoded.
 *
 * @param root the expression's tree
 * @param start first evaluation time, ticks
 * @param end the end that was asked for, ticks
 * @param step distance of evaluation times, ticks; 0 for an instant query
 * @param steps number of evaluation times
 * @param memoryBytes what it would hold at most at a time, about
 * @param refusals which limits it would exceed, and what to do; none if it may be answered
 * @param warnings what is missing of the store
 */
public record QueryPlan(
        Node root,
        long start,
        long end,
        long step,
        int steps,
        long memoryBytes,
        List<String> refusals,
        List<String> warnings) {

    /**
     * A part of the expression.
     *
     * @param kind number, string, selector, range_selector, subquery, negation, plus, operator, aggregation or call
     * @param text what it says itself, without its operands; computed durations and times as numbers
     * @param position offset in the expression, UTF-16 units
     * @param line line of the expression, from 1
     * @param column column in that line, from 1, in code points
     * @param reads what is selected for it
     */
    public record Node(
            String kind, String text, int position, int line, int column, List<Read> reads, List<Node> children) {

        /** What all selections of this part would read together. */
        public ReadEstimate total() {
            ReadEstimate all = ReadEstimate.NONE;
            for (Read read : reads) {
                all = all.plus(read.estimate());
            }
            for (Node child : children) {
                all = all.plus(child.total());
            }
            return all;
        }
    }

    /**
     * A selection of series.
     *
     * @param from first time of samples that are wanted, ticks
     * @param to last time of them, ticks
     * @param path how it is answered: ways of {@code rollup}, {@code statistics} and {@code decode}, joined by a plus
     * sign, or none; what is read of rollups is not estimated
     */
    public record Read(List<Matcher> matchers, long from, long to, String path, ReadEstimate estimate) {}
}
