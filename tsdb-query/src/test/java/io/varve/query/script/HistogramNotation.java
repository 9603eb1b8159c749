package io.varve.query.script;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import io.varve.core.sketch.HistogramBuckets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Native histograms in scripts: {@code {{schema:0 sum:6 count:4 z_bucket:1 z_bucket_w:0.001 offset:1 buckets:[1 2]
 * n_offset:0 n_buckets:[1] custom_values:[5 10] counter_reset_hint:gauge}}}, each part optional. The first bucket has
 * the offset as its index: with schema 0, index 0 is (0.5, 1].
 */
final class HistogramNotation {

    private static final double ROUNDING = 1e-13;

    private HistogramNotation() {}

    static boolean is(String text) {
        return text.startsWith("{{");
    }

    /** The parts by name. */
    private static Map<String, String> parts(String text) {
        Map<String, String> parts = new HashMap<>();
        String inner = text.substring(2, text.length() - 2).strip();
        int at = 0;
        while (at < inner.length()) {
            int colon = inner.indexOf(':', at);
            int end = inner.charAt(colon + 1) == '[' ? inner.indexOf(']', colon) + 1 : inner.indexOf(' ', colon);
            end = end < 0 ? inner.length() : end;
            String name = inner.substring(at, colon).strip();
            parts.put(name, inner.substring(colon + 1, end));
            at = end;
            while (at < inner.length() && inner.charAt(at) == ' ') {
                at++;
            }
        }
        return parts;
    }

    private static double[] numbers(String list) {
        String inner = list.substring(1, list.length() - 1).strip();
        return inner.isEmpty()
                ? new double[0]
                : Arrays.stream(inner.split("\\s+")).mapToDouble(Script::number).toArray();
    }

    /** What is loaded: integers if all counts are whole and none is negative. */
    static Histogram load(String text) {
        Histogram any = expected(text);
        HistogramLayout layout = any.layout();
        double[] buckets = new double[layout.buckets()];
        boolean integers = isCount(any.count()) && isCount(any.zeroCount());
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = any.bucket(i);
            integers &= isCount(buckets[i]);
        }
        if (!integers) {
            return Histogram.floating(layout, any.hint(), any.zeroCount(), any.count(), any.sum(), buckets);
        }
        long[] counts = Arrays.stream(buckets).mapToLong(count -> (long) count).toArray();
        return Histogram.integer(
                layout(parts(text), false), any.hint(), (long) any.zeroCount(), (long) any.count(), any.sum(), counts);
    }

    private static boolean isCount(double count) {
        return count >= 0 && count == Math.rint(count) && count < 0x1p53;
    }

    /** What is expected: floats, whatever they are. */
    static Histogram expected(String text) {
        Map<String, String> parts = parts(text);
        double[] positive = numbers(parts.getOrDefault("buckets", "[]"));
        double[] negative = numbers(parts.getOrDefault("n_buckets", "[]"));
        long[] bits = new long[positive.length + negative.length];
        for (int i = 0; i < bits.length; i++) {
            double count = i < positive.length ? positive[i] : negative[i - positive.length];
            bits[i] = Double.doubleToRawLongBits(count);
        }
        return Histogram.stored(
                layout(parts, true),
                hint(parts.getOrDefault("counter_reset_hint", "unknown")),
                Double.doubleToRawLongBits(Script.number(parts.getOrDefault("z_bucket", "0"))),
                Double.doubleToRawLongBits(Script.number(parts.getOrDefault("count", "0"))),
                Script.number(parts.getOrDefault("sum", "0")),
                bits);
    }

    private static ResetHint hint(String name) {
        return switch (name) {
            case "unknown" -> ResetHint.UNKNOWN;
            case "reset" -> ResetHint.RESET;
            case "not_reset" -> ResetHint.NOT_RESET;
            case "gauge" -> ResetHint.GAUGE;
            default -> throw new IllegalArgumentException("a hint: " + name);
        };
    }

    private static HistogramLayout layout(Map<String, String> parts, boolean floats) {
        int schema = Integer.parseInt(parts.getOrDefault("schema", "0"));
        int[] positive = spans(parts, "offset", "buckets");
        if (schema == HistogramLayout.CUSTOM_SCHEMA) {
            return HistogramLayout.custom(floats, positive, numbers(parts.getOrDefault("custom_values", "[]")));
        }
        double threshold = Double.parseDouble(parts.getOrDefault("z_bucket_w", "0"));
        return HistogramLayout.exponential(schema, floats, threshold, positive, spans(parts, "n_offset", "n_buckets"));
    }

    private static int[] spans(Map<String, String> parts, String offset, String buckets) {
        int length = numbers(parts.getOrDefault(buckets, "[]")).length;
        return length == 0 ? new int[0] : new int[] {Integer.parseInt(parts.getOrDefault(offset, "0")), length};
    }

    /** Why a histogram is not as a text says, or an empty text; hints count only where the text gives one. */
    static String difference(Histogram actual, String text) {
        Histogram expected = expected(text);
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
