package io.varve.query.percentile;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.RollupSet;
import io.varve.query.Percentiles;
import io.varve.query.PercentilesRequest;
import io.varve.query.PercentilesRequest.Grouping;
import io.varve.query.QueryControl;
import io.varve.query.QueryException;
import io.varve.query.QueryLimits;
import io.varve.query.QueryWatch;
import io.varve.query.plan.Notes;
import io.varve.query.plan.QueryBudget;
import io.varve.query.plan.RollupPlan;
import io.varve.query.plan.SeriesWalk;
import io.varve.query.plan.Spans;
import io.varve.query.plan.Steps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Percentiles over windows (t - window, t], from whatever there is of the series that are asked for. */
public final class PercentilesRunner {

    private static final String BOUND = "le";

    /** How old a sample may be, at a window's start, from which counters are measured. */
    private static final Duration LOOKBACK = Duration.ofMinutes(5);

    private final Queryable store;
    private final QueryLimits limits;
    private final TimeSource clock;
    private final QueryWatch watch;

    /** A runner over a store. */
    public PercentilesRunner(Queryable store, QueryLimits limits, TimeSource clock, QueryWatch watch) {
        this.store = store;
        this.limits = limits;
        this.clock = clock;
        this.watch = watch;
    }

    /** What one request has while it is answered. */
    private record Answering(
            PercentilesRequest request, Spans spans, QueryBudget budget, Notes notes, Map<Labels, Group> groups) {}

    /**
     * Answers a request.
     *
     * @param control says whether the request is to end
     * @throws QueryException if it cannot be answered
     */
    public Percentiles run(PercentilesRequest request, QueryControl control) {
        Spans spans = RequestCheck.spans(request, limits);
        QueryBudget budget = new QueryBudget(limits, Duration.ZERO, control, clock);
        try {
            Notes notes = new Notes(store.resolution());
            Answering answering = new Answering(request, spans, budget, notes, new TreeMap<>());
            Set<Labels> seen = new HashSet<>();
            for (List<Matcher> selector : request.selectors()) {
                read(answering, selector.toArray(new Matcher[0]), seen);
            }
            List<Percentiles.Group> result = new ArrayList<>();
            answering.groups().forEach((labels, group) -> {
                List<Percentiles.Point> points = group.points(request.q());
                if (!points.isEmpty()) {
                    result.add(new Percentiles.Group(labels, points));
                }
            });
            return new Percentiles(List.copyOf(request.q()), List.copyOf(result), notes.warnings(), notes.infos());
        } finally {
            budget.tell(watch, spans.count());
        }
    }

    private void read(Answering answering, Matcher[] matchers, Set<Labels> seen) {
        Spans spans = answering.spans();
        long lookback = store.resolution().ticksOfMillis(LOOKBACK.toMillis());
        long after = Steps.minus(spans.first(), lookback);
        long upTo = spans.end(spans.count() - 1);
        List<Querier> queriers = new ArrayList<>();
        try (SeriesWalk walk = new SeriesWalk()) {
            Querier whole = open(after, upTo, answering, queriers);
            answering.notes().holes(whole.losses());
            RollupPlan plan = plan(whole, answering, matchers);
            for (long width : plan.widths()) {
                lookback = Math.max(lookback, width);
                walk.add(width, whole.rollups(width, matchers));
            }
            for (TimeRange part : plan.samples(after + 1, upTo)) {
                walk.add(open(part.from() - 1, part.to(), answering, queriers).select(matchers));
            }
            readAll(answering, walk, plan, lookback, seen);
            answering.notes().holes(walk.holes());
        } finally {
            queriers.forEach(Querier::close);
        }
    }

    private Querier open(long after, long upTo, Answering answering, List<Querier> opened) {
        Querier querier = store.querier(TimeRange.of(after + 1, upTo), answering.budget());
        opened.add(querier);
        return querier;
    }

    private RollupPlan plan(Querier querier, Answering answering, Matcher... matchers) {
        List<RollupPlan.Width> widths = new ArrayList<>();
        for (long width : querier.rollupWidths()) {
            try (RollupSet set = querier.rollups(width, matchers)) {
                if (width <= answering.spans().length()) {
                    widths.add(new RollupPlan.Width(width, set.sketched()));
                } else if (set.next() && set.samplesFrom() > answering.spans().first() + 1) {
                    answering
                            .notes()
                            .info("samples have expired for a part of what was asked, and windows are shorter "
                                    + "than the buckets of rollups: those windows have no value");
                }
            }
        }
        return RollupPlan.of(widths, answering.spans(), answering.request().grouping() != null);
    }

    private void readAll(Answering answering, SeriesWalk walk, RollupPlan plan, long lookback, Set<Labels> seen) {
        PercentilesRequest request = answering.request();
        SeriesReading reading =
                new SeriesReading(store, answering.budget(), answering.spans(), plan, lookback, answering.notes());
        boolean several = request.selectors().size() > 1;
        for (Labels labels = walk.next(); labels != null; labels = walk.next()) {
            answering.budget().series();
            if (several && !seen.add(labels)) {
                continue;
            }
            boolean isBucket = ClassicBuckets.isBucket(labels);
            Double bound = isBucket ? ClassicBuckets.bound(labels) : null;
            if (isBucket && bound == null) {
                answering
                        .notes()
                        .warn("bucket label \"le\" has a malformed value of \"" + labels.get(BOUND)
                                + "\": the series was passed over");
                continue;
            }
            Labels key = group(isBucket ? labels.drop(Set.of(BOUND)) : labels, request.grouping());
            Group group = answering.groups().computeIfAbsent(key, k -> {
                answering.budget().charge(0, 256);
                return new Group(answering.spans(), answering.budget(), answering.notes());
            });
            reading.add(labels, walk, bound, group);
        }
    }

    private static Labels group(Labels labels, @Nullable Grouping grouping) {
        if (grouping == null) {
            return labels;
        }
        return grouping.without()
                ? labels.without(Labels.NAME).drop(grouping.labels())
                : labels.keep(grouping.labels());
    }
}
