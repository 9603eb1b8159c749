package io.varve.query.percentile;

import io.varve.core.model.Matcher;
import io.varve.query.PercentilesRequest;
import io.varve.query.QueryException;
import io.varve.query.QueryException.Kind;
import io.varve.query.QueryLimits;
import io.varve.query.plan.Spans;
import io.varve.query.plan.Steps;
import java.util.List;
import java.util.Locale;

/** Refuses what cannot be asked, and says why. */
final class RequestCheck {

    /** Times beyond this, in ticks, are refused, so that sums of times and spans do not wrap around. */
    private static final long MAX_TIME = 1L << 61;

    private static final int MOST_QUANTILES = 1_000;

    private RequestCheck() {}

    /**
     * The windows of a request.
     *
     * @throws QueryException if it is none that can be answered
     */
    static Spans spans(PercentilesRequest request, QueryLimits limits) {
        checkSelectors(request);
        checkQuantiles(request.q());
        checkTime("start", request.start());
        checkTime("end", request.end());
        checkTime("step", request.step());
        checkTime("window", request.window());
        require(request.step() >= 0, "\"step\": must not be negative: " + request.step());
        require(request.window() >= 0, "\"window\": must not be negative: " + request.window());
        require(request.end() >= request.start(), "\"end\": end timestamp must not be before start time");
        if (request.step() == 0) {
            long length = request.window() > 0 ? request.window() : request.end() - request.start();
            return new Spans(Steps.at(request.end()), length);
        }
        long last = (request.end() - request.start()) / request.step();
        require(
                last <= limits.maxPoints(),
                String.format(
                        Locale.ROOT,
                        "\"step\": exceeded maximum resolution of %,d points per timeseries. Try decreasing the query"
                                + " resolution (?step=XX)",
                        limits.maxPoints()));
        long length = request.window() > 0 ? request.window() : request.step();
        return new Spans(new Steps(request.start(), request.step(), (int) last + 1), length);
    }

    private static void checkSelectors(PercentilesRequest request) {
        require(!request.selectors().isEmpty(), "\"match[]\": at least one selector is needed");
        for (List<Matcher> matchers : request.selectors()) {
            require(
                    !matchers.stream().allMatch(Matcher::matchesAbsent),
                    "\"match[]\": match[] must contain at least one non-empty matcher");
        }
    }

    private static void checkQuantiles(List<Double> quantiles) {
        require(!quantiles.isEmpty(), "\"q\": at least one quantile from 0 to 1 is needed");
        require(
                quantiles.size() <= MOST_QUANTILES,
                "\"q\": at most " + MOST_QUANTILES + " quantiles: found=" + quantiles.size());
        for (double q : quantiles) {
            require(q >= 0 && q <= 1, "\"q\": quantiles lie between 0 and 1: " + q);
        }
    }

    private static void checkTime(String name, long ticks) {
        require(ticks <= MAX_TIME && ticks >= -MAX_TIME, "\"" + name + "\": out of range: ticks=" + ticks);
    }

    private static void require(boolean rule, String text) {
        if (!rule) {
            throw new QueryException(Kind.BAD_DATA, "invalid parameter " + text);
        }
    }
}
