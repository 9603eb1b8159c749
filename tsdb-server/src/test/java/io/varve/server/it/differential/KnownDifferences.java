package io.varve.server.it.differential;

import io.varve.server.it.differential.Expr.Aggregation;
import io.varve.server.it.differential.Expr.Binary;
import io.varve.server.it.differential.Expr.Call;
import io.varve.server.it.differential.Expr.Selector;
import io.varve.server.it.differential.Expr.Sign;
import io.varve.server.it.differential.Expr.Timing;
import io.varve.server.it.differential.Points.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where Prometheus 2.42 is no judge, because the language of 3.x says otherwise or says nothing. Each rule looks at the part
 * where a difference begins, whose inputs are equal to the last bit; where 3.x fixes the value, Varve's must be that value,
 * worked out from those inputs by {@link Models}.
 *
 * <ul>
 *   <li>rounding: the values agree within {@link Comparer#TOLERANCE}, but something above them does not (a comparison, a
 *       difference of nearly equal values, rounding to whole numbers).
 *   <li>compensation: sums and means are compensated in 3.x. Varve's must be the exact one; the peer's may be off by what
 *       cancels out.
 *   <li>spread: standard deviations and regressions subtract nearly equal values, in another order of the series or
 *       compensated in 3.x. What differs is small beside the values themselves.
 *   <li>not finite: {@code stddev} and {@code stdvar} of anything infinite are NaN in 3.x, 2.42 says 0 for a lone one.
 *   <li>extrapolation: 3.x cuts the way to a window's beginning to half a spacing before it looks for the point at which a
 *       counter was zero, 2.42 the other way round.
 *   <li>name of atan2: 2.42 keeps it, so that series stay apart that are the same without it.
 *   <li>libm: {@code log2} is exact to the last digits just above 1 in Varve, and angles near a multiple of π are in
 *       either; what differs is small beside 1. {@code sinh} and {@code cosh} of 710 are finite, infinite in 2.42.
 *   <li>no date: parts of the date of NaN, of infinity, or of years beyond every calendar are NaN; 2.42 gives what a
 *       processor makes of such a number as an integer.
 *   <li>fixed window: under {@code predict_linear}, and under {@code quantile_over_time} with a parameter that changes, 2.42
 *       moves a window that {@code @} fixes on with the steps of a range query, and shows nothing of what has come in. Its
 *       instant queries are right.
 *   <li>fixed parameter: the parameter of an aggregation that {@code @} fixes is not the same at all steps in 2.42.
 *   <li>count_values by: 2.42 loses labels from the second step on if there are several.
 *   <li>timestamp offset: 2.42 leaves the offset out where there is an {@code @}, under {@code timestamp} alone. Varve's answer
 *       must be that of the time with the offset taken off it, 2.42's that of the time without, but for series of which it
 *       has read no samples there, since it reads those of the other time.
 *   <li>ties: which of equal values {@code topk} and {@code bottomk} keep is not said, not even that it is the same one in
 *       the next query. There must be a value of which some are kept and some are not.
 *   <li>merging: a sign takes the name off; series that are the same then, but never at one time, are one in 3.x and an error
 *       in 2.42.
 *   <li>many to one: 3.x refuses two series for one also where a comparison filters them out.
 * </ul>
 */
final class KnownDifferences {

    /** Points of one cause that are worked out; the rest of them is taken to be alike. */
    private static final int MOST_POINTS = 40;

    private static final Set<String> SUMS = Set.of("sum", "avg", "sum_over_time", "avg_over_time");
    private static final Set<String> SPREADS =
            Set.of("stddev", "stdvar", "stddev_over_time", "stdvar_over_time", "deriv", "predict_linear");

    private static final Set<String> TWO_ARGUMENTS = Set.of("predict_linear", "quantile_over_time");
    private static final Set<String> LIBM =
            Set.of("log2", "sinh", "cosh", "sin", "cos", "tan", "atan2", "acosh", "asinh", "atanh");
    private static final Set<String> DATES =
            Set.of("minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year");

    private final Pair servers;
    private final String prefix;

    KnownDifferences(Pair servers, String prefix) {
        this.servers = servers;
        this.prefix = prefix;
    }

    /** The name of the rule that explains a difference; empty if there is none. */
    Optional<String> explain(Pair.Asked cause) {
        if (cause.difference(Comparer.TOLERANCE).isEmpty()) {
            return Optional.of("rounding");
        }
        Expr expr = cause.question().expr();
        if (cause.varve().failed() || cause.peer().failed()) {
            return explainError(cause, expr);
        }
        Optional<String> whole = explainWhole(cause, expr);
        if (whole.isPresent()) {
            return whole;
        }
        String name = head(expr);
        List<Point> points = Points.differing(cause, Comparer.TOLERANCE);
        if (points.isEmpty() || !points.stream().allMatch(Point::both)) {
            return Optional.empty();
        }
        if (name.equals("rate") || name.equals("increase")) {
            return modelled("extrapolation", cause, points);
        }
        if (LIBM.contains(name) && points.stream().allMatch(KnownDifferences::libm)) {
            return Optional.of("libm");
        }
        if (DATES.contains(name)) {
            return modelled("no date", cause, points);
        }
        if (SUMS.contains(name)) {
            return modelled("compensation", cause, points);
        }
        if (SPREADS.contains(name)) {
            return modelled("spread", cause, points);
        }
        return Optional.empty();
    }

