package io.varve.server.api;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Found;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesExemplars;
import io.varve.query.QueryException;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.Parameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What there is: series, label names, label values, metadata. Bounded as queries are. */
final class SeriesDoors {

    private final ApiContext context;
    private final ConcurrencyGate gate;
    private final ApiTimes times;

    SeriesDoors(ApiContext context, ConcurrencyGate gate) {
        this.context = context;
        this.gate = gate;
        this.times = new ApiTimes(context.store().resolution());
    }

    void series(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        int limit = ApiParameters.limit(parameters);
        List<List<Matcher>> selectors = ApiParameters.selectors(context.queries(), parameters, true);
        List<String> warnings = new ArrayList<>();
        Collection<Labels> found = read(exchange, parameters, (querier, budget) -> {
            SeriesListing listing =
                    new SeriesListing(limit, budget, warnings, context.store().resolution());
            Collection<Labels> all = selectors.size() == 1 ? new ArrayList<>() : new TreeSet<>();
            for (List<Matcher> matchers : selectors) {
                listing.collect(querier, all, matchers.toArray(new Matcher[0]));
            }
            return all;
        });
        List<Labels> shown = cut(found, limit, warnings);
        answer(
                exchange,
                json -> {
                    json.writeStartArray();
                    for (Labels labels : shown) {
                        ResultJson.labels(json, labels);
                    }
                    json.writeEndArray();
                },
                warnings);
    }

    /** Writes an answer while it is sent. */
    private static boolean answer(HttpExchange exchange, JsonBody.Data data, List<String> warnings) throws IOException {
        return exchange.respond(
                HttpAnswer.of(200, HttpAnswer.JSON, new byte[0]),
                out -> JsonBody.write(out, data, warnings, List.of()));
    }

    void labels(HttpExchange exchange) throws IOException {
        names(exchange, (querier, matchers) -> querier.labelNames(matchers));
    }

    void labelValues(HttpExchange exchange) throws IOException {
        String name = LabelNameEscaping.unescape(exchange.pathVariable("name"));
        names(exchange, (querier, matchers) -> querier.labelValues(name, matchers));
    }

    private interface NameReader {
        List<String> read(Querier querier, Matcher... matchers);
    }

    private void names(HttpExchange exchange, NameReader reader) throws IOException {
        Parameters parameters = exchange.parameters();
        int limit = ApiParameters.limit(parameters);
        List<List<Matcher>> selectors = ApiParameters.selectors(context.queries(), parameters, false);
        List<String> warnings = new ArrayList<>();
        Collection<String> found = read(exchange, parameters, (querier, budget) -> {
            SeriesListing.describe(querier.losses(), warnings, context.store().resolution());
            if (selectors.isEmpty()) {
                return reader.read(querier);
            }
            if (selectors.size() == 1) {
                return reader.read(querier, selectors.get(0).toArray(new Matcher[0]));
            }
            TreeSet<String> all = new TreeSet<>(Labels::compareCodePoints);
            for (List<Matcher> matchers : selectors) {
                all.addAll(reader.read(querier, matchers.toArray(new Matcher[0])));
            }
            return all;
        });
        List<String> shown = cut(found, limit, warnings);
        answer(
                exchange,
                json -> {
                    json.writeStartArray();
                    for (String name : shown) {
                        json.writeString(name);
                    }
                    json.writeEndArray();
                },
                warnings);
    }

    private static <T> List<T> cut(Collection<T> all, int limit, List<String> warnings) {
        if (limit <= 0 || all.size() <= limit) {
            return List.copyOf(all);
        }
        warnings.add(ApiParameters.TRUNCATED);
        return all.stream().limit(limit).toList();
    }

    private interface Reading<T> {
        T read(Querier querier, ReadBudget budget) throws IOException;
    }

    private <T> T read(HttpExchange exchange, Parameters parameters, Reading<T> reading) throws IOException {
        TimeRange range = times.range(parameters);
        gate.enter();
        try (RequestBudget budget = new RequestBudget(context, exchange);
                Querier querier = context.store().querier(range, budget)) {
            return reading.read(querier, budget);
        } finally {
            gate.leave();
        }
    }

    /** Exemplars of all series that an expression selects, in the range. */
    void exemplars(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        List<List<Matcher>> selectors;
        try {
            selectors = context.queries().selectors(QueryDoors.expression(parameters));
        } catch (QueryException e) {
            throw QueryDoors.problem(e);
        }
        List<String> warnings = new ArrayList<>();
        TreeMap<Labels, List<Exemplar>> found = read(exchange, parameters, (querier, budget) -> {
            TreeMap<Labels, List<Exemplar>> all = new TreeMap<>();
            for (List<Matcher> matchers : selectors) {
                Found<List<SeriesExemplars>> some = querier.exemplars(matchers.toArray(new Matcher[0]));
                some.found().forEach(of -> all.put(of.series(), of.exemplars()));
                some.holes().stream().map(Hole::cause).distinct().forEach(warnings::add);
            }
            return all;
        });
        exchange.respond(JsonBody.success(
                json -> {
                    json.writeStartArray();
                    for (Map.Entry<Labels, List<Exemplar>> entry : found.entrySet()) {
                        ExemplarJson.write(json, times, entry.getKey(), entry.getValue());
                    }
                    json.writeEndArray();
                },
                warnings,
                List.of()));
    }

    void metadata(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        int limit = ApiParameters.limit(parameters);
        ApiParameters.limit(parameters, "limit_per_metric"); // checked; there is never more than one
        Map<String, MetricMetadata> known =
                MetricMetadata.select(context.metadata().all(), parameters.first("metric"));
        Map<String, MetricMetadata> shown = new TreeMap<>();
        known.entrySet().stream()
                .limit(limit == 0 ? Long.MAX_VALUE : limit)
                .forEach(entry -> shown.put(entry.getKey(), entry.getValue()));
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            for (Map.Entry<String, MetricMetadata> entry : shown.entrySet()) {
                json.writeArrayFieldStart(entry.getKey());
                json.writeStartObject();
                json.writeStringField("type", entry.getValue().type());
                json.writeStringField("help", entry.getValue().help());
                json.writeStringField("unit", entry.getValue().unit());
                json.writeEndObject();
                json.writeEndArray();
            }
            json.writeEndObject();
        }));
    }
}
