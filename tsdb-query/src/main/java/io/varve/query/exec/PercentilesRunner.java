package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.SeriesSet;
import io.varve.query.Percentiles;
import io.varve.query.PercentilesRequest;
import io.varve.query.PercentilesRequest.Grouping;
import io.varve.query.QueryControl;
import io.varve.query.QueryException;
import io.varve.query.QueryException.Kind;
import io.varve.query.QueryLimits;
import io.varve.query.QueryWatch;
import io.varve.query.kernel.Quantiles;
import io.varve.query.kernel.Windows;
import io.varve.query.lang.SourceText;
import io.varve.query.plan.QueryBudget;
import io.varve.query.plan.SampleReader;
import io.varve.query.plan.Steps;
import io.varve.query.plan.WindowBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Exact percentiles of raw samples over windows (t - window, t]. The samples of a group are held together, since a
 * percentile of the whole cannot be had from those of its parts.
 */
public final class PercentilesRunner {

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

    /** The samples of one series that lie in any window, with their bounds. */
    @SuppressWarnings("ArrayRecordComponent") // private columns
    private record Member(double[] values, int[] from, int[] to) {}

    /**
     * Answers a request.
     *
     * @throws QueryException if it cannot be answered
     */
    public Percentiles run(PercentilesRequest request, QueryControl control) {
        check(request);
        Steps steps = request.step() == 0
                ? Steps.at(request.end())
                : QueryRunner.range(request.start(), request.end(), request.step(), limits);
        long window = request.window() > 0
                ? request.window()
                : request.step() > 0 ? request.step() : request.end() - request.start();
        QueryBudget budget = new QueryBudget(limits, Duration.ZERO, control, clock);
        Annotations annotations = new Annotations(new SourceText(""));
        try (QueryContext context =
                new QueryContext(store, budget, annotations, request.start(), request.end(), 0, request.step() == 0)) {
            Map<Labels, List<Member>> groups = read(request, context, steps, window);
            List<Percentiles.Group> result = new ArrayList<>();
            groups.forEach((labels, members) -> {
                List<Percentiles.Point> points = points(members, steps, request.q(), budget);
                if (!points.isEmpty()) {
                    result.add(new Percentiles.Group(labels, points));
                }
            });
            return new Percentiles(
                    List.copyOf(request.q()), List.copyOf(result), annotations.warnings(), annotations.infos());
        } finally {
            budget.tell(watch, steps.count());
        }
    }

    private static void check(PercentilesRequest request) {
        QueryContext.checkTime(request.start());
        QueryContext.checkTime(request.end());
        if (request.selectors().isEmpty() || request.q().isEmpty()) {
            throw new QueryException(Kind.BAD_DATA, "at least one selector and one quantile are needed");
        }
        for (List<Matcher> matchers : request.selectors()) {
            if (matchers.stream().allMatch(Matcher::matchesAbsent)) {
                throw new QueryException(Kind.BAD_DATA, "match[] must contain at least one non-empty matcher");
            }
        }
        for (double q : request.q()) {
            if (!(q >= 0 && q <= 1)) {
                throw new QueryException(Kind.BAD_DATA, "quantiles lie between 0 and 1: q=" + NumberText.of(q));
            }
        }
        if (request.end() < request.start()) {
            throw new QueryException(Kind.BAD_DATA, "end timestamp must not be before start time");
        }
        if (request.step() < 0 || request.window() < 0) {
            throw new QueryException(
                    Kind.BAD_DATA,
                    "step and window are not negative: step=" + request.step() + ", window=" + request.window());
        }
    }

    private Map<Labels, List<Member>> read(PercentilesRequest request, QueryContext context, Steps steps, long window) {
        Map<Labels, List<Member>> groups = new TreeMap<>();
        Set<Labels> seen = new HashSet<>();
        WindowBounds bounds = new WindowBounds(steps.count(), steps.start(), steps.step(), window, (double)
                store.resolution().ticksPerSecond());
        SampleReader reader = new SampleReader();
        for (List<Matcher> matchers : request.selectors()) {
            try (SeriesSet set = context.select(matchers, Steps.minus(steps.start(), window), steps.last())) {
                while (set.next()) {
                    context.budget().series();
                    if (request.selectors().size() > 1 && !seen.add(set.labels())) {
                        continue;
                    }
                    reader.readValues(set.columns());
                    context.annotations().passedOver(reader);
                    if (reader.size() == 0 && reader.passedOver()) {
                        continue;
                    }
                    Windows windows = bounds.over(reader);
                    context.budget().charge(0, 8L * (reader.size() + windows.steps()));
                    groups.computeIfAbsent(group(set.labels(), request.grouping()), g -> new ArrayList<>())
                            .add(member(reader, windows));
                }
                context.annotations().holes(set.holes(), store.resolution());
            }
        }
        return groups;
    }

    private static Member member(SampleReader reader, Windows windows) {
        return new Member(
                Arrays.copyOf(reader.values(), reader.size()),
                windows.from().clone(),
                windows.to().clone());
    }

    private static Labels group(Labels labels, @Nullable Grouping grouping) {
        if (grouping == null) {
            return labels;
        }
        return grouping.without()
                ? labels.without(Labels.NAME).drop(grouping.labels())
                : labels.keep(grouping.labels());
    }

    private static List<Percentiles.Point> points(
            List<Member> members, Steps steps, List<Double> quantiles, QueryBudget budget) {
        List<Percentiles.Point> points = new ArrayList<>();
        double[] sorted = new double[0];
        for (int step = 0; step < steps.count(); step++) {
            budget.check();
            long total = 0;
            for (Member member : members) {
                total += member.to()[step] - member.from()[step];
            }
            if (total == 0) {
                continue;
            }
            if (total > sorted.length) {
                budget.charge(0, 8 * total);
                sorted = new double[Math.toIntExact(total)];
            }
            int count = 0;
            for (Member member : members) {
                int length = member.to()[step] - member.from()[step];
                System.arraycopy(member.values(), member.from()[step], sorted, count, length);
                count += length;
            }
            Quantiles.sort(sorted, count);
            List<Percentiles.Bounded> values = new ArrayList<>(quantiles.size());
            for (double q : quantiles) {
                double value = Quantiles.ofSorted(sorted, count, q);
                values.add(new Percentiles.Bounded(value, value, value));
            }
            points.add(new Percentiles.Point(steps.time(step), count, Percentiles.Source.RAW, values));
        }
        return List.copyOf(points);
    }
}
