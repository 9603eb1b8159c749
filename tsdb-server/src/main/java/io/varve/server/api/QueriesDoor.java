package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.queries.ActiveQuery;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The queries that are being answered: who asks what, what it has used so far; and the way to end one. */
final class QueriesDoor {

    private final ActiveQueries active;
    private final ApiTimes times = new ApiTimes(io.varve.core.model.Resolution.NANOS);

    QueriesDoor(ActiveQueries active) {
        this.active = active;
    }

    void list(HttpExchange exchange) {
        List<ActiveQuery> all = active.list();
        exchange.respond(JsonBody.success(json -> {
            json.writeStartArray();
            for (ActiveQuery query : all) {
                write(json, query);
            }
            json.writeEndArray();
        }));
    }

    private void write(JsonGenerator json, ActiveQuery query) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", Long.toString(query.id()));
        json.writeStringField("query", query.expression());
        json.writeStringField("state", query.state().name().toLowerCase(Locale.ROOT));
        json.writeFieldName("start");
        json.writeNumber(times.print(query.startedEpochNanos()));
        json.writeNumberField("running_seconds", active.nanos(query) / 1e9);
        json.writeNumberField("series", query.control().series());
        json.writeNumberField("samples", query.control().samples());
        json.writeNumberField("bytes", query.control().bytes());
        json.writeNumberField("bytes_read", query.control().bytesRead());
        json.writeStringField("client", query.client());
        json.writeEndObject();
    }

    void cancel(HttpExchange exchange) {
        String id = exchange.pathVariable("id");
        if (!id.matches("[0-9]{1,18}") || !active.cancel(Long.parseLong(id))) {
            throw HttpProblem.of(
                    ErrorType.NOT_FOUND,
                    "no query with this id is being answered: id=" + (id.length() > 40 ? id.substring(0, 40) : id)
                            + "; GET /api/v1/queries lists those that are");
        }
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("state", "canceling");
            json.writeEndObject();
        }));
    }
}
