package io.varve.server.api;

import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.query.Percentiles;
import io.varve.query.PercentilesRequest;
import io.varve.query.QueryException;
import io.varve.query.QueryPlan;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.server.health.RequestPeaks.Kind;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import io.varve.server.queries.ActiveQuery;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Queries: instant, range, percentiles. So many at a time; each ends when its client hangs up. */
final class QueryDoors {

    private final ApiContext context;
    private final ConcurrencyGate gate;
    private final Resolution resolution;
    private final ApiTimes times;
    private final ResultJson json;

    QueryDoors(ApiContext context, ConcurrencyGate gate) {
        this.context = context;
        this.gate = gate;
        this.resolution = context.store().resolution();
        this.times = new ApiTimes(resolution);
        this.json = new ResultJson(times);
    }

    void query(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        int limit = ApiParameters.limit(parameters);
        answer(exchange, instant(parameters), limit, parameters.first("stats"));
    }

    void queryRange(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        int limit = ApiParameters.limit(parameters);
        answer(exchange, range(parameters), limit, parameters.first("stats"));
    }

    /** Says what a query would read, with the parameters of that query. */
    void explain(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        boolean ranged = parameters.has("start") || parameters.has("end") || parameters.has("step");
        if (ranged && parameters.has("time")) {
            throw HttpProblem.badData("invalid parameter \"time\": not together with start, end and step");
        }
        QueryRequest request = ranged ? range(parameters) : instant(parameters);
        watched(exchange, "explain " + request.expression(), (query, queuedNanos) -> {
            QueryPlan plan = context.queries().explain(request, query.control());
            query.answering();
            exchange.respond(
                    HttpAnswer.of(200, HttpAnswer.JSON, new byte[0]),
                    out -> JsonBody.write(
                            new WatchedOutput(out, query.control(), context.clock(), deadlineNanos()),
                            generator -> new PlanJson(times).write(generator, request.expression(), plan),
                            plan.warnings(),
                            List.of()));
        });
    }

    private QueryRequest instant(Parameters parameters) {
        long time = timeOr(parameters, "time", now());
        return tuned(QueryRequest.instant(expression(parameters), time), parameters);
    }

    private QueryRequest range(Parameters parameters) {
        long start = times.time("start", parameters.first("start"));
        long end = times.time("end", parameters.first("end"));
        if (end < start) {
            throw HttpProblem.badData("invalid parameter \"end\": end timestamp must not be before start time");
        }
        long step = times.duration("step", parameters.first("step"));
        if (step <= 0) {
            throw HttpProblem.badData("invalid parameter \"step\": zero or negative query resolution step widths are "
                    + "not accepted. Try a positive integer");
        }
        checkPoints(start, end, step);
        return tuned(QueryRequest.range(expression(parameters), start, end, step), parameters);
    }

    private void checkPoints(long start, long end, long step) {
        long span = end - start;
        context.peaks().record(Kind.QUERY_POINTS, span < 0 ? Long.MAX_VALUE : span / step);
        if (span < 0 || span / step > context.config().limits().queryPoints()) {
            throw HttpProblem.badData("exceeded maximum resolution of "
                    + String.format(
                            Locale.ROOT, "%,d", context.config().limits().queryPoints())
                    + " points per timeseries. Try decreasing the query resolution (?step=XX)");
        }
    }

    static String expression(Parameters parameters) {
        String expression = parameters.first("query");
        if (expression.isBlank()) {
            throw HttpProblem.badData(
                    "invalid parameter \"query\": unknown position: parse error: no expression found " + "in input");
        }
        return expression;
    }

    private QueryRequest tuned(QueryRequest request, Parameters parameters) {
        QueryRequest tuned = request;
        String lookback = parameters.first("lookback_delta");
        if (!lookback.isEmpty()) {
            tuned = tuned.withLookback(times.duration("lookback_delta", lookback));
            if (tuned.lookback() < 0) {
                throw HttpProblem.badData("invalid parameter \"lookback_delta\": must not be negative");
            }
        }
        String timeout = parameters.first("timeout");
        if (!timeout.isEmpty()) {
            long nanos = new ApiTimes(Resolution.NANOS).duration("timeout", timeout);
            tuned = tuned.withTimeout(Duration.ofNanos(nanos > 0 ? nanos : -1)); // zero means the server's limit
        }
        return tuned;
    }

    private void answer(HttpExchange exchange, QueryRequest request, int limit, String stats) throws IOException {
        watched(exchange, request.expression(), (query, queuedNanos) -> {
            long began = context.clock().nanoTime();
            QueryResult result = context.queries().query(request, query.control());
            QueryStats told = stats.isEmpty()
                    ? null
                    : new QueryStats(queuedNanos, context.clock().nanoTime() - began, query.control());
            List<String> warnings = new ArrayList<>(result.warnings());
            if (ResultJson.isCut(result.value(), limit)) {
                warnings.add(ApiParameters.TRUNCATED);
            }
            if (!stats.isEmpty() && !stats.equals("true") && !stats.equals("all")) {
                warnings.add("parameter \"stats\" is true or all; other values are deprecated and mean true");
            }
            query.answering();
            exchange.respond(
                    HttpAnswer.of(200, HttpAnswer.JSON, new byte[0]),
                    out -> JsonBody.write(
                            new WatchedOutput(out, query.control(), context.clock(), deadlineNanos()),
                            generator -> json.value(generator, result.value(), limit, told),
                            warnings,
                            result.infos()));
        });
    }

