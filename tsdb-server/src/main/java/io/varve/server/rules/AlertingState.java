package io.varve.server.rules;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeSource;
import io.varve.query.QueryResult;
import io.varve.server.rules.RuleStore.Sample;
import io.varve.server.rules.template.Template;
import io.varve.server.rules.template.TemplateException;
import io.varve.server.rules.template.TemplateSample;
import io.varve.server.rules.template.TemplateSetting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An alerting rule at work: which alerts there are, and what has become of them. */
final class AlertingState extends RuleState {

    /** Metric whose series say which alerts there are. */
    static final String ALERTS = "ALERTS";

    /** Metric whose values say since when, in seconds, so that a restart does not begin anew. */
    static final String ALERTS_FOR_STATE = "ALERTS_FOR_STATE";

    private static final String NAME = "alertname";
    private static final String STATE = "alertstate";

    private final Rule.Alerting rule;
    private final RuleStore store;
    private final AlertSetting setting;
    private final int limit;
    private final AlertLocating locating;
    private final Map<String, Template> labels = new TreeMap<>();
    private final Map<String, Template> annotations = new TreeMap<>();

    /** By their labels. */
    private final Map<Labels, Alert> active = new LinkedHashMap<>();

    private volatile List<Alert> shown = List.of();
    private boolean restored;

    AlertingState(Rule.Alerting rule, RuleStore store, AlertSetting setting, int limit, TimeSource clock) {
        this.rule = rule;
        this.store = store;
        this.setting = setting;
        this.limit = limit;
        this.locating = new AlertLocating(rule, setting, clock);
        rule.labels().forEach((name, text) -> labels.put(name, template(text)));
        rule.annotations().forEach((name, text) -> annotations.put(name, template(text)));
    }

    private Template template(String text) {
        try {
            return Template.parse("__alert_" + rule.name(), text);
        } catch (TemplateException e) {
            throw new IllegalArgumentException(e.getMessage(), e); // its file was checked
        }
    }

    @Override
    Rule rule() {
        return rule;
    }

    /** Alerts that are pending or fire, and those that have ended lately. */
    List<Alert> alerts() {
        return shown;
    }

    @Override
    List<Sample> evaluate(Instant now, long time) throws RuleFailure {
        Map<Labels, Found> found = new HashMap<>();
        locating.begin();
        for (QueryResult.Sample sample : store.query(rule.expression(), time)) {
            Found alert = found(sample, now, time);
            if (found.put(alert.labels(), alert) != null) {
                throw new RuleFailure("vector contains metrics with the same labelset after applying alert labels: "
                        + alert.labels());
            }
        }
        for (Found alert : found.values()) {
            Alert known = active.get(alert.labels());
            if (known != null && known.state() != Alert.State.INACTIVE) {
                known.isThere(alert.annotations(), alert.located(), alert.value());
            } else {
                active.put(
                        alert.labels(),
                        new Alert(alert.labels(), alert.annotations(), alert.located(), alert.value(), now));
            }
        }
        active.values().removeIf(alert -> isOver(alert, found.containsKey(alert.labels()), now));
        long there = active.values().stream()
                .filter(alert -> alert.state() != Alert.State.INACTIVE)
                .count();
        if (limit > 0 && there > limit) {
            active.clear();
            shown = List.of();
            throw new RuleFailure("exceeded limit of " + limit + " with " + there + " alerts");
        }
        if (!restored) {
            restored = true;
            restore(now);
        }
        shown = List.copyOf(active.values());
        return samples(store.resolution().ticks(now));
    }

    /** An alert that the query has found. */
    private record Found(Labels labels, Map<String, String> annotations, AlertLocator.Located located, Object value) {}

    private Found found(QueryResult.Sample sample, Instant now, long time) {
        Object value = sample.histogram() == null
                ? (Object) sample.value()
                : sample.histogram().toString();
        TemplateSetting about = new TemplateSetting(
                map(sample.labels()),
                setting.externalLabels(),
                setting.externalUrl(),
                value,
                now.toEpochMilli() / 1e3,
                expression -> ask(expression, time),
                Map.of());
        Map<String, String> added = new HashMap<>();
        labels.forEach((name, template) -> added.put(name, expanded(template, about)));
        Labels all = RecordingState.labelled(sample.labels().without(Labels.NAME), added)
                .with(NAME, rule.name());
        AlertLocator.Located located = locating.of(active.get(all), sample.labels(), now);
        TemplateSetting whole = about.located(located.annotations());
        Map<String, String> told = new TreeMap<>();
        annotations.forEach((name, template) -> told.put(name, expanded(template, whole)));
        return new Found(all, AlertLocating.added(told, located.annotations()), located, value);
    }

