package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.query.QueryControl;
import java.io.IOException;

/**
 * What an answer says of its query if {@code stats} asks for it, in Prometheus' form; series and bytes are added to it.
 *
 * @param queuedNanos how long the query waited until others had ended
 * @param evaluatedNanos how long it was evaluated
 * @param control what it used
 */
record QueryStats(long queuedNanos, long evaluatedNanos, QueryControl control) {

    private static final double NANOS = 1e9;

    void write(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("stats");
        json.writeObjectFieldStart("timings");
        json.writeNumberField("evalTotalTime", evaluatedNanos / NANOS);
        json.writeNumberField("execQueueTime", queuedNanos / NANOS);
        json.writeNumberField("execTotalTime", (queuedNanos + evaluatedNanos) / NANOS);
        json.writeEndObject();
        json.writeObjectFieldStart("samples");
        json.writeNumberField("totalQueryableSamples", control.samples());
        json.writeEndObject();
        json.writeNumberField("seriesRead", control.series());
        json.writeNumberField("bytesRead", control.bytesRead());
        json.writeEndObject();
    }
}
