package io.varve.core;

import io.varve.core.model.Labels;
import io.varve.core.model.RetentionRule;
import java.time.Duration;

/**
 * What has expired by age, between two bounds: what is younger than the one must be answered, what is older than the
 * other must not; between the two a store is free, since it looks at the clock once a minute, and keeps how far it has
 * come to the hour. Times are milliseconds.
 */
final class PlainRetention {

    private final TsdbConfig config;

    /** Time from which ages may have been counted at most: what it has expired may be gone for good. */
    private long atMost = Long.MIN_VALUE;

    /** Time from which ages are counted at least. */
    private long atLeast = Long.MIN_VALUE;

    private long newestSent = Long.MIN_VALUE;

    /** Whether ages may follow the clock, and whether they must. */
    private boolean mayFollow = true;

    private boolean mustFollow = true;

    PlainRetention(TsdbConfig config) {
        this.config = config;
    }

    boolean byAge() {
        return !config.retention().isZero() || !config.retentionRules().isEmpty();
    }

    /** Whether something of any kind can expire. */
    boolean isOn() {
        return byAge() || !config.exemplarRetention().isZero();
    }

    void sent(long time, long wall) {
        newestSent = Math.max(newestSent, time);
        passed(wall);
    }

    /** The wall clock has come this far. */
    void passed(long wall) {
        if (mayFollow) {
            atMost = Math.max(atMost, Math.min(newestSent, wall));
        }
    }

    /** The clock is about to jump by days: nothing may follow it. */
    void jumps() {
        mayFollow = false;
        mustFollow = false;
        atMost = Math.max(atMost, newestSent); // what was ahead of the clock is not
    }

    /** Somebody confirms the clock, which the store may not remember yet. */
    void confirmed(long wall) {
        mayFollow = true;
        passed(wall);
    }

    /** The store follows the clock again, also after a restart. */
    void follows() {
        mustFollow = true;
    }

    boolean waits() {
        return !mustFollow;
    }

    /** When the store has looked at the clock is not known. */
    void forget() {
        atLeast = Long.MIN_VALUE;
    }

    /** The store looks at the clock, at the latest now. */
    void looked(long wall, long newestFound) {
        if (mustFollow) {
            atLeast = Math.max(atLeast, Math.min(newestFound, wall));
        }
    }

    /** A process has opened the store, or a copy of it; how far the clock had come it knows to the hour. */
    void opened(long wall, long newestFound) {
        atLeast = Long.MIN_VALUE;
        looked(wall, newestFound);
    }

    private Duration age(Labels labels) {
        for (RetentionRule rule : config.retentionRules()) {
            if (PlainStore.matches(labels, rule.match())) {
                return rule.time();
            }
        }
        return config.retention();
    }

    private static long cutoff(long now, Duration age) {
        return age.isZero() || now == Long.MIN_VALUE ? Long.MIN_VALUE : now - age.toMillis();
    }

    /** Samples of a series from here on must be answered. */
    long kept(Labels labels) {
        return cutoff(atMost, age(labels));
    }

    /** Samples of a series before this must not be answered. */
    long gone(Labels labels) {
        return cutoff(atLeast, age(labels));
    }

    long exemplarsKept(Labels labels) {
        return Math.max(kept(labels), cutoff(newestSent, config.exemplarRetention()));
    }

    /** @param newestFound newest time of the samples that the store answers */
    long exemplarsGone(Labels labels, long wall, long newestFound) {
        return Math.max(gone(labels), cutoff(Math.min(wall, newestFound), config.exemplarRetention()));
    }
}
