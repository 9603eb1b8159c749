package io.varve.core.storage;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.util.List;

/**
 * The series that matchers found, to be read as often as one likes while the querier is open. A selection that was cut
 * can be read by several threads at once, each part by one.
 */
public interface Selection {

    /** About how many series there are, for a decision how to read them. */
    int series();

    /**
     * Opens the series, in label order. Of a whole selection one set is read at a time, by the thread of its querier;
     * sets of parts are independent of each other.
     *
     * @param rule which pages are told by their summaries
     * @param budget charged for what is read, by the thread that reads
     */
    SeriesSet open(SummaryRule rule, ReadBudget budget);

    /**
     * What reading the series would read, told by postings and directories: nothing is decoded. By the thread of the
     * querier.
     *
     * @param rule which pages are told by their summaries
     * @param budget asked before each series whether to go on
     */
    default ReadEstimate estimate(SummaryRule rule, ReadBudget budget) {
        throw new UnsupportedOperationException("a store that predicts nothing: series=" + series());
    }

    /**
     * Where to cut the selection into parts of about the same size.
     *
     * @param size series of a part, at least 1
     * @param most cuts at most; what is behind the last one is the last part
     * @return the first labels of all parts but the first; none if the store cannot read parts
     */
    List<Labels> cuts(int size, int most);

    /**
     * Cuts the selection; the parts follow each other in label order.
     *
     * @param at ascending; the series with such labels are the first of a part
     * @return one part more than cuts
     */
    List<Selection> cut(List<Labels> at);

    /** A selection that stays whole, of a store that does not know better. */
    static Selection whole(Querier querier, Matcher... matchers) {
        return new Selection() {
            @Override
            public int series() {
                return 1;
            }

            @Override
            public SeriesSet open(SummaryRule rule, ReadBudget budget) {
                return querier.select(rule, matchers);
            }

            @Override
            public List<Labels> cuts(int size, int most) {
                return List.of();
            }

            @Override
            public List<Selection> cut(List<Labels> at) {
                if (!at.isEmpty()) {
                    throw new IllegalArgumentException("a selection that stays whole: cuts=" + at.size());
                }
                return List.of(this);
            }
        };
    }
}