    /** What can be said of answers as a whole. */
    private Optional<String> explainWhole(Pair.Asked cause, Expr expr) {
        String name = head(expr);
        if (name.equals("atan2") && atan2(cause)) {
            return Optional.of("name of atan2");
        }
        boolean fixed = TWO_ARGUMENTS.contains(name) && expr.text().contains(" @ ");
        boolean grouped = name.equals("count_values") && expr.text().contains(" by ");
        if ((fixed || fixedParameter(expr) || grouped) && sameAsInstants(cause)) {
            return Optional.of(grouped ? "count_values by" : fixed ? "fixed window" : "fixed parameter");
        }
        boolean shifted = name.equals("timestamp")
                && expr.parts().get(0) instanceof Selector selector
                && leavesOffsetOut(cause, selector);
        if (shifted) {
            return Optional.of("timestamp offset");
        }
        boolean ranked = name.equals("topk") || name.equals("bottomk");
        boolean tied = ranked
                ? ties(cause, (Aggregation) expr)
                : Causes.parts(cause.question()).stream().anyMatch(this::tied);
        return tied ? Optional.of("ties") : Optional.empty();
    }

    private boolean leavesOffsetOut(Pair.Asked cause, Selector selector) {
        Timing timing = selector.timing();
        if (timing.at().isEmpty() || timing.offsetMs() == 0) {
            return false;
        }
        Answer meant = timestamp(cause, selector, new Timing(Question.seconds(timing.apply(0)), 0));
        Answer taken = timestamp(cause, selector, new Timing(timing.at(), 0));
        return same(cause, cause.varve(), meant) && same(cause, of(taken, cause.peer()), cause.peer());
    }

    /** Of an answer the series that another has. */
    private static Answer of(Answer all, Answer some) {
        Set<Map<String, String>> labels =
                some.series().stream().map(Answer.Series::labels).collect(Collectors.toSet());
        List<Answer.Series> series = all.series().stream()
                .filter(one -> labels.contains(one.labels()))
                .toList();
        return new Answer(all.errorType(), all.text(), all.resultType(), series);
    }

    private Answer timestamp(Pair.Asked cause, Selector selector, Timing timing) {
        Expr other =
                cause.question().expr().withParts(List.of(new Selector(selector.name(), selector.matchers(), timing)));
        return servers.peer().ask(cause.question().with(other), prefix);
    }

    private static boolean same(Pair.Asked cause, Answer varve, Answer peer) {
        return new Pair.Asked(cause.question(), varve, peer)
                .difference(Comparer.TOLERANCE)
                .isEmpty();
    }

    private static boolean fixedParameter(Expr expr) {
        return expr instanceof Aggregation
                && expr.parts().size() > 1
                && expr.parts().get(0).text().contains(" @ ");
    }

    /** Whether a part ranks values of which equal ones are kept and not kept, at any depth. */
    private boolean tied(Question question) {
        Expr expr = question.expr();
        String name = head(expr);
        if (name.equals("topk") || name.equals("bottomk")) {
            Aggregation ranking = (Aggregation) expr;
            Map<List<Object>, List<Double>> all =
                    values(servers.peer().ask(question.with(ranking.vector()), prefix), ranking.grouping());
            Map<List<Object>, List<Double>> kept = values(servers.peer().ask(question, prefix), ranking.grouping());
            if (kept.entrySet().stream()
                    .anyMatch(group -> tied(group.getValue(), all.getOrDefault(group.getKey(), List.of())))) {
                return true;
            }
        }
        return Causes.parts(question).stream().anyMatch(this::tied);
    }

    /** Whether of some value that is kept there are more than are kept. */
    private static boolean tied(List<Double> kept, List<Double> all) {
        return new HashSet<>(kept)
                .stream().anyMatch(value -> Collections.frequency(all, value) > Collections.frequency(kept, value));
    }

    /** What an expression is called in a report. */
    static String head(Expr expr) {
        if (expr instanceof Call call) {
            return call.name();
        }
        if (expr instanceof Aggregation aggregation) {
            return aggregation.operator();
        }
        if (expr instanceof Binary binary) {
            return binary.operator();
        }
        return expr instanceof Sign ? "sign" : "selector";
    }

    private Optional<String> explainError(Pair.Asked cause, Expr expr) {
        boolean onlyPeer = !cause.varve().failed();
        boolean onlyVarve = !cause.peer().failed();
        if (onlyPeer && expr instanceof Sign && cause.peer().text().contains("same labelset")) {
            return Optional.of("merging");
        }
        boolean named = cause.varve().text().contains("same labelset")
                || cause.varve().text().contains("multiple matches");
        if (onlyVarve && head(expr).equals("atan2") && named) {
            return Optional.of("name of atan2");
        }
        if (onlyPeer && fixedParameter(expr) && cause.peer().text().contains("NaN") && sameAsInstants(cause)) {
            return Optional.of("fixed parameter");
        }
        boolean filters = expr instanceof Binary binary
                && Set.of("==", "!=", "<", ">", "<=", ">=").contains(binary.operator())
                && !binary.modifiers().contains("bool");
        return onlyVarve && filters && cause.varve().errorType().equals("execution")
                ? Optional.of("many to one")
                : Optional.empty();
    }

