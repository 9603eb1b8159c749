package io.varve.query.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.query.kernel.GroupKernels.Accumulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Aggregations of rows, of which some have all steps and some do not, against values added one after the other. */
class GroupKernelProperties {

    private static final double[] ODD = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, -0.0
    };

    private static Row row(Random random, int steps) {
        Row row = new Row(steps);
        int missing = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(5);
        int odd = random.nextInt(4) == 0 ? 30 : Integer.MAX_VALUE;
        for (int step = 0; step < steps; step++) {
            if (random.nextInt(missing) != 1) {
                boolean isOdd = random.nextInt(odd) == 1;
                double usual = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
                row.set(step, isOdd ? ODD[random.nextInt(ODD.length)] : usual);
            }
        }
        return row;
    }

    private static void check(Accumulator accumulator, List<Row> rows, ToDoubleFunction<List<Double>> plain) {
        rows.forEach(accumulator::add);
        int steps = rows.get(0).steps();
        Row out = new Row(steps);
        accumulator.finish(out);
        for (int step = 0; step < steps; step++) {
            List<Double> values = new ArrayList<>();
            for (Row row : rows) {
                if (row.has(step)) {
                    values.add(row.get(step));
                }
            }
            assertThat(out.has(step)).isEqualTo(!values.isEmpty());
            if (out.has(step)) {
                assertThat(out.get(step))
                        .as("step %s of %s", step, values)
                        .isEqualTo(Double.valueOf(plain.applyAsDouble(values)));
            }
        }
    }

    @Property(tries = 500)
    void asOneValueAfterTheOther(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 200) int steps,
            @ForAll @IntRange(min = 1, max = 8) int count) {
        Random random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(random, steps));
        }
        check(GroupKernels.sum(steps), rows, GroupKernelProperties::sum);
        check(GroupKernels.extreme(steps, true), rows, values -> extreme(values, true));
        check(GroupKernels.extreme(steps, false), rows, values -> extreme(values, false));
        check(GroupKernels.count(steps), rows, List::size);
    }

    private static double sum(List<Double> values) {
        CompensatedSum sum = new CompensatedSum();
        sum.reset(values.get(0));
        values.subList(1, values.size()).forEach(sum::add);
        return sum.value();
    }

    private static double extreme(List<Double> values, boolean largest) {
        double best = values.get(0);
        for (double value : values) {
            boolean better = largest ? value > best : value < best;
            best = better || Double.isNaN(best) ? value : best;
        }
        return best;
    }
}
