package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Holds what the stage clocks of all pipelines cost below a share of the processor time of the process. At the end of
 * each step it knows how many messages came to each pipeline, and what one that is chosen and one that is not cost
 * ({@link MessageCost}). When the sum is over the budget, all pipelines get the same number of chosen messages a
 * second, so that one with few messages keeps them all, while one that is flooded pays for it. Ratios go down at once,
 * and up by a quarter a step.
 *
 * <p>One thread ticks at a time; the lock is not taken for a message.
 */
final class SamplingController {

    /** Of the budget so much is planned for: load and costs change within a step. */
    private static final double PLANNED = 0.8;

    private static final double UP = 1.25;

    /** A process that does nothing is taken to use this share of a processor. */
    private static final double LEAST_CPU = 0.01;

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private final TimeSource clock;
    private final CpuClock cpu;
    private final long leastNanos;
    private final List<Watched> all = new CopyOnWriteArrayList<>();
    private Sampling sampling;
    private long since;
    private long cpuBefore;
    private long ticksNanos;
    private double cpuRate;
    private volatile double costRatio;

    /** A pipeline and what is known of it. */
    private static final class Watched {

        final Pipeline pipeline;
        long started;
        double ratio;

        /** Messages a second. */
        double rate;

        /** Nanoseconds of a message, chosen or not. */
        double base;

        /** Nanoseconds more of one that is chosen. */
        double extra;

        Watched(Pipeline pipeline, double ratio) {
            this.pipeline = pipeline;
            this.ratio = ratio;
        }

        /** Nanoseconds in the second at a ratio. */
        double cost(double at) {
            return rate * (base + at * extra);
        }
    }

    SamplingController(TelemetryConfig config) {
        this.clock = config.clock();
        this.cpu = config.cpuClock();
        this.leastNanos = config.windowStep().toNanos() / 2;
        this.sampling = config.sampling();
        this.since = clock.nanoTime();
        this.cpuBefore = cpu.nanos();
    }

    /** Takes care of a pipeline from now on. */
    synchronized void add(Pipeline pipeline) {
        Watched watched = new Watched(pipeline, 1);
        all.add(watched);
        apply(watched);
    }

    synchronized Sampling sampling() {
        return sampling;
    }

    /** Another choice, from the next message on. */
    synchronized void sampling(Sampling value) {
        sampling = value;
        all.forEach(this::apply);
    }

    private void apply(Watched watched) {
        if (sampling.isAdaptive()) {
            watched.pipeline.sampler().plan(SamplePlan.atMost(watched.ratio));
        } else {
            watched.ratio = sampling.value();
            watched.pipeline.sampler().plan(SamplePlan.of(watched.ratio));
        }
    }

    /** Share of the process's processor time that the stage clocks took in the last step. */
    double costRatio() {
        return costRatio;
    }

    /**
     * A step has ended.
     *
     * @param began when its work began, by the monotonic clock
     */
    synchronized void tick(long began) {
        for (Watched watched : all) {
            watched.pipeline.tick(began);
        }
        long elapsed = began - since;
        if (elapsed < 0) { // the clock went back: what came since then is of no known length
            measure(0);
            begin(began);
        } else if (elapsed >= leastNanos) {
            measure(elapsed);
            decide(elapsed);
            begin(began);
        }
        ticksNanos += Math.max(0, clock.nanoTime() - began);
    }

    private void begin(long now) {
        since = now;
        cpuBefore = cpu.nanos();
    }

    private void measure(long elapsed) {
        for (Watched watched : all) {
            long started = watched.pipeline.sampler().cells().started();
            MessageCost cost = watched.pipeline.sampler().cost();
            watched.rate = elapsed == 0 ? 0 : (started - watched.started) * 1e9 / elapsed;
            watched.started = started;
            watched.base = cost.otherNanos();
            watched.extra = Math.max(1, cost.chosenNanos() - watched.base);
        }
    }

    private void decide(long elapsed) {
        double seconds = elapsed / 1e9;
        long cpuNow = cpu.nanos();
        boolean known = cpuNow >= 0 && cpuBefore >= 0 && cpuNow >= cpuBefore;
        double used = Math.max(LEAST_CPU * 1e9, known ? (cpuNow - cpuBefore) / seconds : PROCESSORS * 1e9);
        cpuRate = cpuRate == 0 ? used : (cpuRate + used) / 2;
        double beside = ticksNanos / seconds;
        ticksNanos = 0;
        double messages = 0;
        for (Watched watched : all) {
            beside += watched.pipeline.sampler().cost().takeSpent() / seconds;
            messages += watched.cost(watched.pipeline.samplingRatio());
        }
        costRatio = (messages + beside) / used;
        if (sampling.isAdaptive()) {
            share(sampling.value() * PLANNED * cpuRate - beside);
        }
    }

    /** Shares out how many nanoseconds in the second all pipelines may cost. */
    private void share(double allowed) {
        List<Watched> byRate = new ArrayList<>(all);
        byRate.sort(Comparator.comparingDouble(watched -> watched.rate));
        double left = allowed;
        double extras = 0;
        for (Watched watched : byRate) {
            left -= watched.cost(0);
            extras += watched.extra;
        }
        for (Watched watched : byRate) {
            // Of what is left each may choose the same number, but for those that have not as many.
            double chosen = Math.max(0, left) / extras;
            double target = watched.rate <= chosen ? 1 : chosen / watched.rate;
            left -= Math.min(watched.rate, chosen) * watched.extra;
            extras -= watched.extra;
            double ratio = Math.min(target, watched.ratio * UP);
            watched.ratio = Math.max(Sampling.LEAST_RATIO, Math.min(1, ratio));
            apply(watched);
        }
    }
}
