package io.varve.query.histogram;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Native histograms in scripts and in unit tests of rules: {@code {{schema:0 sum:6 count:4 z_bucket:1 z_bucket_w:0.001
 * offset:1 buckets:[1 2] n_offset:0 n_buckets:[1] custom_values:[5 10] counter_reset_hint:gauge}}}, each part optional.
 * The first bucket has the offset as its index: with schema 0, index 0 is (0.5, 1]. Stateless.
 */
public final class HistogramNotation {

    private static final int MAX_LENGTH = 64 * 1024;
    private static final List<String> NAMES = List.of(
            "schema",
            "sum",
            "count",
            "z_bucket",
            "z_bucket_w",
            "offset",
            "buckets",
            "n_offset",
            "n_buckets",
            "custom_values",
            "counter_reset_hint");
    private static final Pattern PART = Pattern.compile("\\s*([a-z_]+):(\\[[^\\[\\]]*\\]|[^\\s\\[\\]]+)\\s*");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[iI]nf|[nN]a[nN])");

    private HistogramNotation() {}

    /** Whether a text begins as a histogram does. */
    public static boolean is(String text) {
        return text.startsWith("{{");
    }

    /**
     * A number in decimal digits, {@code Inf} or {@code NaN}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static double number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("not a number: " + text);
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.endsWith("inf")) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return lower.endsWith("nan") ? Double.NaN : Double.parseDouble(text);
    }

    /**
     * A histogram whose counts are doubles.
     *
     * @throws IllegalArgumentException if the text is no histogram, with the reason
     */
    public static Histogram floating(String text) {
        Map<String, String> parts = parts(text);
        double[] positive = numbers(parts, "buckets");
        double[] negative = numbers(parts, "n_buckets");
        long[] bits = new long[positive.length + negative.length];
        for (int i = 0; i < bits.length; i++) {
            double count = i < positive.length ? positive[i] : negative[i - positive.length];
            bits[i] = Double.doubleToRawLongBits(count);
        }
        return Histogram.stored(
                layout(parts, true),
                hint(parts.getOrDefault("counter_reset_hint", "unknown")),
                Double.doubleToRawLongBits(number(parts.getOrDefault("z_bucket", "0"))),
                Double.doubleToRawLongBits(number(parts.getOrDefault("count", "0"))),
                number(parts.getOrDefault("sum", "0")),
                bits);
    }

    /**
     * A histogram whose counts are integers, if all are whole and none is negative; else doubles.
     *
     * @throws IllegalArgumentException if the text is no histogram, with the reason
     */
    public static Histogram narrowest(String text) {
        Histogram any = floating(text);
        double[] buckets = new double[any.layout().buckets()];
        boolean integers = isCount(any.count()) && isCount(any.zeroCount());
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = any.bucket(i);
            integers &= isCount(buckets[i]);
        }
        if (!integers) {
            return Histogram.floating(any.layout(), any.hint(), any.zeroCount(), any.count(), any.sum(), buckets);
        }
        long[] counts = Arrays.stream(buckets).mapToLong(count -> (long) count).toArray();
        HistogramLayout layout = layout(parts(text), false);
        return Histogram.integer(layout, any.hint(), (long) any.zeroCount(), (long) any.count(), any.sum(), counts);
    }

    private static boolean isCount(double count) {
        return count >= 0 && count == Math.rint(count) && count < 0x1p53;
    }

    /** The parts by name. */
    private static Map<String, String> parts(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a histogram is longer than " + MAX_LENGTH + " characters");
        }
        if (!text.startsWith("{{") || !text.endsWith("}}") || text.length() < 4) {
            throw new IllegalArgumentException("a histogram stands between {{ and }}: " + text);
        }
        Map<String, String> parts = new HashMap<>();
        String inner = text.substring(2, text.length() - 2).strip();
        Matcher part = PART.matcher(inner);
        int at = 0;
        while (at < inner.length()) {
            if (!part.find(at) || part.start() != at) {
                throw new IllegalArgumentException("not a part of a histogram, as count:3 is: " + inner.substring(at));
            }
            String name = part.group(1);
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("a histogram has no part " + name + ", but " + NAMES);
            }
            if (parts.put(name, part.group(2)) != null) {
                throw new IllegalArgumentException("stands in a histogram twice: " + name);
            }
            at = part.end();
        }
        return parts;
    }

    private static double[] numbers(Map<String, String> parts, String name) {
        String list = parts.getOrDefault(name, "[]");
        if (!list.startsWith("[")) {
            throw new IllegalArgumentException(name + " of a histogram is a list, as [1 2] is: " + list);
        }
        String inner = list.substring(1, list.length() - 1).strip();
        return inner.isEmpty()
                ? new double[0]
                : Arrays.stream(inner.split("\\s+"))
                        .mapToDouble(HistogramNotation::number)
                        .toArray();
    }

    private static int whole(Map<String, String> parts, String name) {
        String text = parts.getOrDefault(name, "0");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " of a histogram is a whole number: " + text, e);
        }
    }

    private static ResetHint hint(String name) {
        return switch (name) {
            case "unknown" -> ResetHint.UNKNOWN;
            case "reset" -> ResetHint.RESET;
            case "not_reset" -> ResetHint.NOT_RESET;
            case "gauge" -> ResetHint.GAUGE;
            default ->
                throw new IllegalArgumentException("counter_reset_hint is unknown, reset, not_reset or gauge: " + name);
        };
    }

    private static HistogramLayout layout(Map<String, String> parts, boolean floats) {
        int schema = whole(parts, "schema");
        int[] positive = spans(parts, "offset", "buckets");
        if (schema == HistogramLayout.CUSTOM_SCHEMA) {
            return HistogramLayout.custom(floats, positive, numbers(parts, "custom_values"));
        }
        double threshold = number(parts.getOrDefault("z_bucket_w", "0"));
        return HistogramLayout.exponential(schema, floats, threshold, positive, spans(parts, "n_offset", "n_buckets"));
    }

    private static int[] spans(Map<String, String> parts, String offset, String buckets) {
        int length = numbers(parts, buckets).length;
        int first = whole(parts, offset);
        return length == 0 ? new int[0] : new int[] {first, length};
    }

    /** A histogram in this notation, without empty buckets at its ends; parts that are zero or unknown are left out. */
    public static String text(Histogram histogram) {
        HistogramLayout layout = histogram.layout();
        List<String> parts = new ArrayList<>();
        parts.add("schema:" + layout.schema());
        part(parts, "count", histogram.count());
        part(parts, "sum", histogram.sum());
        part(parts, "z_bucket", histogram.zeroCount());
        part(parts, "z_bucket_w", layout.zeroThreshold());
        buckets(parts, "", histogram, 0, layout.positiveBuckets());
        buckets(parts, "n_", histogram, layout.positiveBuckets(), layout.buckets());
        if (layout.schema() == HistogramLayout.CUSTOM_SCHEMA) {
            List<String> bounds = new ArrayList<>();
            for (int i = 0; i < layout.bounds(); i++) {
                bounds.add(HistogramText.number(layout.bound(i)));
            }
            parts.add("custom_values:[" + String.join(" ", bounds) + "]");
        }
        if (histogram.hint() != ResetHint.UNKNOWN) {
            parts.add("counter_reset_hint:" + histogram.hint().name().toLowerCase(Locale.ROOT));
        }
        return "{{" + String.join(" ", parts) + "}}";
    }

    private static void part(List<String> parts, String name, double value) {
        if (value != 0) {
            parts.add(name + ":" + HistogramText.number(value));
        }
    }

    private static void buckets(List<String> parts, String side, Histogram histogram, int from, int to) {
        int[] indexes = histogram.layout().indexes();
        int first = from;
        int end = to;
        while (first < end && histogram.bucket(first) == 0) {
            first++;
        }
        while (first < end && histogram.bucket(end - 1) == 0) {
            end--;
        }
        if (first == end) {
            return;
        }
        if (indexes[first] != 0) {
            parts.add(side + "offset:" + indexes[first]);
        }
        StringBuilder text = new StringBuilder(side + "buckets:[");
        long wide = (long) indexes[end - 1] - indexes[first];
        for (int place = first; place < end; place++) {
            int gap =
                    place == first || wide > HistogramLayout.MAX_BUCKETS ? 0 : indexes[place] - indexes[place - 1] - 1;
            text.append(place == first ? "" : " ").append("0 ".repeat(gap));
            text.append(HistogramText.number(histogram.bucket(place)));
        }
        parts.add(text.append(']').toString());
    }
}
