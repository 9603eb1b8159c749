package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import io.varve.server.rules.GroupStatus;
import io.varve.server.rules.GroupStatus.AlertStatus;
import io.varve.server.rules.GroupStatus.RuleStatus;
import io.varve.server.rules.Rule;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/rules}, {@code /api/v1/alerts} and {@code /api/v1/alertmanagers}, as Prometheus answers them. */
final class RulesDoor {

    private final RulesSource source;
    private final QueryService queries;

    RulesDoor(RulesSource source, QueryService queries) {
        this.source = source;
        this.queries = queries;
    }

    void rules(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        String type = parameters.first("type");
        if (!type.isEmpty() && !type.equals("alert") && !type.equals("record")) {
            throw HttpProblem.badData("invalid parameter \"type\": must be alert or record: " + type);
        }
        boolean withoutAlerts = flag(parameters, "exclude_alerts");
        Set<String> names = Set.copyOf(parameters.all("rule_name[]"));
        Set<String> groups = Set.copyOf(parameters.all("rule_group[]"));
        Set<String> files = Set.copyOf(parameters.all("file[]"));
        List<List<Matcher>> selectors = ApiParameters.selectors(queries, parameters, false);
        List<GroupStatus> all = new ArrayList<>();
        for (GroupStatus group : source.groups()) {
            if (chosen(groups, group.group().name())
                    && chosen(files, group.group().file())) {
                List<RuleStatus> rules = group.rules().stream()
                        .filter(rule -> type.isEmpty() || type.equals("alert") == rule.rule() instanceof Rule.Alerting)
                        .filter(rule -> chosen(names, rule.rule().name()))
                        .filter(rule -> matches(selectors, rule.rule().labels()))
                        .toList();
                boolean whole = type.isEmpty() && names.isEmpty() && selectors.isEmpty();
                if (whole || !rules.isEmpty()) {
                    all.add(new GroupStatus(group.group(), group.evaluatedAt(), group.took(), rules));
                }
            }
        }
        answer(exchange, Page.of(parameters, all), withoutAlerts);
    }

