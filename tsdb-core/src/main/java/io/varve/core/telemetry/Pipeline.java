package io.varve.core.telemetry;

import io.varve.core.model.Exemplar;
import io.varve.core.model.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of a pipeline: how long a message takes from each stage to the next, and from the first to the last; how
 * many messages are in each stage; how many fail. Exported as {@value #METRIC} with the labels {@code pipeline},
 * {@code from}, {@code to}, and {@value #IN_FLIGHT}. Lock-free, any thread, nothing allocated for a message whose
 * array the caller keeps.
 *
 * <p>A message is an array of {@link #stampCount} longs: {@link #start}, then {@link #stamp} for each stage between,
 * then {@link #done}, which stamps the last. What is done out of that order is counted in {@value #ANOMALIES} and
 * changes nothing else; nothing here throws at the application but for a stage number that no pipeline has.
 *
 * <p>{@link Sampling} says which messages are <em>chosen</em>: at {@link #start}, one of each block of n by
 * {@link SamplePlan}. The others take no stamps but the first; that they came, went on and ended is counted all the
 * same, so what is in flight and what fails is exact. What is recorded has a weight, so that counts are unbiased:
 *
 * <ul>
 *   <li>The whole way has two strata. What failed, and what was slower than the sliding P99 of the whole way, is
 *       recorded always, chosen or not, with the weight 1. All others are ordinary: the chosen ones among them are
 *       recorded with the weight n. A chosen one that turns out to be slow stands for itself alone; those for which
 *       it was to stand are made up for by the next ordinary one that is chosen ({@link MessageCells#settle}), as soon
 *       as more than 2n of a stripe are open. So is what a change of the ratio cuts off, and what is lost or handed
 *       on. The count is therefore never off by more than 2n in each of up to sixteen stripes of threads.
 *   <li>A step is recorded of chosen messages alone, slow or not, with the weight n: the others have no stamps of it.
 *       Of two stages the one step is the whole way, and recorded as that.
 * </ul>
 */
public final class Pipeline {

    /** Name of the metric that all pipelines share. */
    public static final String METRIC = "varve_stage_duration_seconds";

    /** Name of the gauge of messages within a stage. */
    public static final String IN_FLIGHT = "varve_stage_in_flight";

    /** Name of the gauge of the share of messages that is chosen. */
    public static final String RATIO = "varve_sampling_ratio";

    /** Name of the counter of what should not be. */
    public static final String ANOMALIES = "varve_stage_anomalies_total";

    /** Most stages of a pipeline. */
    public static final int MAX_STAGES = 8;

    /** In place of a time: the clock is read when it is needed. */
    private static final long UNREAD = Long.MIN_VALUE;

    private static final Duration LAST_MINUTE = Duration.ofMinutes(1);

    /** Messages that a snapshot tells of. */
    private static final int EXEMPLARS = 10;

    private final String name;
    private final List<String> stages;
    private final TimeSource clock;

    /** Number of the last stage. */
    private final int last;

    private final StageLatencies latencies;

    private final MessageSampler sampler;
    private final StageWire wire;
    private final Anomalies anomalies;
    private final MessageKeeper keeper;
    private final Telemetry telemetry;
    private final PipelineGauges gauges;

    Pipeline(String name, List<String> stages, Telemetry telemetry, Family<Distribution> family) {
        this.name = name;
        this.stages = stages;
        this.telemetry = telemetry;
        this.clock = telemetry.clock();
        this.last = stages.size() - 1;
        this.sampler = new MessageSampler(name, stages.size(), clock);
        this.wire = new StageWire(stages.size(), clock);
        this.anomalies = new Anomalies(telemetry, name);
        this.keeper = new MessageKeeper(this, clock, sampler, anomalies);
        this.gauges = new PipelineGauges(this, telemetry);
        this.latencies = new StageLatencies(name, stages, family, this::exemplars);
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

    /**
     * A reading of the clock, for messages that come, go on or end together: what takes it reads the clock no more.
     */
    public long now() {
        return clock.nanoTime();
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
        long now = clock.nanoTime();
        long state = begin(stamps, now);
        if (Stamps.isTimed(state)) {
            sampler.cost().started(Stamps.weight(state) != 0, now);
        }
    }

    /** As {@link #start(long[])}, at a time of {@link #now}. */
    public void start(long[] stamps, long now) {
        long state = begin(stamps, now);
        if (Stamps.isTimed(state)) { // what one reading takes stands for the work, which is about as much
            sampler.cost().started(Stamps.weight(state) != 0, sampler.cost().begin());
        }
    }

    /** The state of a message that begins; 0, and counted, if its stamps have no room. */
    private long begin(long[] stamps, long now) {
        if (stamps.length != stampCount()) {
            anomalies.count(Anomaly.FOREIGN);
            return 0;
        }
        gauges.show();
        Stamps.begin(stamps, now, sampler.begin());
        return Stamps.state(stamps);
    }

    /**
     * A message has come to a stage.
     *
     * @param stage from 1; the last is {@link #done}
     */
    public void stamp(long[] stamps, int stage) {
        stamp(stamps, stage, UNREAD);
    }

    /** As {@link #stamp(long[], int)}, at a time of {@link #now}. */
    public void stamp(long[] stamps, int stage, long now) {
        if (stage < 1 || stage >= last) {
            throw new IllegalArgumentException("stage between the first and the last: pipeline=" + name + ", stages="
                    + stages + ", stage=" + stage);
        }
        long state = state(stamps);
        if (state == 0) {
            return;
        }
        int before = Stamps.stage(state);
        if (stage <= before) {
            anomalies.count(Anomaly.ORDER);
            return;
        }
        long began = Stamps.isTimed(state) ? sampler.cost().begin() : 0;
        boolean chosen = Stamps.weight(state) != 0;
        if (chosen) {
            stamps[stage] = now == UNREAD ? clock.nanoTime() : now;
        }
        Stamps.pass(stamps, state, stage);
        MessageCells.pass(sampler.cells().mine(), before, stage);
        if (Stamps.isTimed(state)) {
            sampler.cost().worked(chosen, began);
        }
    }

    /** The state of a message on its way; 0, and counted, if this is none. */
    private long state(long[] stamps) {
        long state = stamps.length == stampCount() ? Stamps.state(stamps) : 0;
        if (state == 0) {
            anomalies.count(Anomaly.FOREIGN);
        }
        return state;
    }

    /** A message has come to the last stage, or has failed where it is. */
    public void done(long[] stamps, Outcome outcome) {
        done(stamps, outcome, null);
    }

    /**
     * A message has come to the last stage, or has failed where it is.
     *
     * @param context called, on this thread, only if the message is kept ({@link #kept}); if it throws or answers null
     * that is counted, and the message kept without
     */
    public void done(long[] stamps, Outcome outcome, @Nullable Supplier<@Nullable MessageContext> context) {
        done(stamps, outcome, context, UNREAD);
    }

    /** As {@link #done(long[], Outcome, Supplier)}, at a time of {@link #now}. */
    public void done(long[] stamps, Outcome outcome, @Nullable Supplier<@Nullable MessageContext> context, long time) {
        long state = state(stamps);
        if (state == 0) {
            return;
        }
        long began = Stamps.isTimed(state) ? sampler.cost().begin() : 0;
        long now = time == UNREAD ? clock.nanoTime() : time;
        int before = Stamps.stage(state);
        long[] mine = sampler.cells().mine();
        long ended = sampler.cells().end(mine, before);
        Stamps.end(stamps);
        long took = now - stamps[0];
        int weight = Stamps.weight(state);
        boolean failed = outcome == Outcome.FAILED;
        boolean special = failed || sampler.isSlow(took);
        double draw = Double.NaN;
        if (special) {
            latencies.recordSpecial(took, failed);
        } else {
            draw = recordOrdinary(took, weight, mine, ended);
        }
        if (took < 0 || Stamps.hasSkipped(state) || !failed && before < last - 1) {
            anomalies.countOdd(stamps, state, took, failed);
        }
        if (weight != 0) {
            if (!failed) {
                stamps[last] = now;
            }
            latencies.recordStepsBesideWhole(
                    stamps, failed ? before : last, weight, Stamps.hasSkipped(state) ? null : mine);
            telemetry.ended(this, stamps, failed ? before : last);
        }
        if (Stamps.isTimed(state)) {
            sampler.cost().worked(weight != 0, began);
        }
        if (special || !Double.isNaN(draw)) {
            keeper.keep(stamps, state, outcome, now, draw, context);
        }
    }

    /** Records the whole way of an ordinary message, if it was chosen; what it draws if it may be kept, else NaN. */
    private double recordOrdinary(long took, int weight, long[] mine, long ended) {
        if (weight == 0) {
            MessageCells.owe(mine);
            return Double.NaN;
        }
        long recorded = MessageCells.settle(mine, weight);
        latencies.whole().record(took, recorded);
        return keeper.kept().draw(SamplePlan.mix(ended ^ MessageCells.salt(mine)), recorded);
    }

    // ---- the wire

    /**
     * Hands a message on to another process: its stamps in their binary form. It is no longer in flight here. Of one
     * that was not chosen only the first stage is stamped.
     *
     * @param into takes at most {@link StageHeader#MAX_BYTES} bytes
     * @return the length; 0 if these are the stamps of no message
     */
    public int handOn(long[] stamps, byte[] into, int offset) {
        return handOn(stamps, into, offset, clock.nanoTime());
    }

    /** As {@link #handOn(long[], byte[], int)}, at a time of {@link #now}. */
    public int handOn(long[] stamps, byte[] into, int offset, long now) {
        long state = state(stamps);
        if (state == 0) {
            return 0;
        }
        sampler.cells().end(sampler.cells().mine(), Stamps.stage(state));
        Stamps.end(stamps);
        return wire.write(stamps, state, now, into, offset);
    }

    /** As {@link #handOn(long[], byte[], int)}, as text for the header {@link StageHeader#NAME}; empty if of none. */
    public String handOn(long[] stamps) {
        byte[] bytes = new byte[StageHeader.MAX_BYTES];
        return StageHeader.text(bytes, handOn(stamps, bytes, 0));
    }

    /**
     * Takes over a message from another process, whose clock may be another, and decides anew whether it is chosen, for
     * the form does not tell for how many it would stand; those that were chosen there come first. Steps whose stamps
     * one lacks are made up for by the next that has them, and count as skipped only if they were passed over here.
     *
     * @param stamps takes its stamps: {@link #stampCount} longs
     * @return whether they are those of a message; if not, a new one is begun, as if it had just come to the first
     * stage
     */
    public boolean takeOver(byte[] from, int offset, int length, long[] stamps) {
        return takeOver(from, offset, length, stamps, clock.nanoTime());
    }

    /** As {@link #takeOver(byte[], int, int, long[])}, at a time of {@link #now}. */
    public boolean takeOver(byte[] from, int offset, int length, long[] stamps, long now) {
        if (stamps.length != stampCount()) {
            anomalies.count(Anomaly.FOREIGN);
            return false;
        }
        Anomaly wrong = wire.read(from, offset, length, now, stamps);
        if (wrong != null) {
            anomalies.count(wrong);
            start(stamps, now);
            return false;
        }
        int stage = wire.newest(stamps);
        gauges.show();
        Stamps.begin(stamps, stamps[0], sampler.takeOver(stage));
        Stamps.at(stamps, Stamps.state(stamps), stage);
        if (stage == 0) {
            Stamps.comeFromElsewhere(stamps);
        }
        return true;
    }

    /** As {@link #takeOver(byte[], int, int, long[])}, of the text of a header. */
    public boolean takeOver(String header, long[] stamps) {
        byte[] bytes = StageHeader.bytes(header);
        return bytes == null ? takeOver(new byte[0], 0, 0, stamps) : takeOver(bytes, 0, bytes.length, stamps);
    }

    // ---- steps that others have measured

    /**
     * Records one step.
     *
     * @param fromStage the stage that the step begins with, from 0; it ends with the next
     * @param nanos nanoseconds; below zero counts as zero
     */
    public void record(int fromStage, long nanos) {
        latencies.step(fromStage).record(nanos);
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
        if (!latencies.recordSteps(stamps)) {
            anomalies.count(Anomaly.SKIPPED);
        }
        latencies.recordWholeBesideSteps(stamps[last] - stamps[0]);
        telemetry.ended(this, stamps, last);
    }

    // ---- sampling

    /** Share of messages that is chosen at present. */
    public double samplingRatio() {
        return sampler.ratio();
    }

    MessageSampler sampler() {
        return sampler;
    }

    /** A step of windows has ended. One thread at a time. */
    void tick(long now) {
        sampler.tick(latencies.whole());
        keeper.kept().endMinute(now);
    }

    long bytes() {
        return 128 + sampler.bytes() + keeper.kept().bytes();
    }

    // ---- kept messages

    /**
     * Messages that were kept, newest first: the newest slow and failed ones, at most {@value KeptMessages#A_SECOND} of
     * each in a second, and some of the ordinary ones of this minute and the last, each of which was as likely to be.
     */
    public List<KeptMessage> kept() {
        List<KeptMessage> all = keeper.kept().all();
        all.sort(Comparator.comparingLong(KeptMessage::endEpochNanos).reversed());
        return all;
    }

    private List<Exemplar> exemplars() {
        return kept().stream().limit(EXEMPLARS).map(KeptMessage::exemplar).toList();
    }

    KeptMessages keptMessages() {
        return keeper.kept();
    }

    // ---- what is shown

    /** Messages that have started and not ended, chosen or not. */
    public long inFlight() {
        return sampler.cells().inFlight();
    }

    /** Messages that have come to a stage and not to the next, chosen or not. */
    public long inFlight(int stage) {
        return sampler.cells().inFlight(stage);
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
        return latencies.whole().recent(length, inFlight());
    }

    /** The last minute of one step: that which begins with a stage, from 0. */
    public WindowView window(int fromStage) {
        return window(fromStage, LAST_MINUTE);
    }

    /** The recent past of one step. */
    public WindowView window(int fromStage, Duration length) {
        return recent(fromStage, length).view();
    }

    /** The recent past of one step, to be merged with that of other processes. */
    public Window recent(int fromStage, Duration length) {
        return latencies.step(fromStage).recent(length, inFlight(fromStage));
    }
}
