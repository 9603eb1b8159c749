package io.varve.query.percentile;

import io.varve.query.Percentiles.Bounded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Values that grow with q: interpolation between equal neighbours may round one a last bit below another of a lower q,
 * and is raised to it then.
 */
final class Growing {

    private Growing() {}

    /** The same values, none of them below that of a lower q. */
    static List<Bounded> of(List<Double> q, List<Bounded> values) {
        int[] order = IntStream.range(0, q.size())
                .boxed()
                .sorted(Comparator.comparingDouble(q::get))
                .mapToInt(Integer::intValue)
                .toArray();
        List<Bounded> grown = new ArrayList<>(values);
        double least = Double.NEGATIVE_INFINITY;
        for (int place : order) {
            Bounded one = values.get(place);
            if (one.value() < least) {
                double low = one.low() == one.high() ? least : one.low();
                grown.set(place, new Bounded(least, low, Math.max(one.high(), least)));
            } else if (!Double.isNaN(one.value())) {
                least = one.value();
            }
        }
        return List.copyOf(grown);
    }
}
