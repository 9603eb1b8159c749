package io.varve.core.ingest;

import io.varve.core.model.TimeSource;
import io.varve.core.wal.IngestLog;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log going when the disk fails. After the first failure what is not durable is written into new files; if
 * that fails too, the store is read-only, and the same is tried again every second until it succeeds. Called by the
 * agent alone, except for what says otherwise.
 */
final class LogKeeper {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogKeeper.class);
    private static final long PROBE_NANOS = 1_000_000_000L;

    private final IngestLog log;
    private final TimeSource clock;
    private final ShardMetrics metrics;
    private final long patienceNanos;

    private volatile @Nullable Outage outage;
    private long probeAt;

    /**
     * The disk has failed twice in a row.
     *
     * @param since when that was, by the clock that nobody sets
     * @param reason what writers are told
     * @param position of the log's end, which stays where it is until the log is rescued
     */
    record Outage(long since, String reason, long position) {}

    /** @param patienceNanos how long a batch waits for a disk that has failed */
    LogKeeper(IngestLog log, TimeSource clock, ShardMetrics metrics, long patienceNanos) {
        this.patienceNanos = patienceNanos;
        this.log = log;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Why nothing can be written at the moment, or null. Any thread. */
    @Nullable
    String readOnly() {
        Outage now = outage;
        return now == null ? null : now.reason;
    }

    /** The outage that lasts so long that what waits for its end is answered; null if there is none. Any thread. */
    @Nullable
    Outage outOfPatience() {
        Outage now = outage;
        return now != null && clock.nanoTime() - now.since > patienceNanos ? now : null;
    }

    /** A write or a force has failed. Any thread. */
    void noteFailure(String what, IOException cause) {
        metrics.logFailed();
        LOGGER.warn("cannot {} the log: {}; going on in new files", what, cause.toString());
    }

    /** Rescues a broken log, or probes again if that has failed before and a second has passed. */
    void lookAfter() {
        if (log.isBroken() && (outage == null || clock.nanoTime() - probeAt >= 0)) {
            rescue();
        }
    }

    /** The store closes: probes whether a second has passed or not. */
    void lastTry() {
        if (log.isBroken()) {
            rescue();
        }
    }

    /** Hands what was appended to the operating system; false if it cannot be written at the moment. */
    boolean write() {
        if (!log.isBroken()) {
            try {
                log.write();
                return true;
            } catch (IOException e) {
                noteFailure("write", e);
            }
        }
        lookAfter();
        return !log.isBroken();
    }

    /** Finds room for records; null, or why there is none. */
    @Nullable
    IOException reserve(int bytes, int records) {
        try {
            log.reserve(bytes, records);
            return null;
        } catch (IOException e) {
            if (!log.isBroken()) {
                return e;
            }
            noteFailure("extend", e);
        }
        lookAfter();
        try {
            log.reserve(bytes, records);
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private void rescue() {
        try {
            log.rescue();
            metrics.logRescued();
            LOGGER.warn("the log goes on in new files; nothing that was accepted is lost");
            outage = null;
        } catch (IOException e) {
            long now = clock.nanoTime();
            probeAt = now + PROBE_NANOS;
            Outage before = outage;
            if (before == null) {
                LOGGER.error("the store is read-only until the disk works again: {}", e.toString());
            }
            outage = new Outage(
                    before == null ? now : before.since,
                    "cannot write the log: " + cause(e) + "; writing resumes by itself when the disk works again",
                    log.position());
        }
    }

    /** A missing file says no more than its name. */
    private static String cause(IOException e) {
        return e.getClass() == IOException.class ? String.valueOf(e.getMessage()) : e.toString();
    }
}
