package io.varve.query.exec;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Queryable;
import io.varve.query.QueryControl;
import io.varve.query.QueryException;
import io.varve.query.QueryException.Kind;
import io.varve.query.QueryLimits;
import io.varve.query.QueryOptions;
import io.varve.query.QueryPlan;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.QueryWatch;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Parser;
import io.varve.query.lang.Resolver;
import io.varve.query.lang.SourceText;
import io.varve.query.lang.ValueType;
import io.varve.query.plan.QueryBudget;
import io.varve.query.plan.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one request from its text to its result. Stateless; any number of threads. */
public final class QueryRunner {

    private final Queryable store;
    private final QueryLimits limits;
    private final QueryOptions options;
    private final TimeSource clock;
    private final QueryWatch watch;

    /** A runner over a store. */
    public QueryRunner(Queryable store, QueryLimits limits, QueryOptions options, TimeSource clock, QueryWatch watch) {
        this.store = store;
        this.limits = limits;
        this.options = options;
        this.clock = clock;
        this.watch = watch;
    }

    /**
     * Parses, in the dialect that is spoken here.
     *
     * @throws QueryException if the text is no expression
     */
    public Expr parse(String expression) {
        return Parser.parse(expression, options.dialect());
    }

    /**
     * Parses and evaluates.
     *
     * @throws QueryException if the request cannot be answered
     */
    public QueryResult run(QueryRequest request, QueryControl control) {
        Expr parsed = Parser.parse(request.expression(), options.dialect());
        Steps steps = steps(request, limits);
        Expr expr = resolved(parsed, request);
        QueryBudget budget = new QueryBudget(limits, request.timeout(), control, clock);
        Annotations annotations = new Annotations(new SourceText(request.expression()), store.resolution());
        try (QueryContext context = context(request, budget, annotations)) {
            QueryResult.Value value = evaluate(context, request, expr, steps);
            return new QueryResult(value, annotations.warnings(), annotations.infos(), budget.samples());
        } catch (StackOverflowError e) {
            throw new QueryException(Kind.EXECUTION, "expression nested too deeply for this thread's stack");
        } finally {
            budget.tell(watch, steps.count());
        }
    }

    /**
     * Parses and goes the way of an evaluation without reading samples.
     *
     * @throws QueryException if the request cannot be answered, but for what its samples would make of it
     */
    public QueryPlan explain(QueryRequest request, QueryControl control) {
        Expr parsed = Parser.parse(request.expression(), options.dialect());
        Steps steps = steps(request, limits);
        Expr expr = resolved(parsed, request);
        QueryBudget budget = new QueryBudget(limits, request.timeout(), control, clock);
        Annotations annotations = new Annotations(new SourceText(request.expression()), store.resolution());
        try (QueryContext context = context(request, budget, annotations)) {
            PlannedReads reads = new PlannedReads();
            context.plan(reads);
            evaluate(context, request, expr, steps);
            QueryPlan.Node root = new PlanTree(request.expression(), reads, budget).of(expr);
            long memory = PlanMemory.of(expr, root, steps, context);
            return new QueryPlan(
                    root,
                    request.start(),
                    request.end(),
                    request.step(),
                    steps.count(),
                    memory,
                    PlanMemory.refusals(root, memory, limits),
                    annotations.warnings());
        } catch (StackOverflowError e) {
            throw new QueryException(Kind.EXECUTION, "expression nested too deeply for this thread's stack");
        }
    }

    private Expr resolved(Expr expr, QueryRequest request) {
        if (!request.isInstant() && expr.type() != ValueType.SCALAR && expr.type() != ValueType.VECTOR) {
            throw new QueryException(
                    Kind.BAD_DATA,
                    "invalid expression type \"" + expr.type().text()
                            + "\" for range query, must be Scalar or instant Vector");
        }
        return Resolver.resolve(expr, request.expression(), times(request));
    }

    private QueryContext context(QueryRequest request, QueryBudget budget, Annotations annotations) {
        long lookback = request.lookback() > 0
                ? request.lookback()
                : store.resolution().ticksOfMillis(limits.lookback().toMillis());
        QueryContext context = new QueryContext(
                store, budget, annotations, request.start(), request.end(), lookback, request.isInstant(), options);
        if (options.experimental()) {
            context.useStartTimes();
        }
        if (options.delayedNameRemoval()) {
            context.keepNames();
        }
        return context;
    }

    private static QueryResult.Value evaluate(QueryContext context, QueryRequest request, Expr expr, Steps steps) {
        context.budget().check();
        context.share(expr);
        Evaluator evaluator = new Evaluator(context, steps);
        return request.isInstant() ? instant(evaluator, expr) : matrix(evaluator, expr);
    }

