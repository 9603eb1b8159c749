package io.varve.core.telemetry;

import java.util.List;

/**
 * The clocks of a pipeline: how long a message takes from each stage to the next, and from the first to the last.
 * Exported as {@value #METRIC} with the labels {@code pipeline}, {@code from}, {@code to}. Lock-free, any thread,
 * nothing allocated for a record.
 */
public final class Pipeline {

    /** Name of the metric that all pipelines share. */
    public static final String METRIC = "varve_stage_duration_seconds";

    private final String name;
    private final List<String> stages;
    /** {@code steps[i]} leads from stage i to stage i + 1. */
    private final Latency[] steps;

    private final Latency whole;

    Pipeline(String name, List<String> stages, Family<Latency> family) {
        this.name = name;
        this.stages = stages;
        this.steps = new Latency[stages.size() - 1];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = family.child(name, stages.get(i), stages.get(i + 1));
        }
        this.whole = family.child(name, stages.get(0), stages.get(stages.size() - 1));
    }

    /** The pipeline's name. */
    public String name() {
        return name;
    }

    /** The stages in order. */
    public List<String> stages() {
        return stages;
    }

    /**
     * Records one step.
     *
     * @param fromStage the stage that the step begins with, from 0; it ends with the next
     * @param nanos nanoseconds; below zero counts as zero
     */
    public void record(int fromStage, long nanos) {
        steps[fromStage].record(nanos);
    }

    /**
     * Records the way from the first stage to the last, for callers that record step by step. Of two stages the one
     * step is the whole way, and this adds nothing to it.
     */
    public void recordWhole(long nanos) {
        if (steps.length > 1) {
            whole.record(nanos);
        }
    }

    /**
     * Records every step of one message, and its whole way.
     *
     * @param stamps a reading of the registry's monotonic clock for each stage, in nanoseconds, the last of them
     *     recent; not kept
     */
    public void record(long[] stamps) {
        if (stamps.length != stages.size()) {
            throw new IllegalArgumentException(
                    "one stamp for each stage: pipeline=" + name + ", stages=" + stages + ", stamps=" + stamps.length);
        }
        int last = steps.length;
        long now = stamps[last];
        for (int i = 0; i < last; i++) {
            steps[i].record(stamps[i + 1] - stamps[i], now);
        }
        if (last > 1) {
            whole.record(now - stamps[0], now);
        }
    }

    /** The last minute of the whole way. */
    public WindowView window() {
        return whole.window();
    }

    /**
     * The last minute of one step.
     *
     * @param fromStage the stage that the step begins with, from 0
     */
    public WindowView window(int fromStage) {
        return steps[fromStage].window();
    }
}
