package io.varve.core.telemetry.export;

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
import io.varve.core.storage.Writable;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of an export into its store. Whatever the store does (closed, full, read-only, refusing), nothing is
 * thrown: the failure is told by its reason, what comes until the end of the round is dropped, and the next round
 * begins with a new appender. One thread.
 *
 * <p>References of series hold for one {@link #epoch}.
 */
final class ExportBatch {

    /** Most bytes of a series' labels; more would not fit into a small ring with others. */
    static final int MAX_LABEL_BYTES = 16 << 10;

    /** References that are asked for beyond those in use before the appender is made anew, and forgets the others. */
    private static final int SPARE_SERIES = 10_000;

    private final Writable store;
    private final Consumer<String> onFailure;
    private @Nullable Appender appender;
    private boolean failed;
    private int epoch;
    private long asked;
    private int newLabelBytes;

    /**
     * A way that was not gone yet.
     *
     * @param onFailure told of each failure, by its reason in snake_case
     */
    ExportBatch(Writable store, Consumer<String> onFailure) {
        this.store = store;
        this.onFailure = onFailure;
    }

    /** The unit of the store's time. */
    Resolution resolution() {
        return store.resolution();
    }

    /** A moment in nanoseconds since 1970 as ticks of the store. */
    long ticks(long epochNanos) {
        return Math.floorDiv(epochNanos, store.resolution().nanosPerTick());
    }

    /**
     * Begins a round.
     *
     * @param live number of series that are still written
     */
    void begin(int live) {
        failed = false;
        if (appender != null && asked > 2L * live + SPARE_SERIES) {
            release();
        }
        if (appender == null) {
            try {
                appender = store.appender(Durability.WRITTEN);
                epoch++;
                asked = 0;
            } catch (IllegalStateException e) {
                fail("closed");
            } catch (RuntimeException e) {
                fail("error");
            }
        }
    }

    /** Changes when references no longer hold. */
    int epoch() {
        return epoch;
    }

    /** Whether something can still be written in this round. */
    boolean isUsable() {
        return !failed && appender != null;
    }

    /** The reference of a series in this epoch; of none when nothing can be written. */
    long series(Labels labels) {
        Appender to = usable();
        if (to == null) {
            return -1;
        }
        asked++;
        newLabelBytes += labels.utf8Bytes();
        if (newLabelBytes > 2 * MAX_LABEL_BYTES && !commit()) {
            return -1;
        }
        return to.series(labels);
    }

    private @Nullable Appender usable() {
        return failed ? null : appender;
    }

    /** A float sample. */
    void value(long ref, long time, double value) {
        Appender to = usable();
        if (to != null) {
            Verdict verdict = to.append(ref, time, value);
            if (verdict == Verdict.BATCH_FULL && commit()) {
                verdict = to.append(ref, time, value);
            }
            judge(verdict);
        }
    }

    /** A native histogram. */
    void histogram(long ref, long time, Histogram histogram) {
        put(to -> to.append(ref, time, histogram));
    }

    /** An exemplar of a series. */
    void exemplar(long ref, Exemplar exemplar) {
        put(to -> to.exemplar(ref, exemplar));
    }

    /** What is known of a metric. */
    void metadata(String metric, Metadata metadata) {
        if (metric.length() <= Metadata.MAX_NAME) {
            put(to -> to.metadata(metric, metadata));
        }
    }

    /** When a series began to count, of a sample at some time; nothing if that is not before it. */
    void start(long ref, long time, long start) {
        if (start < time) {
            put(to -> to.startTime(ref, time, start));
        }
    }

    private void put(Put what) {
        Appender to = usable();
        if (to != null) {
            Verdict verdict = what.into(to);
            if (verdict == Verdict.BATCH_FULL && commit()) {
                verdict = what.into(to);
            }
            judge(verdict);
        }
    }

    /** A local refusal of one sample; what a commit refuses is told by it. */
    private void judge(Verdict verdict) {
        if (verdict.isRefusal() && !failed) {
            onFailure.accept(verdict.reason());
        }
    }

    /** Tells that something is not written, and why; the rest is. */
    void refuse(String reason) {
        onFailure.accept(reason);
    }

    /** Commits what is there, and waits; whether the rest of the round can still be written. */
    boolean commit() {
        newLabelBytes = 0;
        Appender from = usable();
        if (from == null) {
            return false;
        }
        try {
            Commit commit = from.commit();
            if (commit.refused() > 0) {
                onFailure.accept(commit.firstRefusal().reason());
            }
            return true;
        } catch (CommitException e) {
            fail(e.reason().name().toLowerCase(Locale.ROOT));
        } catch (IllegalStateException e) {
            fail("closed");
        } catch (RuntimeException e) {
            fail("error");
        }
        return false;
    }

    /** Drops what is not committed; the next round begins anew. */
    void fail(String reason) {
        failed = true;
        newLabelBytes = 0;
        release();
        onFailure.accept(reason);
    }

    /** Lets go of the store. */
    void release() {
        Appender old = appender;
        appender = null;
        if (old != null) {
            try {
                old.close();
            } catch (RuntimeException e) {
                onFailure.accept("error");
            }
        }
    }

    private interface Put {
        Verdict into(Appender appender);
    }
}
