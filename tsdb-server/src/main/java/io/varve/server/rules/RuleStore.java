package io.varve.server.rules;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.query.QueryException;
import io.varve.query.QueryResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What rules ask of a store and keep in it. Used by several groups at once. */
public interface RuleStore {

    /** The resolution of its times. */
    Resolution resolution();

    /**
     * The vector that an expression evaluates to; a scalar is a vector of one sample without labels.
     *
     * @param time of evaluation, ticks
     * @throws QueryException if it cannot be evaluated, or is no vector
     */
    List<QueryResult.Sample> query(String expression, long time);

    /**
     * The newest sample of each series, which may be a stale marker.
     *
     * @param after samples are newer, ticks
     * @param upTo and not newer than this
     */
    List<Sample> newest(List<Matcher> matchers, long after, long upTo);

    /**
     * Keeps samples; ones that are refused do not keep others out.
     *
     * @return how many were refused
     * @throws IllegalStateException if none could be kept, with the reason
     */
    int write(List<Sample> samples);

    /**
     * A sample.
     *
     * @param time ticks
     * @param value of no meaning beside a histogram
     */
    record Sample(Labels labels, long time, double value, @Nullable Histogram histogram) {}
}
