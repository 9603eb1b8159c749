package io.varve.core.storage;

import io.varve.core.model.Matcher;
import java.util.List;

/** A pinned, consistent view of a range of a store. Not safe for use by several threads at once. */
public interface Querier extends AutoCloseable {

    /**
     * The series that satisfy all matchers and have at least one sample in the range, in label order.
     *
     * @throws IllegalArgumentException if no matcher is given
     */
    SeriesSet select(Matcher... matchers);

    /**
     * The label names of the series that satisfy all matchers, sorted by code point; of all series if there are no
     * matchers. Series of a block or head that overlaps the range count, whether or not they have a sample in it.
     */
    List<String> labelNames(Matcher... matchers);

    /** The values of one label, by the rules of {@link #labelNames}. */
    List<String> labelValues(String name, Matcher... matchers);

    /** What the range misses as a whole, such as blocks that were set aside. Damaged pages show when they are read. */
    default List<Hole> losses() {
        return List.of();
    }

    /** Lets go of what the view pinned; series sets of this querier are invalid from then on. */
    @Override
    void close();
}
