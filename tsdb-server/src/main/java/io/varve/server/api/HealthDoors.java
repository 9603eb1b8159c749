package io.varve.server.api;

import io.varve.server.health.Health;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpExchange;
import java.util.List;
import java.util.Locale;

/**
 * How the server feels: for probes in a line of text with the status that decides, for people and programs in JSON with
 * the state of each part, its reason, and since when it has been so.
 */
final class HealthDoors {

    private final ApiContext context;

    HealthDoors(ApiContext context) {
        this.context = context;
    }

    void health(HttpExchange exchange) {
        exchange.respond(json(200));
    }

    void healthy(HttpExchange exchange) {
        if (wantsJson(exchange)) {
            exchange.respond(json(200));
            return;
        }
        String readOnly = context.status().get().readOnly();
        exchange.respond(HttpAnswer.text(
                200,
                readOnly == null ? "Varve is healthy.\n" : "Varve answers and takes no writes: " + readOnly + "\n"));
    }

    void ready(HttpExchange exchange) {
        boolean ready = context.status().get().ready();
        HttpAnswer answer;
        if (wantsJson(exchange)) {
            answer = json(ready ? 200 : 503);
        } else {
            answer = HttpAnswer.text(
                    ready ? 200 : 503, ready ? "Varve is ready.\n" : "Varve is not ready: it still reads its log.\n");
        }
        exchange.respond(ready ? answer : answer.with("Retry-After", "1"));
    }

    private static boolean wantsJson(HttpExchange exchange) {
        String accept = exchange.header("Accept");
        return accept != null && accept.toLowerCase(Locale.ROOT).contains(HttpAnswer.JSON);
    }

    private HttpAnswer json(int status) {
        boolean ready = context.status().get().ready();
        List<Health.Component> components = context.health().get();
        return JsonBody.success(status, json -> {
            json.writeStartObject();
            json.writeStringField("state", name(Health.worst(components)));
            json.writeBooleanField("ready", ready);
            json.writeArrayFieldStart("components");
            for (Health.Component component : components) {
                json.writeStartObject();
                json.writeStringField("name", component.name());
                json.writeStringField("state", name(component.state()));
                json.writeStringField("reason", component.reason());
                json.writeStringField("since", StatusDoors.instant(component.sinceNanos()));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static String name(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
