package io.varve.server.rules.template;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call of a function.
 *
 * @param at offset of its name in the template
 */
record Call(Expansion expansion, String name, int at, List<@Nullable Object> arguments) {

    int count() {
        return arguments.size();
    }

    @Nullable
    Object any(int i) {
        return arguments.get(i);
    }

    List<@Nullable Object> from(int i) {
        return arguments.subList(i, arguments.size());
    }

    private Fault wrong(int i, String wanted) {
        return new Fault(
                at,
                name + ": wrong type for argument " + (i + 1) + ": expected " + wanted + ", got "
                        + GoFormat.typeName(any(i)));
    }

    String text(int i) {
        if (any(i) instanceof String text) {
            return text;
        }
        throw wrong(i, "a string");
    }

    /** A number, or a text that is one. */
    double number(int i) {
        Object value = any(i);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof Duration duration) {
            return duration.getSeconds() + duration.getNano() / 1e9;
        }
        if (value instanceof String text) {
            return parsed(text);
        }
        throw wrong(i, "a number");
    }

    private double parsed(String text) {
        String plain = text.startsWith("+") ? text.substring(1) : text;
        if (plain.equalsIgnoreCase("inf") || plain.equalsIgnoreCase("infinity")) {
            return Double.POSITIVE_INFINITY;
        }
        if (plain.equalsIgnoreCase("-inf") || plain.equalsIgnoreCase("-infinity")) {
            return Double.NEGATIVE_INFINITY;
        }
        if (plain.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        if (!plain.matches("-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
            throw new Fault(at, name + ": not a number: \"" + text + "\"");
        }
        return Double.parseDouble(plain);
    }

    /** Seconds as nanoseconds. */
    private long nanos(int i) {
        double seconds = number(i);
        if (!(Math.abs(seconds) < Long.MAX_VALUE / 1e9)) {
            throw new Fault(at, name + ": cannot be represented as a time: " + GoFormat.print(seconds));
        }
        return Math.round(seconds * 1e9);
    }

    Instant instant(int i) {
        long nanos = nanos(i);
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    Duration duration(int i) {
        return Duration.ofNanos(nanos(i));
    }

    TemplateSample sample(int i) {
        if (any(i) instanceof TemplateSample sample) {
            return sample;
        }
        throw wrong(i, "a sample");
    }

    List<TemplateSample> samples(int i) {
        if (!(any(i) instanceof List<?> list)) {
            throw wrong(i, "samples");
        }
        List<TemplateSample> samples = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof TemplateSample sample)) {
                throw wrong(i, "samples");
            }
            samples.add(sample);
        }
        return samples;
    }

    private int position(int i, int length, boolean mayBeLength) {
        if (!(any(i) instanceof Long index)) {
            throw wrong(i, "a whole number");
        }
        if (index < 0 || index > length || !mayBeLength && index == length) {
            throw new Fault(at, name + ": index out of range: " + index + " of " + length);
        }
        return index.intValue();
    }

    boolean isEqual(int i, int j) {
        Object a = any(i);
        Object b = any(j);
        if (a instanceof Number x && b instanceof Number y) {
            return x.doubleValue() == y.doubleValue();
        }
        boolean basic = (a == null || a instanceof String || a instanceof Boolean)
                && (a == null || b == null || a.getClass() == b.getClass());
        if (!basic) {
            throw new Fault(
                    at,
                    name + ": incompatible types for comparison: " + GoFormat.typeName(a) + " and "
                            + GoFormat.typeName(b));
        }
        return Objects.equals(a, b);
    }

    /** Whether neither of two numbers is NaN, which nothing is larger than. */
    boolean isOrdered() {
        return !(any(0) instanceof Double a && a.isNaN()) && !(any(1) instanceof Double b && b.isNaN());
    }

    /** How the first argument compares with the second; 1 if one of them is NaN. */
    int order() {
        Object a = any(0);
        Object b = any(1);
        if (a instanceof Number x && b instanceof Number y) {
            return x.doubleValue() < y.doubleValue() ? -1 : x.doubleValue() == y.doubleValue() ? 0 : 1;
        }
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        throw new Fault(
                at,
                name + ": incompatible types for comparison: " + GoFormat.typeName(a) + " and " + GoFormat.typeName(b));
    }

    Object length() {
        Object value = any(0);
        if (value instanceof String text) {
            return (long) text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        }
        if (value instanceof List<?> list) {
            return (long) list.size();
        }
        if (value instanceof Map<?, ?> map) {
            return (long) map.size();
        }
        throw wrong(0, "a string, a list or a map");
    }

    @Nullable
    Object index() {
        Object value = any(0);
        for (int i = 1; i < count(); i++) {
            if (value instanceof Map<?, ?> map) {
                Object element = map.get(text(i));
                value = element == null ? "" : element;
            } else if (value instanceof List<?> list) {
                value = list.get(position(i, list.size(), false));
            } else if (value instanceof String text) {
                value = (long) text.charAt(position(i, text.length(), false));
            } else {
                throw new Fault(at, "index: can't index " + GoFormat.typeName(value));
            }
        }
        return value;
    }

    @Nullable
    Object slice() {
        if (any(0) instanceof String text) {
            int from = count() > 1 ? position(1, text.length(), true) : 0;
            return text.substring(from, end(from, text.length()));
        }
        if (any(0) instanceof List<?> list) {
            int from = count() > 1 ? position(1, list.size(), true) : 0;
            return list.subList(from, end(from, list.size()));
        }
        throw wrong(0, "a string or a list");
    }

    /** The end of a slice. */
    private int end(int from, int length) {
        int to = count() > 2 ? position(2, length, true) : length;
        if (from > to) {
            throw new Fault(at, "slice: indexes are in the wrong order: " + from + " > " + to);
        }
        return to;
    }

    /**
     * All arguments as one text.
     *
     * @param always whether a space stands between any two; else only between two that are not texts
     */
    String spaced(boolean always) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count(); i++) {
            boolean apart = i > 0 && !(any(i) instanceof String) && !(any(i - 1) instanceof String);
            text.append(i > 0 && always || apart ? " " : "").append(GoFormat.print(any(i)));
        }
        return text.toString();
    }
}
