package io.varve.server.rules;

import io.varve.core.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An alert and what has become of it. Changed by the evaluation of its group alone. */
final class Alert {

    /** How long an alert that has ended is told of. */
    static final Duration RESOLVED_RETENTION = Duration.ofMinutes(15);

    private final Labels labels;
    private Map<String, String> annotations;
    private AlertLocator.Located located;
    private Object value;
    private State state = State.PENDING;
    private Instant activeAt;
    private @Nullable Instant firedAt;
    private @Nullable Instant resolvedAt;
    private @Nullable Instant keepFiringSince;
    private @Nullable Instant sentAt;
    private @Nullable Instant validUntil;

    /** What an alert does. */
    enum State {
        /** Its series is there, not for long enough. */
        PENDING,
        FIRING,
        /** Its series has gone. */
        INACTIVE;

        /** As in the label {@code alertstate}. */
        String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    Alert(
            Labels labels,
            Map<String, String> annotations,
            AlertLocator.Located located,
            Object value,
            Instant activeAt) {
        this.labels = labels;
        this.annotations = annotations;
        this.located = located;
        this.value = value;
        this.activeAt = activeAt;
    }

    /** Labels with {@code alertname}. */
    Labels labels() {
        return labels;
    }

    Map<String, String> annotations() {
        return annotations;
    }

    /** What is known of where its cause shows. */
    AlertLocator.Located located() {
        return located;
    }

    /** Its number as a {@link Double}, or the text of its histogram. */
    Object value() {
        return value;
    }

    State state() {
        return state;
    }

    /** Since when its series is there. */
    Instant activeAt() {
        return activeAt;
    }

    /** Since when it fires, null if it never did. */
    @Nullable
    Instant firedAt() {
        return firedAt;
    }

    /** When it ended, null while it has not. */
    @Nullable
    Instant resolvedAt() {
        return resolvedAt;
    }

    /** Since when it fires without its series, null if it does not. */
    @Nullable
    Instant keepFiringSince() {
        return keepFiringSince;
    }

    /** Until when a receiver that hears no more of it takes it for firing. */
    @Nullable
    Instant validUntil() {
        return validUntil;
    }

    /** Its series is there. Receivers hear of it again if more is known of where its cause shows, or something else. */
    void isThere(Map<String, String> newAnnotations, AlertLocator.Located newLocated, Object newValue) {
        Map<String, String> now = newLocated.annotations();
        Map<String, String> before = located.annotations();
        if (now.size() > before.size()
                || !Objects.equals(now.get(AlertLocator.STAGE), before.get(AlertLocator.STAGE))) {
            sentAt = null;
        }
        annotations = newAnnotations;
        located = newLocated;
        value = newValue;
        keepFiringSince = null;
    }

    void fire(Instant now) {
        state = State.FIRING;
        firedAt = now;
    }

    void keepFiring(Instant now) {
        keepFiringSince = now;
    }

    void end(Instant now) {
        state = State.INACTIVE;
        resolvedAt = now;
    }

    /** What was known before a restart. */
    void restore(Instant newActiveAt) {
        activeAt = newActiveAt;
    }

    /** Whether a receiver should hear of it. */
    boolean needsSending(Instant now, Duration resendDelay) {
        if (state == State.PENDING || firedAt == null) {
            return false;
        }
        Instant sent = sentAt;
        Instant ended = resolvedAt;
        boolean endIsNews = ended != null && (sent == null || ended.isAfter(sent));
        return endIsNews || sent == null || !sent.plus(resendDelay).isAfter(now);
    }

    void sent(Instant now, Instant until) {
        sentAt = now;
        validUntil = until;
    }
}