    /** Until when an answer may be sent: a client that reads slowly holds back others no longer than a slow query. */
    private long deadlineNanos() {
        return context.clock().nanoTime()
                + context.config().limits().queryTimeout().toNanos();
    }

    /** Answers a query. */
    @FunctionalInterface
    interface Answering {
        void answer(ActiveQuery query, long queuedNanos) throws IOException;
    }

    /** Answers behind the gate, seen by whoever looks; what goes wrong becomes the API's error. */
    void watched(HttpExchange exchange, String expression, Answering answering) throws IOException {
        try (ActiveQuery query = context.active().begin(expression, exchange.client(), exchange::clientGone)) {
            long came = context.clock().nanoTime();
            gate.enter();
            try {
                query.running();
                query.control().turn().begin();
                answering.answer(query, context.clock().nanoTime() - came);
                query.ended("answered");
            } catch (QueryException e) {
                query.ended(
                        switch (e.kind()) {
                            case CANCELED -> "canceled";
                            case TIMEOUT -> "timed out";
                            default -> "failed";
                        });
                throw problem(e);
            } catch (IOException e) {
                query.ended("its answer was not sent to its end");
                if (query.control().isCancelled()) {
                    throw HttpProblem.of(ErrorType.CANCELED, "query was canceled");
                }
                throw e;
            } finally {
                gate.leave();
            }
        }
    }

    /** A query's failure as the API tells it. */
    static HttpProblem problem(QueryException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case BAD_DATA ->
                HttpProblem.badData(
                        message.startsWith("invalid parameter") ? message : "invalid parameter \"query\": " + message);
            case EXECUTION -> HttpProblem.of(ErrorType.EXECUTION, message);
            case TIMEOUT -> HttpProblem.of(ErrorType.TIMEOUT, message);
            case CANCELED -> HttpProblem.of(ErrorType.CANCELED, message);
            case UNAVAILABLE -> HttpProblem.busy(message, 1);
        };
    }

    void percentiles(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        List<List<Matcher>> selectors = ApiParameters.selectors(context.queries(), parameters, true);
        long end = timeOr(parameters, "end", now());
        long start = timeOr(parameters, "start", end - resolution.ticksOfMillis(3_600_000L));
        if (end < start) {
            throw HttpProblem.badData("invalid parameter \"end\": end timestamp must not be before start time");
        }
        long step = optionalDuration(parameters, "step");
        long window = optionalDuration(parameters, "window");
        if (step > 0) {
            checkPoints(start, end, step);
        }
        PercentilesRequest request = new PercentilesRequest(
                selectors, quantiles(parameters), start, end, step, window, grouping(parameters));
        String shown = "percentiles " + String.join(", ", parameters.all("match[]"));
        watched(exchange, shown, (query, queuedNanos) -> {
            Percentiles answer = context.queries().percentiles(request, query.control());
            query.answering();
            exchange.respond(JsonBody.annotated(
                    generator -> json.percentiles(generator, answer), answer.warnings(), answer.infos()));
        });
    }

    private long optionalDuration(Parameters parameters, String name) {
        String text = parameters.first(name);
        if (text.isEmpty()) {
            return 0;
        }
        long ticks = times.duration(name, text);
        if (ticks <= 0) {
            throw HttpProblem.badData("invalid parameter \"" + name + "\": must be above zero");
        }
        return ticks;
    }

    private static List<Double> quantiles(Parameters parameters) {
        List<Double> quantiles = new ArrayList<>();
        for (String text : ApiParameters.list(parameters, "q")) {
            double q;
            try {
                q = Double.parseDouble(text);
            } catch (NumberFormatException e) {
                q = Double.NaN;
            }
            if (!(q >= 0 && q <= 1)) {
                throw HttpProblem.badData("invalid parameter \"q\": must be from 0 to 1: " + text);
            }
            quantiles.add(q);
        }
        if (quantiles.isEmpty()) {
            throw HttpProblem.badData("invalid parameter \"q\": at least one quantile from 0 to 1 is needed");
        }
        return quantiles;
    }

    private static PercentilesRequest.@Nullable Grouping grouping(Parameters parameters) {
        boolean by = parameters.has("by");
        boolean without = parameters.has("without");
        if (by && without) {
            throw HttpProblem.badData("invalid parameter \"without\": not together with by");
        }
        return by || without
                ? new PercentilesRequest.Grouping(without, ApiParameters.list(parameters, by ? "by" : "without"))
                : null;
    }

    void format(HttpExchange exchange) throws IOException {
        String expression = expression(exchange.parameters());
        try {
            String formatted = context.queries().format(expression);
            exchange.respond(JsonBody.success(generator -> generator.writeString(formatted)));
        } catch (QueryException e) {
            throw problem(e);
        }
    }

    private long timeOr(Parameters parameters, String name, long otherwise) {
        String text = parameters.first(name);
        return text.isEmpty() ? otherwise : times.time(name, text);
    }

    private long now() {
        return context.clock().epochNanos() / resolution.nanosPerTick();
    }
}
