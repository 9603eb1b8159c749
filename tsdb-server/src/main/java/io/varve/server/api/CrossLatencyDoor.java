package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Found;
import io.varve.core.telemetry.clock.stored.CorrectedLatencies;
import io.varve.core.telemetry.clock.stored.CorrectedSample;
import io.varve.core.telemetry.clock.stored.CorrectedSeries;
import io.varve.core.telemetry.clock.stored.LatencyQuestion;
import io.varve.core.telemetry.clock.stored.Way;
import io.varve.query.QueryException;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Latencies between two nodes, corrected by the stored offset of the peer's clock, each with its uncertainty. Bounded
 * as queries are.
 */
final class CrossLatencyDoor implements HttpDoor {

    private final ApiContext context;
    private final ConcurrencyGate gate;
    private final ApiTimes times;

    CrossLatencyDoor(ApiContext context, ConcurrencyGate gate) {
        this.context = context;
        this.gate = gate;
        this.times = new ApiTimes(context.store().resolution());
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        LatencyQuestion question = question(parameters);
        TimeRange range = times.range(parameters);
        Found<List<CorrectedSeries>> found = read(exchange, range, question);
        List<String> warnings = found.holes().stream()
                .map(hole -> hole.describe(context.store().resolution()))
                .distinct()
                .toList();
        exchange.respond(JsonBody.success(
                json -> {
                    json.writeStartArray();
                    for (CorrectedSeries series : found.found()) {
                        write(json, series);
                    }
                    json.writeEndArray();
                },
                warnings,
                leftOut(found.found(), question.peer())));
    }

    private LatencyQuestion question(Parameters parameters) {
        List<Matcher> latencies = selector("query", QueryDoors.expression(parameters));
        String peer = parameters.first("peer");
        if (peer.isEmpty()) {
            throw HttpProblem.badData(
                    "invalid parameter \"peer\": name the node whose clock made one of the two stamps");
        }
        Way way =
                switch (parameters.first("way")) {
                    case "", "to_peer" -> Way.TO_PEER;
                    case "from_peer" -> Way.FROM_PEER;
                    default ->
                        throw HttpProblem.badData(
                                "invalid parameter \"way\": to_peer or from_peer, the direction of the messages");
                };
        LatencyQuestion question = LatencyQuestion.of(peer, way, latencies.toArray(new Matcher[0]));
        String node = parameters.first("measured_by");
        return node.isEmpty()
                ? question
                : question.measuredBy(selector("measured_by", node).toArray(new Matcher[0]));
    }

    private List<Matcher> selector(String parameter, String text) {
        try {
            return context.queries().selector(text);
        } catch (QueryException e) {
            throw HttpProblem.badData("invalid parameter \"" + parameter + "\": " + e.getMessage());
        }
    }

    private Found<List<CorrectedSeries>> read(HttpExchange exchange, TimeRange range, LatencyQuestion question) {
        gate.enter();
        try (RequestBudget budget = new RequestBudget(context, exchange)) {
            return CorrectedLatencies.read(context.store(), range, budget, question);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badData("cannot correct latencies: " + e.getMessage() + " (parameter \"measured_by\")");
        } finally {
            gate.leave();
        }
    }

    private void write(JsonGenerator json, CorrectedSeries series) throws IOException {
        json.writeStartObject();
        json.writeFieldName("metric");
        ResultJson.labels(json, series.series());
        json.writeArrayFieldStart("values");
        for (CorrectedSample sample : series.samples()) {
            json.writeStartArray();
            json.writeNumber(times.print(sample.time()));
            json.writeString(ApiNumbers.format(sample.seconds()));
            json.writeString(ApiNumbers.format(sample.uncertaintySeconds()));
            json.writeBoolean(sample.withinUncertainty());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static List<String> leftOut(List<CorrectedSeries> all, String peer) {
        List<String> infos = new ArrayList<>();
        for (CorrectedSeries series : all) {
            if (series.uncorrected() > 0) {
                infos.add("left out of " + series.series() + ": " + series.uncorrected()
                        + " samples at times when no offset of the clock of " + peer + " was in force");
            }
        }
        return infos;
    }
}
