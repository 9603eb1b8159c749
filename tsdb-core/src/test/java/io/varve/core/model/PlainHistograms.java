package io.varve.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.sketch.BucketScale;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Sums and resets of native histograms bucket by bucket, in numbers of any size. */
public final class PlainHistograms {

    private static final int CUSTOM = HistogramLayout.CUSTOM_SCHEMA;
    private static final Cell ZERO = new Cell(false, Long.MAX_VALUE);
    private static final Cell COUNT = new Cell(false, Long.MIN_VALUE);

    private PlainHistograms() {}

    private record Cell(boolean below, long index) {}

    private static BigDecimal number(Histogram of, int bucket) {
        return of.isFloat() ? new BigDecimal(of.bucket(bucket)) : BigDecimal.valueOf(of.bucketBits(bucket));
    }

    private static Map<Cell, BigDecimal> cells(Histogram of) {
        Map<Cell, BigDecimal> cells = new HashMap<>();
        HistogramLayout layout = of.layout();
        int bucket = 0;
        long index = 0;
        for (int span = 0; span < layout.positiveSpans() + layout.negativeSpans(); span++) {
            boolean below = span >= layout.positiveSpans();
            index = span == 0 || span == layout.positiveSpans() ? 0 : index;
            index += layout.spanOffset(span);
            for (int i = 0; i < layout.spanLength(span); i++) {
                cells.put(new Cell(below, index++), number(of, bucket++));
            }
        }
        cells.put(COUNT, of.isFloat() ? new BigDecimal(of.count()) : BigDecimal.valueOf(of.countBits()));
        cells.put(ZERO, of.isFloat() ? new BigDecimal(of.zeroCount()) : BigDecimal.valueOf(of.zeroCountBits()));
        return cells;
    }

    private static boolean isBucket(Cell cell) {
        return !cell.equals(COUNT) && !cell.equals(ZERO);
    }

    private static List<Double> bounds(HistogramLayout layout) {
        List<Double> bounds = new ArrayList<>();
        for (int i = 0; i < layout.bounds(); i++) {
            bounds.add(layout.bound(i));
        }
        return bounds;
    }

    /** Where a bucket goes in another layout; a cell that its zero bucket cuts is counted below the least index. */
    private static Cell target(Cell cell, HistogramLayout from, HistogramLayout to) {
        if (!isBucket(cell)) {
            return cell;
        }
        if (from.schema() == CUSTOM) {
            int index = to.bounds();
            for (int i = to.bounds() - 1; i >= 0 && cell.index() < from.bounds(); i--) {
                index = to.bound(i) >= from.bound((int) cell.index()) ? i : index;
            }
            return new Cell(false, index);
        }
        BucketScale scale = BucketScale.of(from.schema());
        double upper = scale.upperBound((int) cell.index());
        double lower = scale.lowerBound((int) cell.index());
        if (from.zeroThreshold() < to.zeroThreshold() && lower < to.zeroThreshold()) {
            return upper <= to.zeroThreshold() ? ZERO : new Cell(cell.below(), (1L << 40) + cell.index());
        }
        long width = 1L << from.schema() - to.schema();
        return new Cell(cell.below(), Math.floorDiv(cell.index() + width - 1, width));
    }

    private static void add(Histogram of, int factor, HistogramLayout to, Map<Cell, BigDecimal> total) {
        cells(of)
                .forEach((cell, number) -> total.merge(
                        target(cell, of.layout(), to), number.multiply(BigDecimal.valueOf(factor)), BigDecimal::add));
    }

    private static void addSize(Histogram of, HistogramLayout to, Map<Cell, BigDecimal> total) {
        cells(of).forEach((cell, number) -> total.merge(target(cell, of.layout(), to), number.abs(), BigDecimal::add));
    }

    private static boolean isMixed(List<Histogram> all) {
        return all.stream()
                        .map(one -> one.layout().schema() == CUSTOM)
                        .distinct()
                        .count()
                > 1;
    }

    /**
     * Checks a total.
     *
     * @param plus what was added; not empty
     * @param minus what was taken away
     * @param beside for what the layout has room too
     */
    public static void assertTotal(
            String context,
            List<Histogram> plus,
            List<Histogram> minus,
            List<Histogram> beside,
            @Nullable Histogram total) {
        List<Histogram> all = new ArrayList<>(plus);
        all.addAll(minus);
        all.addAll(beside);
        if (isMixed(all)) {
            assertThat(total).as(context).isNull();
            return;
        }
        assertThat(total).as(context).isNotNull();
        HistogramLayout layout = total.layout();
        assertLayout(context, all, layout);
        boolean gauge = !minus.isEmpty() || all.stream().anyMatch(one -> one.hint() == ResetHint.GAUGE);
        assertThat(total.hint()).as(context).isEqualTo(gauge ? ResetHint.GAUGE : ResetHint.UNKNOWN);
        Map<Cell, BigDecimal> expected = new HashMap<>();
        plus.forEach(one -> add(one, 1, layout, expected));
        minus.forEach(one -> add(one, -1, layout, expected));
        Map<Cell, BigDecimal> size = new HashMap<>(); // what rounding is relative to where something is taken away
        plus.forEach(one -> addSize(one, layout, size));
        minus.forEach(one -> addSize(one, layout, size));
        Map<Cell, BigDecimal> found = cells(total);
        Set<Cell> either = new HashSet<>(expected.keySet());
        either.addAll(found.keySet());
        for (Cell cell : either) {
            BigDecimal exact = expected.getOrDefault(cell, BigDecimal.ZERO);
            BigDecimal answer = found.getOrDefault(cell, BigDecimal.ZERO);
            BigDecimal of = minus.isEmpty() ? exact.abs() : size.getOrDefault(cell, BigDecimal.ZERO);
            BigDecimal most = total.isFloat() ? of.multiply(new BigDecimal("1e-12")) : BigDecimal.ZERO;
            assertThat(answer.subtract(exact).abs())
                    .as(context + ": " + cell + " of " + total + ": " + exact + " found " + answer)
                    .isLessThanOrEqualTo(most);
        }
        assertSum(context, plus, minus, total.sum());
    }

