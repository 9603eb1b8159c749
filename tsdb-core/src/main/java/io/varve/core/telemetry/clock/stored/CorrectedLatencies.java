package io.varve.core.telemetry.clock.stored;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.SampleKind;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Found;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesSet;
import io.varve.core.telemetry.clock.ClockEstimate;
import io.varve.core.telemetry.clock.CrossLatency;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Latencies between two nodes are stored as they were measured: as the difference of two clocks, which may even be
 * negative. Here they are read corrected: each by the offset of the peer's clock that was in force at its time, with
 * its uncertainty, and never below zero ({@link CrossLatency}).
 */
public final class CorrectedLatencies {

    private static final double SECOND = 1e9;

    private CorrectedLatencies() {}

    /**
     * Reads latencies and clocks of one store.
     *
     * @param range ticks of the latencies, both ends included
     * @param budget charged for the samples of both
     * @return in label order; what is damaged in latencies or clocks is told
     * @throws IllegalArgumentException if several nodes have measured the peer's clock, and it is not said which is
     *     meant
     */
    public static Found<List<CorrectedSeries>> read(
            Queryable store, TimeRange range, ReadBudget budget, LatencyQuestion question) {
        return read(store, store, range, budget, question);
    }

    /** As the other, of latencies and clocks in two stores, whose resolutions may differ. */
    public static Found<List<CorrectedSeries>> read(
            Queryable latencies, Queryable clocks, TimeRange range, ReadBudget budget, LatencyQuestion question) {
        Resolution unit = clocks.resolution();
        List<Hole> holes = new ArrayList<>();
        Found<ClockHistory> history;
        try (Querier querier = clocks.querier(around(range, latencies.resolution(), unit, question), budget)) {
            history = ClockHistory.read(
                    querier, unit, question.peer(), question.maxAge(), question.assumed(), question.clocks());
            holes.addAll(querier.losses());
        }
        holes.addAll(history.holes());
        try (Querier querier = latencies.querier(range, budget)) {
            Found<List<CorrectedSeries>> found = read(
                    querier,
                    latencies.resolution(),
                    history.found(),
                    question.way(),
                    question.latencies().toArray(new Matcher[0]));
            holes.addAll(querier.losses());
            holes.addAll(found.holes());
            return new Found<>(found.found(), List.copyOf(holes));
        }
    }

    /** The ticks of the clocks that a range of latencies needs: behind it too, for an offset between two needs both. */
    private static TimeRange around(TimeRange range, Resolution of, Resolution to, LatencyQuestion question) {
        long age = question.maxAge().toNanos() / to.nanosPerTick() + 1;
        double ticks = (double) of.nanosPerTick() / to.nanosPerTick();
        long from = of == to ? range.from() : (long) Math.floor(range.from() * ticks);
        long end = of == to ? range.to() : (long) Math.ceil(range.to() * ticks);
        return TimeRange.of(
                from < Long.MIN_VALUE + age ? Long.MIN_VALUE : from - age,
                end > Long.MAX_VALUE - age ? Long.MAX_VALUE : end + age);
    }

    /**
     * Corrects the latencies of a view.
     *
     * @param resolution of the store that has the latencies
     * @param clock of the peer
     * @param matchers select the latencies; histograms and values that are no numbers are passed over
     */
    public static Found<List<CorrectedSeries>> read(
            Querier latencies, Resolution resolution, ClockHistory clock, Way way, Matcher... matchers) {
        List<CorrectedSeries> all = new ArrayList<>();
        try (SeriesSet set = latencies.select(matchers)) {
            while (set.next()) {
                Labels labels = set.labels();
                List<CorrectedSample> samples = new ArrayList<>();
                long uncorrected = 0;
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; columns.kind() == SampleKind.FLOAT && i < columns.size(); i++) {
                        long time = columns.times()[i];
                        double measured = columns.values()[i];
                        Optional<ClockEstimate> peer = clock.at(time * resolution.nanosPerTick());
                        if (peer.isPresent() && !Double.isNaN(measured)) {
                            samples.add(corrected(time, measured, way, peer.get()));
                        } else if (!Double.isNaN(measured)) {
                            uncorrected++;
                        }
                    }
                }
                all.add(new CorrectedSeries(labels, samples, uncorrected));
            }
            return new Found<>(List.copyOf(all), set.holes());
        }
    }

    private static CorrectedSample corrected(long time, double measured, Way way, ClockEstimate peer) {
        CrossLatency latency = way.correct(Math.round(measured * SECOND), peer);
        return new CorrectedSample(
                time,
                latency.valueNanos() / SECOND,
                latency.uncertaintyNanos() / SECOND,
                latency.withinUncertainty(),
                measured);
    }
}
