package io.varve.server.it.differential;

import io.varve.server.it.differential.Expr.Aggregation;
import io.varve.server.it.differential.Expr.Call;
import io.varve.server.it.differential.Expr.Subquery;
import io.varve.server.it.differential.Expr.Window;
import io.varve.server.it.differential.Points.Point;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;

/** What the language of 3.x says of a value, worked out from its inputs in the plainest way. */
final class Models {

    private static final Comparer NEAR = new Comparer(Comparer.TOLERANCE);

    /** How far compensated sums may be off beside the sum of what they add, as long as that is of a usual size. */
    private static final double COMPENSATED = 1e-30;

    private static final double USUAL = 1e20;

    /** How far differences of nearly equal values may be apart beside these values. */
    private static final double SPREAD = 1e-9;

    /** Seconds of which no calendar has a date, either way. */
    private static final double NO_DATE = 1e16;

    private Models() {}

    /**
     * Whether Varve's value is right.
     *
     * @param expr what it is a value of
     * @param inputs the samples of a window, in one series, or the values of a group, in many
     */
    static boolean fits(Expr expr, Point point, List<Answer.Series> inputs, long timeMs) {
        if (inputs.isEmpty()) {
            return false;
        }
        double ours = point.varve().getAsDouble();
        double[] values = expr instanceof Aggregation
                ? inputs.stream().mapToDouble(Answer.Series::last).toArray()
                : inputs.get(0).values();
        String name = KnownDifferences.head(expr);
        return switch (name) {
            case "rate", "increase" -> NEAR.same(ours, growth((Call) expr, inputs.get(0), timeMs));
            case "minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year" ->
                Double.isNaN(ours) && !(Math.abs(values[0]) < NO_DATE);
            case "sum", "sum_over_time" -> isSum(ours, values, 1);
            case "avg", "avg_over_time" -> isSum(ours, values, values.length);
            default -> isSpread(name, ours, point.peer().getAsDouble(), values);
        };
    }

    private static boolean isSum(double ours, double[] values, int divisor) {
        if (!Arrays.stream(values).allMatch(Double::isFinite)) {
            return NEAR.same(
                    ours, Arrays.stream(values).filter(v -> !Double.isFinite(v)).sum());
        }
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal size = BigDecimal.ZERO;
        for (double value : values) {
            sum = sum.add(new BigDecimal(value));
            size = size.add(new BigDecimal(value).abs());
        }
        double exact =
                sum.divide(BigDecimal.valueOf(divisor), MathContext.DECIMAL128).doubleValue();
        double bound = size.doubleValue() < USUAL ? size.doubleValue() * COMPENSATED : 0;
        return NEAR.same(ours, exact) || Math.abs(ours - exact) <= bound;
    }

    private static boolean isSpread(String name, double ours, double theirs, double[] values) {
        if (!Arrays.stream(values).allMatch(Double::isFinite)) {
            return Double.isNaN(ours);
        }
        double size = Arrays.stream(values).map(Math::abs).max().orElse(0);
        if (size > 1e150) {
            return !Double.isFinite(ours); // squares are infinite
        }
        double scale = name.startsWith("stdvar") ? size * size : size;
        double bound = name.startsWith("std") ? 1e-7 : SPREAD;
        return Math.abs(ours - theirs) <= bound * scale;
    }

    /** Growth between a window's first and last sample, stretched to its ends. */
    private static double growth(Call call, Answer.Series window, long timeMs) {
        Expr part = call.parts().get(0);
        long rangeMs = part instanceof Window plain ? plain.rangeMs() : ((Subquery) part).rangeMs();
        long to = part instanceof Window plain
                ? plain.selector().timing().apply(timeMs)
                : ((Subquery) part).timing().apply(timeMs);
        long[] times = window.times();
        double[] values = window.values();
        int last = values.length - 1;
        double growth = values[last] - values[0];
        for (int i = 1; i <= last; i++) {
            growth += values[i] < values[i - 1] ? values[i - 1] : 0;
        }
        double sampled = (times[last] - times[0]) / 1e3;
        double spacing = sampled / last;
        double before = (times[0] - (to - rangeMs)) / 1e3;
        double after = (to - times[last]) / 1e3;
        before = before >= spacing * 1.1 ? spacing / 2 : before;
        after = after >= spacing * 1.1 ? spacing / 2 : after;
        if (growth > 0 && values[0] >= 0) {
            before = Math.min(before, sampled * (values[0] / growth));
        }
        double whole = growth * ((sampled + before + after) / sampled);
        return call.name().equals("rate") ? whole / (rangeMs / 1e3) : whole;
    }
}