    private static void assertSum(String context, List<Histogram> plus, List<Histogram> minus, double sum) {
        BigDecimal exact = BigDecimal.ZERO;
        double size = 0;
        for (Histogram one : plus) {
            size += Math.abs(one.sum());
            exact = Double.isNaN(one.sum()) || exact == null ? null : exact.add(new BigDecimal(one.sum()));
        }
        for (Histogram one : minus) {
            size += Math.abs(one.sum());
            exact = Double.isNaN(one.sum()) || exact == null ? null : exact.subtract(new BigDecimal(one.sum()));
        }
        if (exact == null) {
            assertThat(sum).as(context).isNaN();
        } else {
            assertThat(Math.abs(sum - exact.doubleValue()))
                    .as(context + ": sum " + exact + " found " + sum)
                    .isLessThanOrEqualTo(1e-12 * (minus.isEmpty() ? exact.abs().doubleValue() : size));
        }
    }

    private static void assertLayout(String context, List<Histogram> all, HistogramLayout layout) {
        assertThat(layout.isFloat()).as(context).isEqualTo(all.stream().anyMatch(Histogram::isFloat));
        int schema = all.stream().mapToInt(one -> one.layout().schema()).min().orElseThrow();
        assertThat(layout.schema()).as(context).isEqualTo(schema);
        if (schema == CUSTOM) {
            TreeSet<Double> shared = new TreeSet<>(bounds(all.get(0).layout()));
            all.forEach(one -> shared.retainAll(bounds(one.layout())));
            assertThat(bounds(layout)).as(context).containsExactlyElementsOf(shared);
            return;
        }
        double widest = all.stream()
                .mapToDouble(one -> one.layout().zeroThreshold())
                .max()
                .orElseThrow();
        double threshold = layout.zeroThreshold();
        boolean bound = false;
        for (Histogram one : all) {
            for (Map.Entry<Cell, BigDecimal> cell : cells(one).entrySet()) {
                bound |= isBucket(cell.getKey())
                        && BucketScale.of(one.layout().schema())
                                        .upperBound((int) cell.getKey().index())
                                <= threshold;
            }
        }
        assertThat(threshold == widest || threshold > widest && bound)
                .as(context + ": zero bucket of " + threshold + ", widest " + widest)
                .isTrue();
    }

    /** Whether a counter begins anew. */
    public static boolean isReset(Histogram before, Histogram now) {
        if (now.hint() != ResetHint.UNKNOWN) {
            return now.hint() == ResetHint.RESET;
        }
        HistogramLayout old = before.layout();
        HistogramLayout fresh = now.layout();
        if (isMixed(List.of(before, now)) || fresh.schema() > old.schema()) {
            return true;
        }
        HistogramLayout joint = fresh;
        if (fresh.schema() == CUSTOM) {
            TreeSet<Double> shared = new TreeSet<>(bounds(old));
            shared.retainAll(bounds(fresh));
            joint = HistogramLayout.custom(
                    true,
                    new int[0],
                    shared.stream().mapToDouble(bound -> bound).toArray());
        } else if (fresh.zeroThreshold() < old.zeroThreshold()) {
            return true;
        }
        boolean exact = !before.isFloat() && !now.isFloat();
        Map<Cell, BigDecimal> left = new HashMap<>();
        Map<Cell, BigDecimal> grown = new HashMap<>();
        add(before, -1, joint, left);
        add(now, 1, joint, grown);
        for (Map.Entry<Cell, BigDecimal> cell : left.entrySet()) {
            boolean cut = isBucket(cell.getKey()) && cell.getKey().index() > 1L << 39;
            if (cut && cell.getValue().signum() != 0) {
                return true; // the wider zero bucket would cut it
            }
            BigDecimal is = grown.getOrDefault(cell.getKey(), BigDecimal.ZERO);
            if (is.doubleValue() < -cell.getValue().doubleValue()
                    || exact && is.add(cell.getValue()).signum() < 0) {
                return true;
            }
        }
        return grown.entrySet().stream()
                .anyMatch(cell ->
                        !left.containsKey(cell.getKey()) && cell.getValue().signum() < 0);
    }
}