    private static void answer(HttpExchange exchange, Page page, boolean withoutAlerts) {
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("groups");
            for (GroupStatus group : page.groups()) {
                group(json, group, withoutAlerts);
            }
            json.writeEndArray();
            if (!page.next().isEmpty()) {
                json.writeStringField("groupNextToken", page.next());
            }
            json.writeEndObject();
        }));
    }

    private static boolean chosen(Set<String> names, String name) {
        return names.isEmpty() || names.contains(name);
    }

    private static boolean matches(List<List<Matcher>> selectors, Map<String, String> labels) {
        return selectors.isEmpty()
                || selectors.stream().anyMatch(matchers -> matchers.stream()
                        .allMatch(matcher -> matcher.matches(labels.getOrDefault(matcher.name(), ""))));
    }

    private static boolean flag(Parameters parameters, String name) {
        return switch (parameters.first(name)) {
            case "", "false", "0", "f", "F", "FALSE", "False" -> false;
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            default ->
                throw HttpProblem.badData(
                        "invalid parameter \"" + name + "\": must be true or false: " + parameters.first(name));
        };
    }

    /**
     * Some of the groups.
     *
     * @param next what names the group that comes next, empty if none does
     */
    private record Page(List<GroupStatus> groups, String next) {

        static Page of(Parameters parameters, List<GroupStatus> groups) {
            int limit = ApiParameters.limit(parameters, "group_limit");
            String token = parameters.first("group_next_token");
            int from = 0;
            if (!token.isEmpty()) {
                while (from < groups.size() && !token(groups.get(from)).equals(token)) {
                    from++;
                }
                if (from == groups.size()) {
                    throw HttpProblem.badData("invalid parameter \"group_next_token\": no group has it; the rules were"
                            + " reloaded, begin again");
                }
            }
            int to = limit == 0 ? groups.size() : Math.min(groups.size(), from + limit);
            return new Page(groups.subList(from, to), to < groups.size() ? token(groups.get(to)) : "");
        }

        private static String token(GroupStatus group) {
            String key = group.group().file() + ";" + group.group().name();
            return java.util
                    .UUID
                    .nameUUIDFromBytes(key.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .toString();
        }
    }

    private static void group(JsonGenerator json, GroupStatus group, boolean withoutAlerts) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", group.group().name());
        json.writeStringField("file", group.group().file());
        json.writeArrayFieldStart("rules");
        for (RuleStatus rule : group.rules()) {
            rule(json, rule, withoutAlerts);
        }
        json.writeEndArray();
        json.writeNumberField("interval", seconds(group.group().interval()));
        json.writeNumberField("limit", group.group().limit());
        json.writeNumberField("evaluationTime", seconds(group.took()));
        json.writeStringField("lastEvaluation", time(group.evaluatedAt()));
        json.writeEndObject();
    }

    private static void rule(JsonGenerator json, RuleStatus rule, boolean withoutAlerts) throws IOException {
        json.writeStartObject();
        if (rule.rule() instanceof Rule.Alerting alerting) {
            json.writeStringField("state", rule.state());
            json.writeStringField("name", alerting.name());
            json.writeStringField("query", alerting.expression());
            json.writeNumberField("duration", seconds(alerting.hold()));
            json.writeNumberField("keepFiringFor", seconds(alerting.keepFiring()));
            texts(json, "labels", alerting.labels());
            texts(json, "annotations", alerting.annotations());
            if (!withoutAlerts) {
                json.writeArrayFieldStart("alerts");
                for (AlertStatus alert : rule.alerts()) {
                    alert(json, alert);
                }
                json.writeEndArray();
            }
        } else {
            json.writeStringField("name", rule.rule().name());
            json.writeStringField("query", rule.rule().expression());
            texts(json, "labels", rule.rule().labels());
        }
        json.writeStringField("health", rule.health());
        String error = rule.error();
        if (error != null) {
            json.writeStringField("lastError", error);
        }
        json.writeNumberField("evaluationTime", seconds(rule.took()));
        json.writeStringField("lastEvaluation", time(rule.evaluatedAt()));
        json.writeStringField("type", rule.rule() instanceof Rule.Alerting ? "alerting" : "recording");
        json.writeEndObject();
    }

    void alerts(HttpExchange exchange) {
        List<GroupStatus> groups = source.groups();
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("alerts");
            for (GroupStatus group : groups) {
                for (RuleStatus rule : group.rules()) {
                    for (AlertStatus alert : rule.alerts()) {
                        alert(json, alert);
                    }
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private static void alert(JsonGenerator json, AlertStatus alert) throws IOException {
        json.writeStartObject();
        Map<String, String> labels = new TreeMap<>();
        Labels all = alert.labels();
        for (int i = 0; i < all.size(); i++) {
            labels.put(all.name(i), all.value(i));
        }
        texts(json, "labels", labels);
        texts(json, "annotations", alert.annotations());
        json.writeStringField("state", alert.state());
        json.writeStringField("activeAt", time(alert.activeAt()));
        Instant kept = alert.keepFiringSince();
        if (kept != null) {
            json.writeStringField("keepFiringSince", time(kept));
        }
        json.writeStringField(
                "value",
                alert.value() instanceof Double number
                        ? scientific(number)
                        : alert.value().toString());
        json.writeEndObject();
    }

    /** A number as Prometheus has it here: {@code 2.5e+00}. */
    private static String scientific(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return ApiNumbers.format(number);
        }
        BigDecimal size = new BigDecimal(ApiNumbers.format(Math.abs(number))).stripTrailingZeros();
        String digits = size.unscaledValue().toString();
        int exponent = size.signum() == 0 ? 0 : size.precision() - size.scale() - 1;
        int steps = Math.abs(exponent);
        return (number < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (steps < 10 ? "0" : "")
                + steps;
    }

    void alertmanagers(HttpExchange exchange) {
        List<URI> active = source.alertmanagers();
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("activeAlertmanagers");
            for (URI uri : active) {
                json.writeStartObject();
                json.writeStringField("url", uri.toString());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("droppedAlertmanagers");
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** A time as Go's API writes it; its zero stands for never. */
    private static String time(@Nullable Instant time) {
        return time == null ? "0001-01-01T00:00:00Z" : DateTimeFormatter.ISO_INSTANT.format(time);
    }

    private static void texts(JsonGenerator json, String field, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }
}
