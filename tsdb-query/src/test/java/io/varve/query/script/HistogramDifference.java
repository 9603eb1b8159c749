package io.varve.query.script;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.sketch.HistogramBuckets;
import io.varve.query.histogram.HistogramNotation;
import java.util.HashMap;
import java.util.Map;

/** Tells a histogram from what a script expects. */
final class HistogramDifference {

    private static final double ROUNDING = 1e-13;

    private HistogramDifference() {}

    /** Why a histogram is not as a text says, or an empty text; hints count only where the text gives one. */
    static String of(Histogram actual, String text) {
        Histogram expected = HistogramNotation.floating(text);
        boolean same = near(actual.count(), expected.count())
                && near(actual.sum(), expected.sum())
                && near(actual.zeroCount(), expected.zeroCount())
                && near(actual.layout().zeroThreshold(), expected.layout().zeroThreshold())
                && actual.layout().schema() == expected.layout().schema()
                && bounds(actual.layout()).equals(bounds(expected.layout()))
                && (!text.contains("counter_reset_hint") || actual.hint() == expected.hint())
                && sameBuckets(actual, expected);
        return same ? "" : "expected " + expected + ", got " + actual;
    }

    private static String bounds(HistogramLayout layout) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < layout.bounds(); i++) {
            text.append(layout.bound(i)).append(' ');
        }
        return text.toString();
    }

    private static boolean sameBuckets(Histogram actual, Histogram expected) {
        Map<Double, Double> all = new HashMap<>();
        HistogramBuckets buckets = new HistogramBuckets();
        buckets.read(expected);
        for (int i = 0; i < buckets.size(); i++) {
            if (buckets.count(i) != 0 && !buckets.isZero(i)) {
                all.put(buckets.upper(i), buckets.count(i));
            }
        }
        buckets.read(actual);
        for (int i = 0; i < buckets.size(); i++) {
            if (buckets.count(i) != 0 && !buckets.isZero(i)) {
                Double there = all.remove(buckets.upper(i));
                if (there == null || !near(buckets.count(i), there)) {
                    return false;
                }
            }
        }
        return all.isEmpty();
    }

    private static boolean near(double a, double b) {
        return Double.compare(a, b) == 0 || Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(b), 1e-9);
    }
}
