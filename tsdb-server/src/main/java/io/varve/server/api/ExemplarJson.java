package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import java.io.IOException;
import java.util.List;

/** Writes exemplars as Prometheus' API does. */
final class ExemplarJson {

    private ExemplarJson() {}

    /** One series with its exemplars: labels, value as a string, time in seconds. */
    static void write(JsonGenerator json, ApiTimes times, Labels series, List<Exemplar> exemplars) throws IOException {
        json.writeStartObject();
        json.writeFieldName("seriesLabels");
        ResultJson.labels(json, series);
        json.writeArrayFieldStart("exemplars");
        for (Exemplar exemplar : exemplars) {
            json.writeStartObject();
            json.writeFieldName("labels");
            ResultJson.labels(json, exemplar.labels());
            json.writeStringField("value", ApiNumbers.format(exemplar.value()));
            json.writeFieldName("timestamp");
            json.writeNumber(times.print(exemplar.time()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