    private Resolver.Times times(QueryRequest request) {
        long ticksPerSecond = store.resolution().ticksPerSecond();
        return new Resolver.Times(request.start(), request.end(), request.step(), ticksPerSecond);
    }

    /**
     * The times of a request.
     *
     * @throws QueryException if there are none or too many
     */
    private static Steps steps(QueryRequest request, QueryLimits limits) {
        QueryContext.checkTime(request.start());
        QueryContext.checkTime(request.end());
        if (request.isInstant()) {
            return Steps.at(request.start());
        }
        return range(request.start(), request.end(), request.step(), limits);
    }

    static Steps range(long start, long end, long step, QueryLimits limits) {
        if (step < 0) {
            throw new QueryException(
                    Kind.BAD_DATA,
                    "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        if (end < start) {
            throw new QueryException(Kind.BAD_DATA, "end timestamp must not be before start time");
        }
        long last = (end - start) / step;
        if (last > limits.maxPoints()) {
            throw new QueryException(
                    Kind.BAD_DATA,
                    String.format(
                            java.util.Locale.ROOT,
                            "exceeded maximum resolution of %,d points per timeseries. Try decreasing the query"
                                    + " resolution (?step=XX)",
                            limits.maxPoints()));
        }
        return new Steps(start, step, (int) last + 1);
    }

    private static QueryResult.Value instant(Evaluator evaluator, Expr expr) {
        long time = evaluator.steps().start();
        return switch (expr.type()) {
            case SCALAR -> new QueryResult.Scalar(time, evaluator.scalar(expr)[0]);
            case STRING -> new QueryResult.Text(time, Evaluator.text(expr));
            case MATRIX -> samples(evaluator, expr);
            case VECTOR -> {
                RowSet rows = vector(evaluator, expr);
                List<QueryResult.Sample> samples = new ArrayList<>(rows.rows().size());
                rows.rows().forEach((labels, row) -> {
                    if (row.has(0)) {
                        samples.add(new QueryResult.Sample(labels, time, row.get(0), row.histogram(0)));
                    }
                });
                yield new QueryResult.Vector(List.copyOf(samples));
            }
        };
    }

    /** All series of a vector, without the names that fall away at the end. */
    private static RowSet vector(Evaluator evaluator, Expr expr) {
        RowSet rows = new RowSet();
        evaluator.vector(
                expr, (labels, row) -> rows.accept(row.isNameless() ? labels.without(Labels.NAME) : labels, row));
        return rows;
    }

    /** The raw samples of a range selector. */
    private static QueryResult.Matrix samples(Evaluator evaluator, Expr expr) {
        List<QueryResult.Series> series = new ArrayList<>();
        new SelectorReading(evaluator).windows(expr, true, (labels, windows) -> {
            int from = windows.from()[0];
            int to = windows.to()[0];
            if (to > from) {
                evaluator.context().budget().charge(0, 16L * (to - from));
                @Nullable Histogram @Nullable [] histograms = windows.histograms();
                series.add(new QueryResult.Series(
                        labels,
                        Arrays.copyOfRange(windows.times(), from, to),
                        Arrays.copyOfRange(windows.values(), from, to),
                        histograms == null ? null : Arrays.copyOfRange(histograms, from, to)));
            }
        });
        series.sort(Comparator.comparing(QueryResult.Series::labels));
        return new QueryResult.Matrix(List.copyOf(series));
    }

    private static QueryResult.Matrix matrix(Evaluator evaluator, Expr expr) {
        List<QueryResult.Series> series = new ArrayList<>();
        Steps steps = evaluator.steps();
        if (expr.type() == ValueType.SCALAR) {
            long[] times = new long[steps.count()];
            Arrays.setAll(times, steps::time);
            series.add(new QueryResult.Series(Labels.EMPTY, times, evaluator.scalar(expr)));
            return new QueryResult.Matrix(List.copyOf(series));
        }
        RowSet rows = vector(evaluator, expr);
        rows.rows().forEach((labels, row) -> {
            if (!row.isEmpty()) {
                series.add(series(labels, row, steps));
            }
        });
        series.sort(Comparator.comparing(QueryResult.Series::labels));
        return new QueryResult.Matrix(List.copyOf(series));
    }

    private static QueryResult.Series series(Labels labels, Row row, Steps steps) {
        int count = row.count();
        long[] times = new long[count];
        double[] values = new double[count];
        @Nullable Histogram @Nullable [] histograms = row.hasHistograms() ? new Histogram[count] : null;
        int at = 0;
        for (int i = 0; i < row.steps(); i++) {
            if (row.has(i)) {
                times[at] = steps.time(i);
                if (histograms != null) {
                    histograms[at] = row.histogram(i);
                }
                values[at++] = row.get(i);
            }
        }
        return new QueryResult.Series(labels, times, values, histograms);
    }
}
