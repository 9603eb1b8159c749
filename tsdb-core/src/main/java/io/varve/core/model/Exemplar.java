package io.varve.core.model;

/**
 * An example of what a series measured, with labels that lead to it (a trace id, say). Immutable. Two exemplars of a
 * series are the same if all three parts are, bit for bit.
 *
 * @param labels at most {@link #MAX_CODE_POINTS} code points in all names and values, which OpenMetrics allows
 * @param time ticks of the store's resolution
 * @param value what was measured; any bits are kept
 */
public record Exemplar(Labels labels, long time, double value) implements Comparable<Exemplar> {

    /** Most code points of all label names and values together. */
    public static final int MAX_CODE_POINTS = 128;

    /** @throws IllegalArgumentException if the labels are too long */
    public Exemplar {
        int points = 0;
        for (int i = 0; i < labels.size(); i++) {
            points += labels.name(i).codePointCount(0, labels.name(i).length());
            points += labels.value(i).codePointCount(0, labels.value(i).length());
        }
        if (points > MAX_CODE_POINTS) {
            throw new IllegalArgumentException(
                    "labels of an exemplar have at most " + MAX_CODE_POINTS + " code points in all: found=" + points);
        }
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
