package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.TsdbStatus;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Querier;
import io.varve.server.config.Quantity;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the server is and holds: build, configuration, flags, runtime, store. */
final class StatusDoors {

    private static final int MOST_LISTED = 10;
    private static final int MOST_COUNTED = 1_000;

    private final ApiContext context;

    StatusDoors(ApiContext context) {
        this.context = context;
    }

    void buildInfo(HttpExchange exchange) {
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            json.writeStringField("application", "Varve");
            json.writeStringField("version", context.build().version());
            json.writeStringField("revision", context.build().commit());
            json.writeStringField("branch", "");
            json.writeStringField("buildUser", "");
            json.writeStringField("buildDate", "");
            json.writeStringField("goVersion", "");
            json.writeStringField("javaVersion", System.getProperty("java.version"));
            json.writeNumberField("format", context.build().format());
            json.writeEndObject();
        }));
    }

    void config(HttpExchange exchange) {
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            json.writeStringField("yaml", context.config().yaml());
            json.writeEndObject();
        }));
    }

    void flags(HttpExchange exchange) {
        Map<String, String> flags = new TreeMap<>();
        flags.put("listen", context.config().listen());
        flags.put("data", context.config().data().toString());
        flags.put("memory", Long.toString(context.config().memory()));
        flags.put("retention", Quantity.describe(context.config().retention().time()));
        flags.put("retention.size", Long.toString(context.config().retention().bytes()));
        flags.put("web.enable-admin-api", Boolean.toString(context.config().adminApi()));
        flags.put(
                "query.experimental",
                Boolean.toString(context.config().queryOptions().experimental()));
        flags.put(
                "query.delayed-name-removal",
                Boolean.toString(context.config().queryOptions().delayedNameRemoval()));
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            for (Map.Entry<String, String> flag : flags.entrySet()) {
                json.writeStringField(flag.getKey(), flag.getValue());
            }
            json.writeEndObject();
        }));
    }

    void runtimeInfo(HttpExchange exchange) {
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            json.writeStringField("startTime", instant(context.startedNanos()));
            json.writeStringField("serverTime", instant(context.clock().epochNanos()));
            json.writeStringField("CWD", Path.of("").toAbsolutePath().toString());
            json.writeBooleanField("reloadConfigSuccess", context.reload().succeeded());
            json.writeStringField("lastConfigTime", instant(context.reload().lastNanos()));
            json.writeNumberField("corruptionCount", 0);
            json.writeNumberField("goroutineCount", Thread.activeCount());
            json.writeNumberField("GOMAXPROCS", Runtime.getRuntime().availableProcessors());
            json.writeNumberField("GOMEMLIMIT", context.config().memory());
            json.writeStringField(
                    "storageRetention", context.config().retention().describe());
            json.writeEndObject();
        }));
    }

    static String instant(long epochNanos) {
        return Instant.ofEpochSecond(epochNanos / 1_000_000_000L, epochNanos % 1_000_000_000L)
                .toString();
    }

    /** With {@code limit=0} nothing is counted, so that it costs nothing to ask every second. */
    void tsdb(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        int limit = parameters.has("limit") ? ApiParameters.limit(parameters) : MOST_LISTED;
        TsdbStatus status = context.status().get();
        Map<String, Integer> valuesByName = limit == 0 ? Map.of() : countValues();
        List<Map.Entry<String, Integer>> largest = valuesByName.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .toList();
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            head(
                    json,
                    status,
                    valuesByName.values().stream().mapToLong(count -> count).sum());
            json.writeArrayFieldStart("labelValueCountByLabelName");
            for (Map.Entry<String, Integer> entry : largest) {
                json.writeStartObject();
                json.writeStringField("name", entry.getKey());
                json.writeNumberField("value", entry.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            store(json, status);
            json.writeEndObject();
        }));
    }

    private Map<String, Integer> countValues() {
        Map<String, Integer> counts = new TreeMap<>();
        try (Querier querier = context.store().querier(TimeRange.ALL)) {
            List<String> names = querier.labelNames();
            for (String name : names.subList(0, Math.min(names.size(), MOST_COUNTED))) {
                counts.put(name, querier.labelValues(name).size());
            }
        }
        return counts;
    }

    /** Prometheus' part, with its times in milliseconds. */
    private void head(JsonGenerator json, TsdbStatus status, long pairs) throws IOException {
        Resolution resolution = context.store().resolution();
        long perMilli = resolution.ticksPerSecond() / 1_000L;
        json.writeObjectFieldStart("headStats");
        json.writeNumberField("numSeries", status.series());
        json.writeNumberField("numLabelPairs", pairs);
        json.writeNumberField("chunkCount", status.blocks());
        json.writeNumberField("minTime", status.oldestTime() / perMilli);
        json.writeNumberField("maxTime", status.newestTime() / perMilli);
        json.writeEndObject();
    }

    /** Varve's own part. */
    private static void store(JsonGenerator json, TsdbStatus status) throws IOException {
        json.writeObjectFieldStart("store");
        json.writeBooleanField("ready", status.ready());
        json.writeStringField("readOnly", status.readOnly());
        json.writeStringField("retentionWaits", status.retentionWaits());
        json.writeNumberField("series", status.series());
        json.writeNumberField("samples", status.samples());
        json.writeNumberField("blocks", status.blocks());
        json.writeNumberField("blockBytes", status.blockBytes());
        json.writeNumberField("blockSamples", status.blockSamples());
        json.writeNumberField("walBytes", status.walBytes());
        json.writeNumberField("headBytes", status.headBytes());
        json.writeEndObject();
    }
}
