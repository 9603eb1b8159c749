package io.varve.query.correlate;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import io.varve.query.Correlations.Measure;
import io.varve.query.QueryControl;
import io.varve.query.QueryException;
import io.varve.query.QueryException.Kind;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.correlate.CorrelationRunner.Answering;
import io.varve.query.detect.RobustScale;
import io.varve.query.exec.QueryRunner;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Selectors;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series that others are compared with: of a selector as its samples are measured, of any other expression as it is
 * evaluated at the times of the grid. Of several series it is the one that jumped most. Stateless.
 */
final class Targets {

    private final QueryRunner queries;

    Targets(QueryRunner queries) {
        this.queries = queries;
    }

    /**
     * A series and its shape.
     *
     * @param selectors what the expression is made from
     */
    record Target(Labels labels, Shape shape, List<List<Matcher>> selectors) {

        /**
         * Whether a series is the target itself: one of its distribution, or one that it is made from label by label.
         */
        boolean isMadeFrom(Labels candidate, Family family) {
            Family own = Family.of(labels);
            return own.rest().equals(family.rest())
                    && (own.name().equals(family.name())
                            || selectors.stream().anyMatch(matchers -> matches(matchers, candidate)));
        }

        private static boolean matches(List<Matcher> matchers, Labels candidate) {
            return matchers.stream().allMatch(matcher -> matcher.matches(candidate.get(matcher.name())));
        }
    }

    /** The best one so far, and room for the next. */
    private static final class Choice {
        private final int count;
        private final List<List<Matcher>> selectors;
        private @Nullable Target best;
        private Shape spare;
        private int series;

        Choice(int count, List<List<Matcher>> selectors) {
            this.count = count;
            this.selectors = selectors;
            this.spare = new Shape(count);
        }

        void offer(Labels labels, double[] values) {
            Target before = best;
            if (spare.of(values)
                    && (before == null || spare.peak() > before.shape().peak())) {
                best = new Target(labels, spare, selectors);
                spare = before == null ? new Shape(count) : before.shape();
            }
        }
    }

    /**
     * The series of an expression, or null if it has none.
     *
     * @throws QueryException if the expression cannot be evaluated, or none of its series has numbers that vary
     */
    @Nullable
    Target of(String expression, Answering answering, QueryControl control) {
        Expr expr = queries.parse(expression);
        Choice choice = new Choice(answering.grid.count(), Selectors.of(expr));
        boolean isSelector = expr instanceof Expr.Selector selector
                && selector.timing().equals(Expr.Timing.PLAIN)
                && selector.edges() == Expr.Edges.PLAIN;
        if (isSelector) {
            select(((Expr.Selector) expr).matchers(), answering, choice);
        } else {
            evaluate(expression, answering, control, choice);
        }
        Target best = choice.best;
        if (best == null && choice.series > 0) {
            throw new QueryException(
                    Kind.EXECUTION,
                    "nothing can be compared with the query's series: series=" + choice.series
                            + ", all of them constant or with less than " + Grid.LEAST / 2
                            + " values in this range; native histograms of an expression need histogram_quantile");
        }
        if (best != null && choice.series > 1) {
            answering.notes.info("the query has " + choice.series + " series: compared with the one that jumped most, "
                    + best.labels());
        }
        return best;
    }

    private static void select(List<Matcher> matchers, Answering answering, Choice choice) {
        try (SeriesSet set =
                answering.querier.find(matchers.toArray(new Matcher[0])).open(SummaryRule.NONE, answering.budget)) {
            while (set.next()) {
                answering.read(set);
                choice.series++;
                for (Measure measure : Measured.measures(answering.reader, set.labels())) {
                    if (answering.onto(measure) >= Grid.LEAST / 2) {
                        choice.offer(set.labels(), answering.values);
                    }
                }
            }
            answering.notes.holes(set.holes());
        }
    }

    private void evaluate(String expression, Answering answering, QueryControl control, Choice choice) {
        Grid grid = answering.grid;
        QueryResult result =
                queries.run(QueryRequest.range(expression, grid.start(), grid.last(), grid.step()), control);
        result.warnings().forEach(answering.notes::warn);
        result.infos().forEach(answering.notes::info);
        if (!(result.value() instanceof QueryResult.Matrix matrix)) {
            throw new AssertionError("BUG: a range query gives a matrix: " + result.value());
        }
        for (QueryResult.Series series : matrix.series()) {
            choice.series++;
            Arrays.fill(answering.values, Double.NaN);
            int known = 0;
            for (int i = 0; i < series.times().length; i++) {
                double value = RobustScale.cut(series.values()[i]);
                answering.values[(int) ((series.times()[i] - grid.start()) / grid.step())] = value;
                known += Double.isNaN(value) ? 0 : 1;
            }
            if (known >= Grid.LEAST / 2) {
                choice.offer(series.labels(), answering.values);
            }
        }
    }
}
