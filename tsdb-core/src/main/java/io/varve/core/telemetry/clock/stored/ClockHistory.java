package io.varve.core.telemetry.clock.stored;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.SampleKind;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Found;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.core.telemetry.clock.ClockBook;
import io.varve.core.telemetry.clock.ClockEstimate;
import io.varve.core.telemetry.clock.PeerClockConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a store knows of a peer's clock over time: the series {@value ClockBook#OFFSET_GAUGE} and {@value
 * ClockBook#UNCERTAINTY_GAUGE} of it. Immutable; takes three numbers for each time at which both were stored.
 *
 * <p>Between two stored offsets the offset lies on the line between them: what that is wrong by is at most the larger
 * of both uncertainties and what the rate may change meanwhile (the wander of {@link PeerClockConfig}). If they are
 * further apart than two clocks can drift, a clock was set between them: the earlier one is in force, and the
 * uncertainty covers both. Behind the last, or where the next is too far away, the earlier one is in force, and the
 * uncertainty grows by all that two clocks can drift. Nothing is known before the first, and behind one that is too
 * old or has ended.
 */
public final class ClockHistory {

    private static final double SECOND = 1e9;
    private static final int FIRST_SIZE = 256;

    private final long[] times;
    private final double[] offsets;
    private final double[] uncertainties;
    private final long maxAgeNanos;
    private final double drift;
    private final double wander;
    private final int size;

    private ClockHistory(Column offsets, Column uncertainties, Duration maxAge, PeerClockConfig assumed) {
        maxAgeNanos = maxAge.toNanos();
        drift = (assumed.maxDriftPpm() + assumed.wanderPpm()) / 1e6;
        wander = assumed.wanderPpm() / 1e6;
        times = new long[offsets.size];
        this.offsets = new double[offsets.size];
        this.uncertainties = new double[offsets.size];
        int size = 0;
        int other = 0;
        for (int i = 0; i < offsets.size; i++) {
            while (other < uncertainties.size && uncertainties.times[other] < offsets.times[i]) {
                other++;
            }
            if (other < uncertainties.size && uncertainties.times[other] == offsets.times[i]) {
                times[size] = offsets.times[i];
                this.offsets[size] = offsets.values[i] * SECOND;
                this.uncertainties[size++] = uncertainties.values[other] * SECOND;
            }
        }
        Arrays.fill(times, size, times.length, Long.MAX_VALUE);
        this.size = size;
    }

    /** Samples of one series, times in nanoseconds since 1970. */
    private static final class Column {

        long[] times = new long[FIRST_SIZE];
        double[] values = new double[FIRST_SIZE];
        int size;

        void add(long time, double value) {
            if (size == times.length) {
                times = Arrays.copyOf(times, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            times[size] = time;
            values[size++] = value;
        }
    }

    /**
     * Reads the history of a peer's clock.
     *
     * @param clocks the view of the store that has the clocks, from {@code maxAge} before the first moment that will
     *     be asked for
     * @param resolution that store's
     * @param maxAge for how long an offset is in force
     * @param assumed how fast clocks may drift apart between two stored offsets
     * @param node tells the node that measured from others, or nothing
     * @throws IllegalArgumentException if several nodes have measured, and it is not said which is meant
     */
    public static Found<ClockHistory> read(
            Querier clocks,
            Resolution resolution,
            String peer,
            Duration maxAge,
            PeerClockConfig assumed,
            List<Matcher> node) {
        List<Hole> holes = new ArrayList<>();
        Column offsets = column(clocks, resolution, ClockBook.OFFSET_GAUGE, peer, node, holes);
        Column uncertainties = column(clocks, resolution, ClockBook.UNCERTAINTY_GAUGE, peer, node, holes);
        return new Found<>(new ClockHistory(offsets, uncertainties, maxAge, assumed), List.copyOf(holes));
    }

    private static Column column(
            Querier clocks, Resolution resolution, String metric, String peer, List<Matcher> node, List<Hole> holes) {
        List<Matcher> matchers = new ArrayList<>(node);
        matchers.add(Matcher.equal(Labels.NAME, metric));
        matchers.add(Matcher.equal("peer", peer));
        Column column = new Column();
        Labels found = Labels.EMPTY;
        try (SeriesSet set = clocks.select(matchers.toArray(new Matcher[0]))) {
            while (set.next()) {
                if (found.size() > 0) {
                    throw new IllegalArgumentException("one node's view of a peer's clock: peer=" + peer + ", found="
                            + found + " and " + set.labels() + "; name the node by its labels");
                }
                found = set.labels();
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; columns.kind() == SampleKind.FLOAT && i < columns.size(); i++) {
                        column.add(columns.times()[i] * resolution.nanosPerTick(), columns.values()[i]);
                    }
                }
            }
            holes.addAll(set.holes());
        }
        return column;
    }

    /** Number of stored offsets. */
    public int size() {
        return size;
    }

    /** What was known of the peer's clock at a moment, in nanoseconds since 1970; empty if nothing was. */
    public Optional<ClockEstimate> at(long epochNanos) {
        int found = Arrays.binarySearch(times, 0, size, epochNanos);
        int i = found >= 0 ? found : -found - 2;
        if (i < 0 || !isKnown(i) || epochNanos - times[i] > maxAgeNanos) {
            return Optional.empty();
        }
        long age = epochNanos - times[i];
        double offset = offsets[i];
        double uncertainty = uncertainties[i];
        if (age > 0 && i + 1 < size && isKnown(i + 1) && times[i + 1] - times[i] <= maxAgeNanos) {
            double gap = (double) (times[i + 1] - times[i]);
            double change = offsets[i + 1] - offsets[i];
            double both = uncertainties[i] + uncertainties[i + 1];
            uncertainty = Math.max(uncertainties[i], uncertainties[i + 1]) + wander * gap;
            if (Math.abs(change) > both + drift * gap) {
                uncertainty += Math.abs(change);
            } else {
                offset += change * (age / gap);
            }
        } else {
            uncertainty += drift * age;
        }
        return Optional.of(new ClockEstimate(Math.round(offset), (long) Math.ceil(uncertainty), 0, age, 0));
    }

    /** Whether it is an offset, not the end of the series. */
    private boolean isKnown(int i) {
        return !Double.isNaN(offsets[i]) && uncertainties[i] >= 0;
    }
}
