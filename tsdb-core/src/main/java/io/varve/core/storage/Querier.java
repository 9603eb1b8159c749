package io.varve.core.storage;

import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/** A pinned, consistent view of a range of a store. Not safe for use by several threads at once. */
public interface Querier extends AutoCloseable {

    /**
     * The series that satisfy all matchers and have at least one sample in the range, in label order.
     *
     * @throws IllegalArgumentException if no matcher is given
     */
    SeriesSet select(Matcher... matchers);

    /**
     * The same, but that pages are told by their summaries where a rule does without their samples.
     *
     * @throws IllegalArgumentException if no matcher is given
     */
    default SeriesSet select(SummaryRule rule, Matcher... matchers) {
        return select(matchers);
    }

    /**
     * Finds the series that satisfy all matchers, to be read in parts or several times.
     *
     * @throws IllegalArgumentException if no matcher is given
     */
    default Selection find(Matcher... matchers) {
        return Selection.whole(this, matchers);
    }

    /**
     * The labels of the series that {@link #select} would find, in label order; their samples are not to be asked for.
     * Where samples are damaged a series is listed if it had some.
     *
     * @throws IllegalArgumentException if no matcher is given
     */
    default SeriesSet list(Matcher... matchers) {
        return select(matchers);
    }

    /**
     * The label names of the series that satisfy all matchers, sorted by code point; of all series if there are no
     * matchers. Series count that have a sample in the range, float or histogram: those that {@link #select}
     * would find. Series with exemplars or start times alone are not listed.
     */
    List<String> labelNames(Matcher... matchers);

    /** The values of one label, by the rules of {@link #labelNames}. */
    List<String> labelValues(String name, Matcher... matchers);

    /** What the range misses as a whole, such as blocks that were set aside. Damaged pages show when they are read. */
    default List<Hole> losses() {
        return List.of();
    }

    /**
     * Exemplars in the range of the series that satisfy all matchers, in label order. Series that have exemplars and no
     * samples count too. A store need not keep exemplars, and keeps none for longer than its exemplar retention.
     *
     * @throws IllegalArgumentException if no matcher is given
     */
    default Found<List<SeriesExemplars>> exemplars(Matcher... matchers) {
        return new Found<>(List.of(), List.of());
    }

    /**
     * When the series that satisfy all matchers began to count, in label order: the starts that lie in the range, and
     * the one before it, from which the range's first samples count.
     *
     * @throws IllegalArgumentException if no matcher is given
     */
    default Found<List<SeriesStarts>> startTimes(Matcher... matchers) {
        return new Found<>(List.of(), List.of());
    }

    /**
     * What is known of metrics, whatever the range: what was said last.
     *
     * @param metric name of one metric, or empty for all
     * @return by name, sorted by code point
     */
    default Found<SortedMap<String, Metadata>> metadata(String metric) {
        return new Found<>(Collections.emptySortedMap(), List.of());
    }

    /**
     * From this tick on all samples of all series are still there; before it some may have expired, of some series.
     * {@link Long#MIN_VALUE} if none has.
     */
    default long samplesFrom() {
        return Long.MIN_VALUE;
    }

    /** Widths in ticks of the rollups that there are, ascending. */
    default List<Long> rollupWidths() {
        return List.of();
    }

    /**
     * Rollups of the series that satisfy all matchers: buckets that hold a tick of the range.
     *
     * @param width ticks of a bucket, one of {@link #rollupWidths}; of another there are none
     * @throws IllegalArgumentException if no matcher is given
     */
    default RollupSet rollups(long width, Matcher... matchers) {
        throw new UnsupportedOperationException("a store without rollups: width=" + width);
    }

    /** Lets go of what the view pinned; series sets of this querier are invalid from then on. */
    @Override
    void close();
}