    private List<TemplateSample> ask(String expression, long time) {
        List<TemplateSample> samples = new ArrayList<>();
        try {
            for (QueryResult.Sample sample : store.query(expression, time)) {
                Object value = sample.histogram() == null
                        ? (Object) sample.value()
                        : sample.histogram().toString();
                samples.add(new TemplateSample(map(sample.labels()), value));
            }
        } catch (io.varve.query.QueryException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return samples;
    }

    private static Map<String, String> map(Labels labels) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < labels.size(); i++) {
            map.put(labels.name(i), labels.value(i));
        }
        return map;
    }

    /** What a template makes, or what is wrong with it: an alert comes rather with a fault in its text than not. */
    private static String expanded(Template template, TemplateSetting about) {
        try {
            return template.expand(about);
        } catch (TemplateException e) {
            return "<error expanding template: " + e.getMessage() + ">";
        }
    }

    /** Lets time change what an alert does; true if nobody is told of it any more. */
    private boolean isOver(Alert alert, boolean there, Instant now) {
        if (there) {
            boolean due = !alert.activeAt().plus(rule.hold()).isAfter(now);
            if (alert.state() == Alert.State.PENDING && due) {
                alert.fire(now);
            }
            return false;
        }
        if (alert.state() == Alert.State.PENDING) {
            return true;
        }
        Instant ended = alert.resolvedAt();
        if (ended != null) {
            return ended.plus(Alert.RESOLVED_RETENTION).isBefore(now);
        }
        if (!rule.keepFiring().isZero()) {
            if (alert.keepFiringSince() == null) {
                alert.keepFiring(now);
            }
            Instant since = alert.keepFiringSince();
            if (since != null && Duration.between(since, now).compareTo(rule.keepFiring()) < 0) {
                return false;
            }
        }
        alert.end(now);
        return false;
    }

    private List<Sample> samples(long at) {
        List<Sample> samples = new ArrayList<>();
        for (Alert alert : active.values()) {
            if (alert.state() == Alert.State.INACTIVE) {
                continue;
            }
            Labels state = alert.labels().with(STATE, alert.state().label());
            double since = alert.activeAt().toEpochMilli() / 1e3;
            samples.add(new Sample(state.with(Labels.NAME, ALERTS), at, 1, null));
            samples.add(new Sample(alert.labels().with(Labels.NAME, ALERTS_FOR_STATE), at, Math.floor(since), null));
        }
        return samples;
    }

    /** Gives alerts the time since when they are active that was kept before a restart. */
    private void restore(Instant now) {
        if (active.isEmpty() || rule.hold().isZero()) {
            return;
        }
        long upTo = store.resolution().ticks(now) - 1;
        long after = store.resolution().ticks(now.minus(setting.outageTolerance()));
        List<Matcher> matchers =
                List.of(Matcher.equal(Labels.NAME, ALERTS_FOR_STATE), Matcher.equal(NAME, rule.name()));
        for (Sample kept : store.newest(matchers, after, upTo)) {
            Alert alert = active.get(kept.labels().without(Labels.NAME));
            if (alert == null || StaleMarker.is(kept.value())) {
                continue;
            }
            Instant activeAt = Instant.ofEpochSecond((long) kept.value());
            Instant downAt = store.resolution().instant(kept.time());
            alert.restore(restoredActiveAt(activeAt, downAt, now));
            if (!alert.activeAt().plus(rule.hold()).isAfter(now) && alert.state() == Alert.State.PENDING) {
                alert.fire(now);
            }
        }
    }

    /**
     * The time since when an alert counts as active behind an outage. One that fired before it fires again at once; one
     * that was about to waits for the grace period, so that what it asks for may have come back; of any other the time
     * of the outage does not count.
     */
    private Instant restoredActiveAt(Instant activeAt, Instant downAt, Instant now) {
        Duration pending = Duration.between(activeAt, downAt);
        Duration left = rule.hold().minus(pending);
        if (left.isZero() || left.isNegative()) {
            return activeAt;
        }
        Duration grace = setting.gracePeriod().compareTo(rule.hold()) < 0 ? setting.gracePeriod() : rule.hold();
        if (left.compareTo(grace) < 0) {
            return now.plus(grace).minus(rule.hold());
        }
        return activeAt.plus(Duration.between(downAt, now));
    }

    @Override
    void takeOver(RuleState other) {
        super.takeOver(other);
        if (other instanceof AlertingState before) {
            active.putAll(before.active);
            shown = before.shown;
            restored = before.restored;
        }
    }
}
