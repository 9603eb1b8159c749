package io.varve.core.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * The identity of a series: label names with their values, sorted by name in code point order, each name once.
 *
 * <p>A label with an empty value is the same as no label, so none is kept. Names and values are any valid UTF-8
 * text; names are not empty. Immutable. The order of two label sets is that of their name and value pairs, compared
 * by code points (which is the order of their UTF-8 bytes); series are numbered and listed in this order.
 */
public final class Labels implements Comparable<Labels> {

    /** The label that holds a metric's name. */
    public static final String NAME = "__name__";

    /** No labels at all. */
    public static final Labels EMPTY = new Labels(new String[0]);

    /** Names at even places, their values behind them. */
    private final String[] pairs;

    private int hash;

    private Labels(String[] pairs) {
        this.pairs = pairs;
    }

    /**
     * Labels from names and values in any order.
     *
     * @param namesAndValues name, value, name, value, …
     * @throws IllegalArgumentException if a value is missing, a name is empty or appears twice
     */
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a value for each name: count=" + namesAndValues.length);
        }
        String[] pairs = namesAndValues.clone();
        sortByName(pairs);
        int kept = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].isEmpty()) {
                throw new IllegalArgumentException("label names are not empty: value=" + pairs[i + 1]);
            }
            if (i > 0 && pairs[i].equals(pairs[i - 2])) {
                throw new IllegalArgumentException("each label name once: name=" + pairs[i]);
            }
            if (!pairs[i + 1].isEmpty()) {
                kept += 2;
            }
        }
        return new Labels(kept == pairs.length ? pairs : withoutEmptyValues(pairs, kept));
    }

    /**
     * Labels from what {@link #of} once made of them; not checked again.
     *
     * @param namesAndValues sorted by name, each once, values not empty; not changed afterwards
     */
    public static Labels ofSorted(String[] namesAndValues) {
        return new Labels(namesAndValues);
    }

    /** About the memory that they take by themselves, in bytes: texts that others hold too are counted in. */
    public long heapBytes() {
        long bytes = 48;
        for (String text : pairs) {
            bytes += 52 + text.length();
        }
        return bytes;
    }

    private static void sortByName(String[] pairs) {
        for (int i = 2; i < pairs.length; i += 2) { // insertion sort: label sets are short and mostly sorted
            String name = pairs[i];
            String value = pairs[i + 1];
            int j = i - 2;
            while (j >= 0 && compareCodePoints(pairs[j], name) > 0) {
                pairs[j + 2] = pairs[j];
                pairs[j + 3] = pairs[j + 1];
                j -= 2;
            }
            pairs[j + 2] = name;
            pairs[j + 3] = value;
        }
    }

    private static String[] withoutEmptyValues(String[] pairs, int kept) {
        String[] result = new String[kept];
        int at = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isEmpty()) {
                result[at++] = pairs[i];
                result[at++] = pairs[i + 1];
            }
        }
        return result;
    }

    /** Number of labels. */
    public int size() {
        return pairs.length / 2;
    }

    /** Name of the label at a place, 0 to {@code size() - 1}. */
    public String name(int index) {
        return pairs[2 * index];
    }

    /** Value of the label at a place, 0 to {@code size() - 1}. */
    public String value(int index) {
        return pairs[2 * index + 1];
    }

    /** Value of a label, or the empty string if there is no such label. */
    public String get(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return "";
    }

    /** Whether there is a label of that name. */
    public boolean has(String name) {
        return !get(name).isEmpty();
    }

    /** These labels with one set to a value; an empty value removes it. */
    public Labels with(String name, String value) {
        Labels rest = without(name);
        String[] joined = Arrays.copyOf(rest.pairs, rest.pairs.length + 2);
        joined[joined.length - 2] = name;
        joined[joined.length - 1] = value;
        return of(joined);
    }

    /** These labels without the one of that name. */
    public Labels without(String name) {
        return has(name) ? select(java.util.List.of(name), false) : this;
    }

    /** Only the labels whose names are listed. */
    public Labels keep(Collection<String> names) {
        return select(names, true);
    }

    /** Only the labels whose names are not listed. */
    public Labels drop(Collection<String> names) {
        return select(names, false);
    }

    private Labels select(Collection<String> names, boolean listed) {
        String[] result = new String[pairs.length];
        int at = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (names.contains(pairs[i]) == listed) {
                result[at++] = pairs[i];
                result[at++] = pairs[i + 1];
            }
        }
        return at == pairs.length ? this : at == 0 ? EMPTY : new Labels(Arrays.copyOf(result, at));
    }

    /** Bytes of all names and values in UTF-8, for budgets and limits. */
    public int utf8Bytes() {
        int bytes = 0;
        for (String text : pairs) {
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    @Override
    public int compareTo(Labels other) {
        int common = Math.min(pairs.length, other.pairs.length);
        for (int i = 0; i < common; i++) {
            int order = compareCodePoints(pairs[i], other.pairs[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(pairs.length, other.pairs.length);
    }

    /** Compares two texts by code points, which is the order of their UTF-8 bytes (unlike {@code compareTo}). */
    public static int compareCodePoints(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean oneIsSurrogate = Character.isSurrogate(x) != Character.isSurrogate(y);
                return oneIsSurrogate ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Labels labels && Arrays.equals(pairs, labels.pairs);
    }

    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            h = Arrays.hashCode(pairs);
            hash = h;
        }
        return h;
    }

    /** Labels as a selector would name them: {@code name{a="b"}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(get(NAME));
        String separator = "{";
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i].equals(NAME)) {
                text.append(separator).append(pairs[i]).append("=\"");
                text.append(
                        pairs[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
                text.append('"');
                separator = ",";
            }
        }
        return separator.equals(",") ? text.append('}').toString() : text.isEmpty() ? "{}" : text.toString();
    }
}
