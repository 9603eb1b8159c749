package io.varve.core.model;

/**
 * An example of what a series measured, with labels that lead to it (a trace id, say). Immutable. Two exemplars of a
 * series are the same if all three parts are, bit for bit.
 *
 * @param labels at most {@link #MAX_CODE_POINTS} code points in all names and values (four times what OpenMetrics
 * allows in its text), and {@link #MAX_BYTES}
 * @param time ticks of the store's resolution
 * @param value what was measured; any bits are kept
 */
public record Exemplar(Labels labels, long time, double value) implements Comparable<Exemplar> {

    /** Most code points of all label names and values together. */
    public static final int MAX_CODE_POINTS = 512;

    /** Most bytes of all label names and values together, as {@link #bytes} counts them. */
    public static final int MAX_BYTES = 1_000;

    /** @throws IllegalArgumentException if the labels are too long */
    public Exemplar {
        int points = 0;
        int bytes = 0;
        for (int i = 0; i < labels.size(); i++) {
            points += codePoints(labels.name(i), labels.value(i));
            bytes += bytes(labels.name(i), labels.value(i));
        }
        if (points > MAX_CODE_POINTS) {
            throw new IllegalArgumentException(
                    "labels of an exemplar have at most " + MAX_CODE_POINTS + " code points in all: found=" + points);
        }
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("labels of an exemplar take at most " + MAX_BYTES
                    + " bytes in UTF-8, with two for the length of each text: found=" + bytes);
        }
    }

    /** Code points of a label. */
    public static int codePoints(String name, String value) {
        return name.codePointCount(0, name.length()) + value.codePointCount(0, value.length());
    }

    /** Bytes of a label: those of name and value in UTF-8, and two for the length of each. */
    public static int bytes(String name, String value) {
        return 2 + utf8Bytes(name) + 2 + utf8Bytes(value);
    }

    private static int utf8Bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    /** By time, then labels, then bits of the value. */
    @Override
    public int compareTo(Exemplar other) {
        int order = Long.compare(time, other.time);
        order = order != 0 ? order : labels.compareTo(other.labels);
        return order != 0
                ? order
                : Long.compare(Double.doubleToRawLongBits(value), Double.doubleToRawLongBits(other.value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Exemplar exemplar && compareTo(exemplar) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(time) + labels.hashCode();
    }
}
