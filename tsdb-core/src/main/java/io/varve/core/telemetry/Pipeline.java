package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * The clocks of a pipeline: how long a message takes from each stage to the next, and from the first to the last; how
 * many messages are in each stage; how many fail. Exported as {@value #METRIC} with the labels {@code pipeline},
 * {@code from}, {@code to}, and {@value #IN_FLIGHT}. Lock-free, any thread, nothing allocated for a message whose
 * array the caller keeps.
 *
 * <p>A message is an array of {@link #stampCount} longs: {@link #start}, then {@link #stamp} for each stage between,
 * then {@link #done}, which stamps the last. What is done out of that order is counted in {@value #ANOMALIES} and
 * changes nothing else; nothing here throws at the application but for a stage number that no pipeline has.
 */
public final class Pipeline {

    /** Name of the metric that all pipelines share. */
    public static final String METRIC = "varve_stage_duration_seconds";

    /** Name of the gauge of messages within a stage. */
    public static final String IN_FLIGHT = "varve_stage_in_flight";

    /** Name of the counter of what should not be. */
    public static final String ANOMALIES = "varve_stage_anomalies_total";

    /** Most stages of a pipeline. */
    public static final int MAX_STAGES = 8;

    private static final Duration LAST_MINUTE = Duration.ofMinutes(1);

    /** Times of more than this ahead of the own clock are from no clock that is right. */
    private static final long MOST_AHEAD_NANOS = 60_000_000_000L;

    private static final long MOST_BEHIND_NANOS = 86_400_000_000_000L;

    private final String name;
    private final List<String> stages;
    private final TimeSource clock;

    /** {@code steps[i]} leads from stage i to stage i + 1. */
    private final Distribution[] steps;

    private final Distribution whole;

    /** Messages within a stage, but for the last, which ends them. */
    private final LongAdder[] within;

    private final Telemetry telemetry;
    private volatile boolean followsMessages;

    /** What an application may do wrong, or a wire. */
    enum Anomaly {
        /** The array is of another length, or of no message. */
        FOREIGN,
        /** A stage was stamped again, or an earlier one. */
        ORDER,
        /** A message ended without one of its stages. */
        SKIPPED,
        /** Stamps on the wire that are none. */
        HEADER,
        /** Stamps on the wire that are from the future, or of long ago. */
        CLOCK
    }

    Pipeline(String name, List<String> stages, Telemetry telemetry, Family<Distribution> family) {
        this.name = name;
        this.stages = stages;
        this.telemetry = telemetry;
        this.clock = telemetry.clock();
        this.steps = new Distribution[stages.size() - 1];
        this.within = new LongAdder[steps.length];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = family.child(name, stages.get(i), stages.get(i + 1));
            within[i] = new LongAdder();
        }
        this.whole = family.child(name, stages.get(0), stages.get(stages.size() - 1));
    }

    /** The gauges of what is in flight, from the first message on. */
    private synchronized void followMessages() {
        for (int i = 0; i < within.length && !followsMessages; i++) {
            telemetry.gauge(
                    Metric.of(IN_FLIGHT, "Messages that have come to a stage of a pipeline and not to the next"),
                    within[i]::sum,
                    "pipeline",
                    name,
                    "stage",
                    stages.get(i));
        }
        followsMessages = true;
    }

    /** The pipeline's name. */
    public String name() {
        return name;
    }

    /** The stages in order. */
    public List<String> stages() {
        return stages;
    }

    // ---- messages

    /** Longs that the stamps of a message take. */
    public int stampCount() {
        return Stamps.length(stages.size());
    }

    /** A message has come to the first stage. */
    public long[] start() {
        long[] stamps = new long[stampCount()];
        start(stamps);
        return stamps;
    }

    /**
     * A message has come to the first stage.
     *
     * @param stamps takes its stamps: {@link #stampCount} longs, whatever they held before
     */
    public void start(long[] stamps) {
        if (stamps.length != stampCount()) {
            count(Anomaly.FOREIGN);
            return;
        }
        Stamps.begin(stamps, clock.nanoTime());
        enter(0);
    }

    private void enter(int stage) {
        if (!followsMessages) {
            followMessages();
        }
        within[stage].increment();
    }

    /**
     * A message has come to a stage.
     *
     * @param stage from 1; the last is {@link #done}
     */
    public void stamp(long[] stamps, int stage) {
        if (stage < 1 || stage >= steps.length) {
            throw new IllegalArgumentException("stage between the first and the last: pipeline=" + name + ", stages="
                    + stages + ", stage=" + stage);
        }
        if (stamps.length != stampCount() || !Stamps.isOnItsWay(stamps)) {
            count(Anomaly.FOREIGN);
            return;
        }
        int before = Stamps.stage(stamps);
        if (stage <= before) {
            count(Anomaly.ORDER);
            return;
        }
        Stamps.pass(stamps, stage, clock.nanoTime());
        within[before].decrement();
        within[stage].increment();
    }

    /** A message has come to the last stage, or has failed where it is. */
    public void done(long[] stamps, Outcome outcome) {
        if (stamps.length != stampCount() || !Stamps.isOnItsWay(stamps)) {
            count(Anomaly.FOREIGN);
            return;
        }
        int before = Stamps.stage(stamps);
        within[before].decrement();
        if (outcome == Outcome.FAILED) {
            whole.countFailure();
        }
        long now = clock.nanoTime();
        int last = steps.length;
        if (outcome == Outcome.OK) {
            stamps[last] = now;
            recordSteps(stamps, last);
        } else {
            recordSteps(stamps, before);
        }
        if (last > 1 || outcome == Outcome.FAILED) { // of two stages the one step is the whole way
            whole.record(now - stamps[0]);
        }
        Stamps.end(stamps);
    }

    /** Records the steps up to the last stage that the message came to. */
    private void recordSteps(long[] stamps, int last) {
        boolean skipped = false;
        for (int i = 0; i < last; i++) {
            if (stamps[i] == Stamps.MISSING || stamps[i + 1] == Stamps.MISSING) {
                skipped = true;
            } else {
                steps[i].record(stamps[i + 1] - stamps[i]);
            }
        }
        if (skipped) {
            count(Anomaly.SKIPPED);
        }
    }

    private void count(Anomaly anomaly) {
        telemetry
                .counter(
                        Metric.of(ANOMALIES, "Stamps of messages that were out of order, missing or foreign"),
                        "pipeline",
                        "kind")
                .labels(name, anomaly.name().toLowerCase(Locale.ROOT))
                .inc();
    }

    // ---- the wire

    /**
     * Hands a message on to another process: its stamps in their binary form. It is no longer in flight here.
     *
     * @param into takes at most {@link StageHeader#MAX_BYTES} bytes
     * @return the length; 0 if these are the stamps of no message
     */
    public int handOn(long[] stamps, byte[] into, int offset) {
        if (stamps.length != stampCount() || !Stamps.isOnItsWay(stamps)) {
            count(Anomaly.FOREIGN);
            return 0;
        }
        long[] times = Arrays.copyOf(stamps, stages.size());
        shift(times, clock.epochNanos() - clock.nanoTime());
        within[Stamps.stage(stamps)].decrement();
        Stamps.end(stamps);
        return StageHeader.write(times, times.length, into, offset);
    }

    /** As {@link #handOn(long[], byte[], int)}, as text for the header {@link StageHeader#NAME}; empty if of none. */
    public String handOn(long[] stamps) {
        byte[] bytes = new byte[StageHeader.MAX_BYTES];
        return StageHeader.text(bytes, handOn(stamps, bytes, 0));
    }

    /**
     * Takes over a message from another process, whose clock may be another.
     *
     * @param stamps takes its stamps: {@link #stampCount} longs
     * @return whether they are those of a message; if not, a new one is begun, as if it had just come to the first
     * stage
     */
    public boolean takeOver(byte[] from, int offset, int length, long[] stamps) {
        if (stamps.length != stampCount()) {
            count(Anomaly.FOREIGN);
            return false;
        }
        long wall = clock.epochNanos();
        long[] times = new long[stages.size()];
        if (StageHeader.read(from, offset, length, times.length, times) != null) {
            count(Anomaly.HEADER);
            start(stamps);
            return false;
        }
        long newest = times[0];
        int stage = 0;
        for (int i = 1; i < times.length; i++) {
            if (times[i] != Stamps.MISSING) {
                newest = times[i];
                stage = i;
            }
        }
        boolean right = times[0] > 0
                && newest - wall < MOST_AHEAD_NANOS
                && wall - times[0] < MOST_BEHIND_NANOS
                && stage < steps.length;
        if (!right) {
            count(Anomaly.CLOCK);
            start(stamps);
            return false;
        }
        shift(times, clock.nanoTime() - wall);
        Stamps.begin(stamps, times[0]);
        for (int i = 1; i <= stage; i++) {
            if (times[i] != Stamps.MISSING) {
                Stamps.pass(stamps, i, times[i]);
            }
        }
        enter(stage);
        return true;
    }

    /** As {@link #takeOver(byte[], int, int, long[])}, of the text of a header. */
    public boolean takeOver(String header, long[] stamps) {
        byte[] bytes = StageHeader.bytes(header);
        return bytes == null ? takeOver(new byte[0], 0, 0, stamps) : takeOver(bytes, 0, bytes.length, stamps);
    }

    private static void shift(long[] times, long nanos) {
        for (int i = 0; i < times.length; i++) {
            times[i] += times[i] == Stamps.MISSING ? 0 : nanos;
        }
    }

    // ---- steps that others have measured

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
     * @param stamps a reading of the registry's monotonic clock for each stage, in nanoseconds; not kept
     */
    public void record(long[] stamps) {
        if (stamps.length != stages.size()) {
            throw new IllegalArgumentException(
                    "one stamp for each stage: pipeline=" + name + ", stages=" + stages + ", stamps=" + stamps.length);
        }
        recordSteps(stamps, steps.length);
        recordWhole(stamps[steps.length] - stamps[0]);
    }

    // ---- what is shown

    /** Messages that have started and not ended. */
    public long inFlight() {
        long all = 0;
        for (LongAdder some : within) {
            all += some.sum();
        }
        return all;
    }

    /** Messages that have come to a stage and not to the next. */
    public long inFlight(int stage) {
        return within[stage].sum();
    }

    /** The last minute of the whole way. */
    public WindowView window() {
        return window(LAST_MINUTE);
    }

    /** The recent past of the whole way. */
    public WindowView window(Duration length) {
        return recent(length).view();
    }

    /** The recent past of the whole way, to be merged with that of other processes. */
    public Window recent(Duration length) {
        return whole.recent(length, inFlight());
    }

    /**
     * The last minute of one step.
     *
     * @param fromStage the stage that the step begins with, from 0
     */
    public WindowView window(int fromStage) {
        return window(fromStage, LAST_MINUTE);
    }

    /** The recent past of one step. */
    public WindowView window(int fromStage, Duration length) {
        return recent(fromStage, length).view();
    }

    /** The recent past of one step, to be merged with that of other processes. */
    public Window recent(int fromStage, Duration length) {
        return steps[fromStage].recent(length, inFlight(fromStage));
    }
}
