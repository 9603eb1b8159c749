package io.varve.query.correlate;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import io.varve.query.CorrelationRequest;
import io.varve.query.Correlations;
import io.varve.query.Correlations.Candidate;
import io.varve.query.Correlations.Measure;
import io.varve.query.QueryControl;
import io.varve.query.QueryException;
import io.varve.query.QueryLimits;
import io.varve.query.QueryWatch;
import io.varve.query.exec.QueryRunner;
import io.varve.query.plan.Notes;
import io.varve.query.plan.QueryBudget;
import io.varve.query.plan.SampleReader;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds which series moved with the one of a query, and which of them first. Stateless; any number of threads. */
public final class CorrelationRunner {

    /** Series that are looked at, at most. */
    public static final int MOST_CANDIDATES = 10_000;

    private static final Duration LOOKBACK = Duration.ofMinutes(5);
    private static final long ENTRY_BYTES = 512;

    private final Queryable store;
    private final QueryLimits limits;
    private final TimeSource clock;
    private final QueryWatch watch;
    private final Targets targets;

    /** A runner over a store that evaluates expressions by another. */
    public CorrelationRunner(
            Queryable store, QueryLimits limits, TimeSource clock, QueryWatch watch, QueryRunner queries) {
        this.store = store;
        this.limits = limits;
        this.clock = clock;
        this.watch = watch;
        this.targets = new Targets(queries);
    }

    /** What one request has while it is answered; reused from series to series. */
    static final class Answering {
        final Grid grid;
        final QueryBudget budget;
        final Notes notes;
        final long lookback;
        final Querier querier;
        final SampleReader reader = new SampleReader();
        final Measured measured;
        final double[] values;
        private long charged;

        Answering(Grid grid, QueryBudget budget, Notes notes, Queryable store) {
            this.grid = grid;
            this.budget = budget;
            this.notes = notes;
            this.lookback = store.resolution().ticksOfMillis(LOOKBACK.toMillis());
            this.measured = new Measured(store.resolution().ticksPerSecond());
            this.values = new double[grid.count()];
            budget.charge(0, 8L * grid.count() + 3 * Shape.bytes(grid.count()));
            this.querier = store.querier(
                    TimeRange.of(grid.start() - lookback + 1, grid.last()), budget); // last, as it is to be closed
        }

        /** Reads the series at which a set stands. */
        void read(SeriesSet set) {
            budget.series();
            reader.readAll(set.columns());
            long held = reader.heldBytes() + 16L * reader.size();
            if (held > charged) { // what one series after the other needs is what the largest does
                budget.charge(0, held - charged);
                charged = held;
            }
        }

        /** Brings what was read to the grid; how many times have a value. */
        int onto(Measure measure) {
            measured.of(reader, measure);
            return measured.onto(grid, lookback, values);
        }
    }

    /**
     * Answers a request.
     *
     * @throws QueryException if it cannot be answered
     */
    public Correlations run(CorrelationRequest request, QueryControl control) {
        Grid grid = Grid.of(request, store.resolution().ticksPerSecond());
        QueryBudget budget = new QueryBudget(limits, Duration.ZERO, control, clock);
        Notes notes = new Notes(store.resolution());
        Answering answering = new Answering(grid, budget, notes, store);
        try (Querier querier = answering.querier) {
            notes.holes(querier.losses());
            if (querier.samplesFrom() > grid.start()) {
                notes.info("samples have expired for a part of the range, and rollups are not compared");
            }
            Targets.Target target = targets.of(request.expression(), answering, control);
            if (target == null) {
                notes.info("the query has no series in this range");
                return new Correlations(null, List.of(), notes.warnings(), notes.infos());
            }
            if (!target.shape().jumped()) {
                notes.info("the query's series did not jump in this range: levels alone are compared");
            }
            Map<Family, Candidate> best = candidates(request, answering, target);
            List<Candidate> result = best.values().stream()
                    .sorted(Comparator.comparingDouble(Candidate::score)
                            .reversed()
                            .thenComparing(Candidate::labels))
                    .limit(request.limit())
                    .toList();
            return new Correlations(target.labels(), result, notes.warnings(), notes.infos());
        } finally {
            budget.tell(watch, grid.count());
        }
    }

    private static Map<Family, Candidate> candidates(
            CorrelationRequest request, Answering answering, Targets.Target target) {
        List<List<Matcher>> selectors = request.candidates().isEmpty()
                ? List.of(List.of(Matcher.regex(Labels.NAME, ".+")))
                : request.candidates();
        Map<Family, Candidate> best = new HashMap<>();
        Likeness likeness = new Likeness(target.shape(), answering.grid.count());
        Shape shape = new Shape(answering.grid.count());
        Set<Labels> seen = new HashSet<>();
        for (List<Matcher> matchers : selectors) {
            Selection found = answering.querier.find(matchers.toArray(new Matcher[0]));
            try (SeriesSet set = found.open(SummaryRule.NONE, answering.budget)) {
                while (set.next()) {
                    Labels labels = set.labels();
                    Family family = Family.of(labels);
                    if (target.isMadeFrom(labels, family) || selectors.size() > 1 && seen.contains(labels)) {
                        continue;
                    }
                    if (seen.size() == MOST_CANDIDATES) {
                        answering.notes.warn(String.format(
                                Locale.ROOT,
                                "more than %,d series are candidates: those behind %s in the order of labels were not"
                                        + " looked at, name fewer by candidates",
                                MOST_CANDIDATES,
                                labels));
                        break;
                    }
                    seen.add(labels);
                    answering.budget.charge(0, ENTRY_BYTES);
                    answering.read(set);
                    Candidate candidate = candidate(labels, answering, shape, likeness);
                    if (candidate != null) {
                        best.merge(family, candidate, (a, b) -> b.score() > a.score() ? b : a);
                    }
                }
                answering.notes.holes(set.holes());
            }
        }
        return best;
    }

    private static @Nullable Candidate candidate(Labels labels, Answering answering, Shape shape, Likeness likeness) {
        Candidate best = null;
        for (Measure measure : Measured.measures(answering.reader, labels)) {
            boolean alike =
                    answering.onto(measure) >= Grid.LEAST / 2 && shape.of(answering.values) && likeness.of(shape);
            if (alike && (best == null || likeness.score() > best.score())) {
                best = new Candidate(
                        labels,
                        measure,
                        likeness.lag() * answering.grid.step(),
                        likeness.score(),
                        likeness.correlation(),
                        likeness.common());
            }
        }
        return best;
    }
}