    /** Small beside 1, or at the end of what a double can hold, where 2.42 halves what is infinite by then. */
    private static boolean libm(Point point) {
        double ours = point.varve().getAsDouble();
        double theirs = point.peer().getAsDouble();
        boolean atTheEnd = Double.isInfinite(theirs) && Math.abs(ours) > Double.MAX_VALUE / 2;
        return Math.abs(ours - theirs) < 1e-15 || atTheEnd;
    }

    /** Whether Varve answers as the peer does to instant queries, at some of the times. */
    private boolean sameAsInstants(Pair.Asked cause) {
        List<Question> instants = cause.question().instants();
        List<Answer> answers = servers.peer().ask(instants, prefix);
        for (int i = 0; i < instants.size(); i++) {
            Answer ours = at(cause.varve(), instants.get(i).startMs());
            if (new Pair.Asked(instants.get(i), ours, answers.get(i))
                    .difference(Comparer.TOLERANCE)
                    .isPresent()) {
                return false;
            }
        }
        return !instants.isEmpty();
    }

    private static Answer at(Answer matrix, long timeMs) {
        List<Answer.Series> found = new ArrayList<>();
        for (Answer.Series series : matrix.series()) {
            int at = Arrays.binarySearch(series.times(), timeMs);
            if (at >= 0) {
                found.add(new Answer.Series(series.labels(), new long[] {timeMs}, new double[] {series.values()[at]}));
            }
        }
        return new Answer("", "", "vector", found);
    }

    private static boolean atan2(Pair.Asked cause) {
        List<Answer.Series> unnamed = new ArrayList<>();
        for (Answer.Series series : cause.peer().series()) {
            unnamed.add(new Answer.Series(Points.unnamed(series.labels()), series.times(), series.values()));
        }
        Answer peer = new Answer("", "", "unordered", unnamed);
        Answer varve = new Answer("", "", "unordered", cause.varve().series());
        return new Pair.Asked(cause.question(), varve, peer)
                .difference(Comparer.TOLERANCE)
                .isEmpty();
    }

    /** At each time, each group has the same values, and each of Varve's series has its own value. */
    private boolean ties(Pair.Asked cause, Aggregation aggregation) {
        Map<List<Object>, List<Double>> ours = values(cause.varve(), aggregation.grouping());
        if (!ours.equals(values(cause.peer(), aggregation.grouping()))) {
            return false;
        }
        Pair.Asked all = servers.ask(cause.question().with(aggregation.vector()), prefix);
        Map<Map<String, String>, Answer.Series> inputs = Comparer.byLabels(all.peer());
        for (Answer.Series series : cause.varve().series()) {
            Answer.Series input = inputs.get(series.labels());
            for (int i = 0; i < series.times().length; i++) {
                int at = input == null ? -1 : Arrays.binarySearch(input.times(), series.times()[i]);
                if (input == null || at < 0 || Double.compare(input.values()[at], series.values()[i]) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Map<List<Object>, List<Double>> values(Answer answer, String grouping) {
        Map<List<Object>, List<Double>> values = new HashMap<>();
        for (Answer.Series series : answer.series()) {
            for (int i = 0; i < series.times().length; i++) {
                values.computeIfAbsent(
                                List.of(Points.group(series.labels(), grouping), series.times()[i]),
                                key -> new ArrayList<>())
                        .add(series.values()[i] + 0.0); // the zeros are equal
            }
        }
        values.values().forEach(list -> list.sort(Double::compare));
        return values;
    }

    /** Whether Varve's value is what 3.x would make of the inputs, at each point. */
    private Optional<String> modelled(String rule, Pair.Asked cause, List<Point> points) {
        for (Point point : points.subList(0, Math.min(points.size(), MOST_POINTS))) {
            if (!Models.fits(cause.question().expr(), point, inputs(cause, point), point.timeMs())) {
                return Optional.empty();
            }
        }
        return Optional.of(rule);
    }

    /** What goes into a point: the series of its group at that time, or the samples of its window. */
    private List<Answer.Series> inputs(Pair.Asked cause, Point point) {
        Expr expr = cause.question().expr();
        Expr part = expr.parts().stream()
                .filter(one -> one.type() == Expr.Type.VECTOR || one.type() == Expr.Type.MATRIX)
                .reduce((first, second) -> second)
                .orElseThrow();
        String grouping = expr instanceof Aggregation aggregation ? aggregation.grouping() : "without ()";
        Answer answer = servers.peer().ask(Question.instant(part, point.timeMs()), prefix);
        return answer.series().stream()
                .filter(series -> Points.group(series.labels(), grouping).equals(point.labels()))
                .toList();
    }
}
