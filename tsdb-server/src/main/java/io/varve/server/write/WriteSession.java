package io.varve.server.write;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.Resolution;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import io.varve.core.storage.WireLabels;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request's samples into the engine. Between {@link #begin} and {@link #finish} a decoder names a
 * series and hands over its samples; what breaks a rule is counted in the report while its neighbours go on. A full
 * batch is committed on the way, so one request may be several commits; it is answered when all of them are.
 *
 * <p>Kept for the next request afterwards, with its appenders (one a durability). One thread at a time; the stage
 * that {@link #finish} returns completes on an engine thread.
 */
public final class WriteSession implements AutoCloseable {

    private static final byte[] NOTHING = {};

    private final Function<Durability, Appender> store;
    private final long ticksPerMilli;
    private final Map<Durability, Appender> appenders = new EnumMap<>(Durability.class);
    private final List<CompletableFuture<Commit>> parts = new ArrayList<>();
    private WriteReport report = new WriteReport();
    private @Nullable Appender appender;

    private byte[] wire = NOTHING;
    private int wireOffset;
    private int wireLength;
    private @Nullable WireLabels decoder;
    private @Nullable LabelRuleException broken;
    private boolean known;
    private long ref;
    private long samples;

    /**
     * A session that is not in use.
     *
     * @param store opens an appender of a durability
     * @param resolution unit of the store's time
     */
    public WriteSession(Function<Durability, Appender> store, Resolution resolution) {
        this.store = store;
        this.ticksPerMilli = resolution.ticksPerSecond() / 1_000L;
    }

    /** Starts a request. */
    public void begin(Durability durability) {
        parts.clear();
        report = new WriteReport();
        samples = 0;
        appender = appenders.computeIfAbsent(durability, store);
    }

    /** Samples, histograms and exemplars of the request so far, kept or refused. */
    public long samples() {
        return samples;
    }

    /** What was refused so far. */
    public WriteReport report() {
        return report;
    }

    /**
     * Names the series of the samples that follow. Nothing is looked up before the first of them.
     *
     * @param bytes the labels as the client sent them; borrowed until the next series or the end
     * @param labels reads them if the series is new
     */
    public void series(byte[] bytes, int offset, int length, WireLabels labels) {
        wire = bytes;
        wireOffset = offset;
        wireLength = length;
        decoder = labels;
        broken = null;
        known = false;
    }

    /**
     * Adds a sample of the series.
     *
     * @param millis milliseconds since 1970
     * @param value any bits
     * @throws CommitException if a full batch could not be handed to the engine
     */
    public void sample(long millis, double value) {
        add(millis, value, null, null);
    }

    /**
     * Adds a native histogram of the series, or the stale marker of one.
     *
     * @param millis milliseconds since 1970
     * @throws CommitException if a full batch could not be handed to the engine
     */
    public void histogram(long millis, Histogram histogram) {
        add(millis, 0, histogram, null);
    }

    /**
     * Adds an exemplar of the series.
     *
     * @param millis milliseconds since 1970
     * @param value any bits
     * @throws CommitException if a full batch could not be handed to the engine
     */
    public void exemplar(Labels labels, long millis, double value) {
        Exemplar exemplar;
        try {
            exemplar = new Exemplar(labels, millis * ticksPerMilli, value);
        } catch (IllegalArgumentException e) {
            report.refuse(Refusal.EXEMPLAR, 1, String.valueOf(e.getMessage()));
            return;
        }
        add(millis, value, null, exemplar);
    }

    /** Adds an exemplar, a histogram or, where both are null, a float. */
    private void add(long millis, double value, @Nullable Histogram histogram, @Nullable Exemplar exemplar) {
        samples++;
        long time = millis * ticksPerMilli;
        if (ticksPerMilli != 1 && time / ticksPerMilli != millis) {
            report.refuse(Refusal.TIME_RANGE, 1, "milliseconds=" + millis);
            return;
        }
        Appender target = open();
        if (!known && !lookUp(target)) {
            return;
        }
        Verdict verdict = append(target, time, value, histogram, exemplar);
        if (verdict == Verdict.BATCH_FULL) {
            if (target.pending() == 0) {
                throw new AssertionError("BUG: an empty batch is full");
            }
            commit(target);
            if (!lookUp(target)) { // references end with a commit
                return;
            }
            verdict = append(target, time, value, histogram, exemplar);
        }
        if (verdict == Verdict.UNKNOWN_REF) { // dropped since it was looked up: name it by its labels instead
            ref = target.series(labelsOf().decode(wire, wireOffset, wireLength));
            verdict = append(target, time, value, histogram, exemplar);
        }
        if (verdict.isRefusal()) {
            report.refuse(verdict, 1);
        }
    }

    private Verdict append(
            Appender target, long time, double value, @Nullable Histogram histogram, @Nullable Exemplar exemplar) {
        if (histogram != null) {
            return target.append(ref, time, histogram);
        }
        return exemplar != null ? target.exemplar(ref, exemplar) : target.append(ref, time, value);
    }

    /**
     * Says what is known of a metric. What is too long or has no name is let go: it is no reason to refuse a request.
     *
     * @throws CommitException if a full batch could not be handed to the engine
     */
    public void metadata(String metric, Metadata said) {
        if (metric.isEmpty() || metric.length() > Metadata.MAX_NAME) {
            return;
        }
        Appender target = open();
        if (target.metadata(metric, said) == Verdict.BATCH_FULL && target.pending() > 0) {
            commit(target);
            target.metadata(metric, said);
        }
    }

    private boolean lookUp(Appender target) {
        if (broken != null) {
            report.refuse(broken.refusal(), 1, String.valueOf(broken.getMessage()));
            return false;
        }
        try {
            ref = target.series(wire, wireOffset, wireLength, labelsOf());
            known = true;
            return true;
        } catch (LabelRuleException e) {
            broken = e;
            report.refuse(e.refusal(), 1, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private WireLabels labelsOf() {
        WireLabels labels = decoder;
        if (labels == null) {
            throw new AssertionError("BUG: a sample before its series");
        }
        return labels;
    }

    /** Counts something of the request that cannot be stored. */
    public void refuse(Refusal refusal, long count, String detail) {
        report.refuse(refusal, count, detail);
    }

    private Appender open() {
        Appender target = appender;
        if (target == null) {
            throw new AssertionError("BUG: a session that has not begun");
        }
        return target;
    }

    private void commit(Appender target) {
        CompletableFuture<Commit> part = target.commitAsync().toCompletableFuture();
        parts.add(part);
        known = false;
        if (part.isCompletedExceptionally()) { // no use in decoding more: the sender has to send all of it again
            part.join();
        }
    }

    /**
     * Commits what is there. The stage completes when every part is as durable as asked, with the report; or fails
     * with the {@link CommitException} of the first part that was not acknowledged. The session can begin another
     * request at once.
     */
    public CompletionStage<WriteReport> finish() {
        Appender target = open();
        WriteReport done = report;
        done.line(0); // the engine's refusals have no line
        release();
        if (target.pending() > 0) {
            parts.add(target.commitAsync().toCompletableFuture());
        }
        List<CompletableFuture<Commit>> all = List.copyOf(parts);
        parts.clear();
        return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).thenApply(nothing -> {
            for (CompletableFuture<Commit> part : all) {
                done.add(part.join());
            }
            return done;
        });
    }

    /** Ends a request that failed: what was not committed yet is dropped. */
    public void abandon() {
        Appender target = appender;
        release();
        parts.clear();
        if (target != null && target.pending() > 0) {
            appenders.values().remove(target);
            target.close();
        }
    }

    private void release() {
        appender = null;
        wire = NOTHING;
        decoder = null;
        broken = null;
        known = false;
    }

    /** Lets go of the appenders. */
    @Override
    public void close() {
        abandon();
        appenders.values().forEach(Appender::close);
        appenders.clear();
    }
}
