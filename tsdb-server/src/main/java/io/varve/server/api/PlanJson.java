package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Matcher;
import io.varve.core.storage.ReadEstimate;
import io.varve.query.QueryPlan;
import java.io.IOException;

/** Writes what a query would read. */
final class PlanJson {

    private final ApiTimes times;

    PlanJson(ApiTimes times) {
        this.times = times;
    }

    void write(JsonGenerator json, String expression, QueryPlan plan) throws IOException {
        ReadEstimate total = plan.root().total();
        json.writeStartObject();
        json.writeStringField("query", expression);
        time(json, "start", plan.start());
        time(json, "end", plan.end());
        if (plan.step() > 0) {
            time(json, "step", plan.step());
        }
        json.writeNumberField("steps", plan.steps());
        json.writeNumberField("series", total.series());
        json.writeNumberField("samples", total.samples());
        json.writeNumberField("bytes", total.bytes());
        json.writeNumberField("memory_bytes", plan.memoryBytes());
        json.writeBooleanField("refused", !plan.refusals().isEmpty());
        json.writeArrayFieldStart("refusals");
        for (String refusal : plan.refusals()) {
            json.writeString(refusal);
        }
        json.writeEndArray();
        json.writeFieldName("plan");
        node(json, plan.root());
        json.writeEndObject();
    }

    private void time(JsonGenerator json, String name, long ticks) throws IOException {
        json.writeFieldName(name);
        json.writeNumber(times.print(ticks));
    }

    private void node(JsonGenerator json, QueryPlan.Node node) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", node.kind());
        json.writeStringField("text", node.text());
        json.writeNumberField("position", node.position());
        json.writeNumberField("line", node.line());
        json.writeNumberField("column", node.column());
        if (!node.reads().isEmpty()) {
            json.writeArrayFieldStart("reads");
            for (QueryPlan.Read read : node.reads()) {
                read(json, read);
            }
            json.writeEndArray();
        }
        if (!node.children().isEmpty()) {
            json.writeArrayFieldStart("children");
            for (QueryPlan.Node child : node.children()) {
                node(json, child);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void read(JsonGenerator json, QueryPlan.Read read) throws IOException {
        ReadEstimate estimate = read.estimate();
        json.writeStartObject();
        json.writeArrayFieldStart("matchers");
        for (Matcher matcher : read.matchers()) {
            json.writeStartObject();
            json.writeStringField("name", matcher.name());
            json.writeStringField("type", matcher.type().operator());
            json.writeStringField("value", matcher.value());
            json.writeEndObject();
        }
        json.writeEndArray();
        time(json, "start", read.from());
        time(json, "end", read.to());
        json.writeStringField("path", read.path());
        json.writeNumberField("series", estimate.series());
        json.writeNumberField("samples", estimate.samples());
        json.writeNumberField("bytes", estimate.bytes());
        json.writeNumberField("postings_bytes", estimate.postingsBytes());
        json.writeArrayFieldStart("sources");
        source(json, "head", estimate.head());
        source(json, "blocks", estimate.blocks());
        json.writeEndArray();
        json.writeEndObject();
    }

    /** A kind of places that has series; others are left out. */
    private static void source(JsonGenerator json, String name, ReadEstimate.Part part) throws IOException {
        if (part.places() == 0) {
            return;
        }
        json.writeStartObject();
        json.writeStringField("source", name);
        json.writeNumberField("places", part.places());
        json.writeObjectFieldStart("pages");
        json.writeNumberField("statistics", part.summarizedPages());
        json.writeNumberField("decode", part.decodedPages());
        json.writeEndObject();
        json.writeNumberField("bytes", part.bytes());
        json.writeEndObject();
    }
}
