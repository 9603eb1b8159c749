package io.varve.server.rules;

import io.varve.core.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a group stands.
 *
 * @param evaluatedAt when it was evaluated last, null if it never was
 * @param took how long that took
 */
public record GroupStatus(RuleGroup group, @Nullable Instant evaluatedAt, Duration took, List<RuleStatus> rules) {

    /**
     * How a rule stands.
     *
     * @param evaluatedAt when it was evaluated last, null if it never was
     * @param error why that failed, null if it did not
     * @param alerts that are pending or fire
     */
    public record RuleStatus(
            Rule rule, @Nullable Instant evaluatedAt, Duration took, @Nullable String error, List<AlertStatus> alerts) {

        /** {@code inactive}, {@code pending} or {@code firing}: what its most urgent alert does. */
        public String state() {
            String state = "inactive";
            for (AlertStatus alert : alerts) {
                if (alert.state().equals("firing")) {
                    return "firing";
                }
                state = alert.state();
            }
            return state;
        }

        /** {@code unknown} before its first evaluation, then {@code ok} or {@code err}. */
        public String health() {
            return evaluatedAt == null ? "unknown" : error == null ? "ok" : "err";
        }
    }

    /**
     * An alert.
     *
     * @param state {@code pending} or {@code firing}
     * @param keepFiringSince since when it fires without its series, null if it does not
     * @param value a {@link Double}, or the text of a histogram
     */
    public record AlertStatus(
            Labels labels,
            Map<String, String> annotations,
            String state,
            Instant activeAt,
            @Nullable Instant keepFiringSince,
            Object value) {}

    static GroupStatus of(GroupState state) {
        List<RuleStatus> rules = new ArrayList<>();
        for (RuleState rule : state.rules()) {
            RuleState.Outcome outcome = rule.outcome();
            List<AlertStatus> alerts = new ArrayList<>();
            if (rule instanceof AlertingState alerting) {
                for (Alert alert : alerting.alerts()) {
                    if (alert.state() != Alert.State.INACTIVE) {
                        alerts.add(new AlertStatus(
                                alert.labels(),
                                alert.annotations(),
                                alert.state().label(),
                                alert.activeAt(),
                                alert.keepFiringSince(),
                                alert.value()));
                    }
                }
            }
            rules.add(new RuleStatus(rule.rule(), outcome.at(), outcome.took(), outcome.error(), alerts));
        }
        return new GroupStatus(state.group(), state.evaluatedAt(), state.took(), rules);
    }
}
