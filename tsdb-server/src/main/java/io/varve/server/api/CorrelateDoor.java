package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.query.CorrelationRequest;
import io.varve.query.Correlations;
import io.varve.query.QueryException;
import io.varve.server.config.NearestName;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which series moved first when the one of a query did. Bounded, watched and cancelled as queries are. */
final class CorrelateDoor implements HttpDoor {

    private static final Set<String> KNOWN =
            Set.of("query", "start", "end", "step", "candidates", "candidates[]", "limit");
    private static final int MOST_SELECTORS = 100;
    private static final int USUAL_LIMIT = 10;
    private static final int MOST_LIMIT = 1_000;
    private static final long USUAL_MILLIS = 3_600_000;

    private final ApiContext context;
    private final QueryDoors queries;
    private final Resolution resolution;
    private final ApiTimes times;

    CorrelateDoor(ApiContext context, QueryDoors queries) {
        this.context = context;
        this.queries = queries;
        this.resolution = context.store().resolution();
        this.times = new ApiTimes(resolution);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        CorrelationRequest request = request(exchange.parameters());
        queries.watched(exchange, "correlate " + request.expression(), (query, queuedNanos) -> {
            Correlations answer = context.queries().correlate(request, query.control());
            query.answering();
            exchange.respond(JsonBody.annotated(json -> write(json, answer), answer.warnings(), answer.infos()));
        });
    }

    private CorrelationRequest request(Parameters parameters) {
        for (String name : parameters.names()) {
            if (!KNOWN.contains(name)) {
                throw HttpProblem.badData("unknown parameter \"" + name + "\"" + NearestName.hint(name, KNOWN));
            }
        }
        String expression = QueryDoors.expression(parameters);
        String end = parameters.first("end");
        String start = parameters.first("start");
        long to = end.isEmpty() ? context.clock().epochNanos() / resolution.nanosPerTick() : times.time("end", end);
        long from = start.isEmpty() ? to - resolution.ticksOfMillis(USUAL_MILLIS) : times.time("start", start);
        String step = parameters.first("step");
        long ticks = step.isEmpty() ? 0 : times.duration("step", step);
        if (!step.isEmpty() && ticks <= 0) {
            throw HttpProblem.badData("invalid parameter \"step\": must be above zero");
        }
        return new CorrelationRequest(expression, from, to, ticks, candidates(parameters), limit(parameters));
    }

    private static int limit(Parameters parameters) {
        int limit = parameters.has("limit") ? ApiParameters.limit(parameters) : USUAL_LIMIT;
        if (limit < 1 || limit > MOST_LIMIT) {
            throw HttpProblem.badData("invalid parameter \"limit\": must lie from 1 to " + MOST_LIMIT);
        }
        return limit;
    }

    private List<List<Matcher>> candidates(Parameters parameters) {
        List<String> texts = new ArrayList<>(parameters.all("candidates"));
        texts.addAll(parameters.all("candidates[]"));
        if (texts.size() > MOST_SELECTORS) {
            throw HttpProblem.badData("invalid parameter \"candidates\": more than " + MOST_SELECTORS + " selectors");
        }
        List<List<Matcher>> selectors = new ArrayList<>();
        for (String text : texts) {
            try {
                selectors.add(context.queries().selector(text));
            } catch (QueryException e) {
                throw HttpProblem.badData("invalid parameter \"candidates\": " + e.getMessage());
            }
        }
        return selectors;
    }

    private void write(JsonGenerator json, Correlations answer) throws IOException {
        json.writeStartArray();
        for (Correlations.Candidate candidate : answer.result()) {
            json.writeStartObject();
            json.writeFieldName("metric");
            ResultJson.labels(json, candidate.labels());
            json.writeFieldName("lag_seconds");
            json.writeNumber(times.print(candidate.lag()));
            json.writeNumberField("score", rounded(candidate.score()));
            json.writeNumberField("samples", candidate.samples());
            json.writeNumberField("correlation", rounded(candidate.correlation()));
            json.writeStringField("measure", candidate.measure().name().toLowerCase(Locale.ROOT));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Three places are what such a number is worth. */
    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
