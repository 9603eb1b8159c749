package io.varve.server.scrape;

import io.varve.server.config.ScrapeConfig;
import io.varve.server.scrape.TargetStatus.Health;
import io.varve.server.scrape.discovery.Target;
import io.varve.server.scrape.series.TargetSeries;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A target that is scraped again and again, at times that are whole intervals apart and at an offset of its own. When
 * it is due belongs to the manager, under its lock; its series belong to whoever holds the loop's own.
 */
final class ScrapeLoop {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** How far a scrape may be behind its time and still count as on time: times whole intervals apart pack well. */
    private static final long TOLERANCE_NANOS = 2 * NANOS_PER_MILLI;

    private final ScrapeConfig config;
    private final Target target;
    private final TargetSeries series;
    private final long intervalNanos;
    private final AtomicBoolean busy = new AtomicBoolean();
    private long dueNanos;
    private volatile boolean stopped;
    private volatile TargetStatus status;

    ScrapeLoop(ScrapeConfig config, Target target, TargetSeries series, long nowNanos) {
        this.config = config;
        this.target = target;
        this.series = series;
        this.intervalNanos = target.interval().toNanos();
        this.dueNanos = after(nowNanos);
        this.status = new TargetStatus(config.job(), target, Health.UNKNOWN, "", null, 0);
    }

    /** The first time behind another at which it is due. */
    private long after(long nanos) {
        long hash = (31L * target.labels().hashCode() + target.uri().hashCode()) * 0x9e3779b97f4a7c15L;
        long offset = Math.floorMod(hash, intervalNanos) / NANOS_PER_MILLI * NANOS_PER_MILLI;
        long behind = Math.floorMod(nanos - offset, intervalNanos);
        return nanos - behind + intervalNanos;
    }

    ScrapeConfig config() {
        return config;
    }

    Target target() {
        return target;
    }

    TargetSeries series() {
        return series;
    }

    long intervalNanos() {
        return intervalNanos;
    }

    /** When it is due, nanoseconds since 1970. */
    long dueNanos() {
        return dueNanos;
    }

    /** Goes on to the next time; returns the time of this scrape in milliseconds since 1970. */
    long advance(long nowNanos) {
        long due = dueNanos;
        dueNanos = after(nowNanos);
        return (nowNanos - due <= TOLERANCE_NANOS ? due : nowNanos) / NANOS_PER_MILLI;
    }

    /** Sets the clock anew if it went back. */
    boolean isFarAhead(long nowNanos) {
        if (dueNanos - nowNanos <= 2 * intervalNanos) {
            return false;
        }
        dueNanos = after(nowNanos);
        return true;
    }

    /** Begins a scrape; false if the one before is still on. */
    boolean begin() {
        return busy.compareAndSet(false, true);
    }

    void end() {
        busy.set(false);
    }

    /** Its target has gone: what is on its way does not count any more. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    TargetStatus status() {
        return status;
    }

    void status(@Nullable String error, long millis, double seconds) {
        status = new TargetStatus(
                config.job(),
                target,
                error == null ? Health.UP : Health.DOWN,
                error == null ? "" : error,
                Instant.ofEpochMilli(millis),
                seconds);
    }
}
