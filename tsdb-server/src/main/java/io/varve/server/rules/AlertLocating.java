package io.varve.server.rules;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeSource;
import io.varve.query.lang.Selectors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Locates the alerts of a rule: when they begin to fire, again in their first seconds, since data have only begun to
 * come, and whenever receivers are told of them again. Bounded in alerts and in time by evaluation; what is over that
 * keeps what it has.
 */
final class AlertLocating {

    /** Alerts that are located in one evaluation. */
    static final int MAX_ALERTS = 10;

    /** How long that may take in one evaluation. */
    static final long BUDGET_NANOS = 200_000_000;

    /** For how long an alert is looked at again, since its data have only begun to come. */
    private static final Duration YOUNG = Duration.ofSeconds(5);

    /** For how long what is missing is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Rule.Alerting rule;
    private final AlertSetting setting;
    private final TimeSource clock;
    private final List<Selectors.Source> sources;
    private int alertsLeft;
    private long nanosLeft;

    AlertLocating(Rule.Alerting rule, AlertSetting setting, TimeSource clock) {
        this.rule = rule;
        this.setting = setting;
        this.clock = clock;
        boolean wanted = setting.locator() != AlertLocator.NONE
                && (!rule.annotations().keySet().containsAll(AlertLocator.ANNOTATIONS)
                        || rule.annotations().values().stream().anyMatch(text -> text.contains("locate")));
        this.sources = wanted ? RecordedSeries.read(rule.expression()) : List.of();
    }

    /** An evaluation begins. */
    void begin() {
        alertsLeft = MAX_ALERTS;
        nanosLeft = BUDGET_NANOS;
    }

    /**
     * What is known of where an alert's cause shows; nothing of one that does not fire yet.
     *
     * @param known the alert, null if it is new
     * @param series labels of the series that its rule has found
     */
    AlertLocator.Located of(@Nullable Alert known, Labels series, Instant now) {
        Alert there = known == null || known.state() == Alert.State.INACTIVE ? null : known;
        Instant since = there == null ? now : there.activeAt();
        if (sources.isEmpty() || since.plus(rule.hold()).isAfter(now)) {
            return AlertLocator.Located.NOTHING;
        }
        AlertLocator.Located before = there == null ? AlertLocator.Located.NOTHING : there.located();
        if (there != null && there.state() == Alert.State.FIRING && !isDue(there, now)
                || alertsLeft == 0
                || nanosLeft <= 0) {
            return before;
        }
        alertsLeft--;
        long begun = clock.nanoTime();
        List<List<Matcher>> origins = setting.recorded().origins(sources, series);
        AlertLocator.Located found =
                setting.locator().locate(new AlertLocator.Question(origins, series, since, now), nanosLeft);
        nanosLeft -= clock.nanoTime() - begun;
        return before.or(found);
    }

    private boolean isDue(Alert alert, Instant now) {
        Instant fired = alert.firedAt();
        boolean complete = alert.located().annotations().keySet().containsAll(AlertLocator.ANNOTATIONS);
        boolean early = fired != null && fired.plus(complete ? YOUNG : PATIENCE).isAfter(now);
        return early || alert.needsSending(now, setting.resendDelay());
    }

    /** Annotations of a rule with those that it does not set itself. */
    static Map<String, String> added(Map<String, String> annotations, Map<String, String> located) {
        Map<String, String> all = new TreeMap<>(located);
        all.putAll(annotations);
        return all;
    }
}
