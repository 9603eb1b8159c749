package io.varve.server.scrape.series;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one scrape has read, before any of it reaches the store: a scrape counts as a whole or not at all. Buffers are
 * used again by the next scrape. One thread at a time.
 */
public final class ScrapeBatch {

    private static final int FIRST = 1 << 10;
    private static final int KEPT = 1 << 16;

    private int[] slots = new int[FIRST];
    private double[] values = new double[FIRST];
    private long[] millis = new long[FIRST];
    private @Nullable Histogram[] histograms = new @Nullable Histogram[FIRST];
    private @Nullable Labels[] labels = new @Nullable Labels[FIRST];
    private int size;
    private final List<Told> exemplars = new ArrayList<>();
    private final List<Start> starts = new ArrayList<>();

    /** An exemplar of a series; its time in milliseconds. */
    record Told(int slot, Exemplar exemplar) {}

    /** A start of counting that a series told. */
    record Start(int slot, long millis) {}

    /** An empty batch. */
    public ScrapeBatch() {}

    /** Empties it, and lets go of what a large scrape has made large. */
    void clear() {
        Arrays.fill(histograms, 0, size, null);
        Arrays.fill(labels, 0, size, null);
        size = 0;
        exemplars.clear();
        starts.clear();
        if (slots.length > KEPT) {
            resize(FIRST);
        }
    }

    private void resize(int capacity) {
        slots = Arrays.copyOf(slots, capacity);
        values = Arrays.copyOf(values, capacity);
        millis = Arrays.copyOf(millis, capacity);
        histograms = Arrays.copyOf(histograms, capacity);
        labels = Arrays.copyOf(labels, capacity);
    }

    /**
     * Adds a sample.
     *
     * @param of labels of a series that is new, else null
     */
    void add(int slot, long time, double value, @Nullable Histogram histogram, @Nullable Labels of) {
        if (size == slots.length) {
            resize(2 * size);
        }
        slots[size] = slot;
        values[size] = value;
        millis[size] = time;
        histograms[size] = histogram;
        labels[size] = of;
        size++;
    }

    void exemplar(int slot, Exemplar exemplar) {
        exemplars.add(new Told(slot, exemplar));
    }

    void start(int slot, long at) {
        starts.add(new Start(slot, at));
    }

    int size() {
        return size;
    }

    int slot(int index) {
        return slots[index];
    }

    double value(int index) {
        return values[index];
    }

    long millis(int index) {
        return millis[index];
    }

    @Nullable
    Histogram histogram(int index) {
        return histograms[index];
    }

    @Nullable
    Labels labels(int index) {
        return labels[index];
    }

    List<Told> exemplars() {
        return exemplars;
    }

    List<Start> starts() {
        return starts;
    }
}
