package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.query.Percentiles;
import io.varve.query.QueryResult;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the answers of the query engine as Prometheus' API does. */
final class ResultJson {

    private final ApiTimes times;

    ResultJson(ApiTimes times) {
        this.times = times;
    }

    /** The four result types; series beyond a limit (0 for none) are left out. */
    void value(JsonGenerator json, QueryResult.Value value, int limit, @Nullable QueryStats stats) throws IOException {
        json.writeStartObject();
        if (value instanceof QueryResult.Scalar scalar) {
            json.writeStringField("resultType", "scalar");
            json.writeFieldName("result");
            sample(json, scalar.time(), scalar.value());
        } else if (value instanceof QueryResult.Text text) {
            json.writeStringField("resultType", "string");
            json.writeArrayFieldStart("result");
            json.writeNumber(times.print(text.time()));
            json.writeString(text.value());
            json.writeEndArray();
        } else if (value instanceof QueryResult.Vector vector) {
            vector(json, limited(vector.samples(), limit));
        } else if (value instanceof QueryResult.Matrix matrix) {
            matrix(json, limited(matrix.series(), limit));
        }
        if (stats != null) {
            stats.write(json);
        }
        json.writeEndObject();
    }

    /** Whether a limit cuts something off. */
    static boolean isCut(QueryResult.Value value, int limit) {
        int size = value instanceof QueryResult.Vector vector
                ? vector.samples().size()
                : value instanceof QueryResult.Matrix matrix ? matrix.series().size() : 0;
        return limit > 0 && size > limit;
    }

    private static <T> List<T> limited(List<T> all, int limit) {
        return limit > 0 && all.size() > limit ? all.subList(0, limit) : all;
    }

    private void vector(JsonGenerator json, List<QueryResult.Sample> samples) throws IOException {
        json.writeStringField("resultType", "vector");
        json.writeArrayFieldStart("result");
        for (QueryResult.Sample sample : samples) {
            json.writeStartObject();
            json.writeFieldName("metric");
            labels(json, sample.labels());
            Histogram histogram = sample.histogram();
            json.writeFieldName(histogram == null ? "value" : "histogram");
            sample(json, sample.time(), sample.value(), histogram);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void matrix(JsonGenerator json, List<QueryResult.Series> all) throws IOException {
        json.writeStringField("resultType", "matrix");
        json.writeArrayFieldStart("result");
        SampleText text = new SampleText(times);
        for (QueryResult.Series series : all) {
            json.writeStartObject();
            json.writeFieldName("metric");
            labels(json, series.labels());
            samples(json, series, text);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Floats and histograms of a series, each in a list of their own, which is there if it is not empty. */
    private void samples(JsonGenerator json, QueryResult.Series series, SampleText text) throws IOException {
        @Nullable Histogram @Nullable [] histograms = series.histograms();
        int size = series.times().length;
        boolean anyFloat = histograms == null;
        boolean anyHistogram = false;
        for (int i = 0; histograms != null && i < size; i++) {
            anyFloat |= histograms[i] == null;
            anyHistogram |= histograms[i] != null;
        }
        if (anyFloat) {
            json.writeArrayFieldStart("values");
            for (int i = 0; i < size; i++) {
                if (histograms == null || histograms[i] == null) {
                    text.write(json, series.times()[i], series.values()[i]);
                }
            }
            json.writeEndArray();
        }
        if (anyHistogram) {
            json.writeArrayFieldStart("histograms");
            for (int i = 0; i < size; i++) {
                if (histograms != null && histograms[i] != null) {
                    sample(json, series.times()[i], series.values()[i], histograms[i]);
                }
            }
            json.writeEndArray();
        }
    }

    private void sample(JsonGenerator json, long time, double value, @Nullable Histogram histogram) throws IOException {
        if (histogram == null) {
            sample(json, time, value);
            return;
        }
        json.writeStartArray();
        json.writeNumber(times.print(time));
        new HistogramJson().write(json, histogram); // several requests are answered at once
        json.writeEndArray();
    }

    private void sample(JsonGenerator json, long time, double value) throws IOException {
        new SampleText(times).write(json, time, value);
    }

    static void labels(JsonGenerator json, Labels labels) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < labels.size(); i++) {
            json.writeStringField(labels.name(i), labels.value(i));
        }
        json.writeEndObject();
    }

    /** Percentiles; the answer's {@code q} and values are strings, as all numbers of the API that may not be finite. */
    void percentiles(JsonGenerator json, Percentiles percentiles) throws IOException {
        json.writeStartObject();
        json.writeStringField("resultType", "percentiles");
        json.writeArrayFieldStart("q");
        for (double q : percentiles.q()) {
            json.writeString(ApiNumbers.format(q));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("result");
        for (Percentiles.Group group : percentiles.result()) {
            json.writeStartObject();
            json.writeFieldName("metric");
            labels(json, group.labels());
            json.writeArrayFieldStart("points");
            for (Percentiles.Point point : group.points()) {
                point(json, point);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void point(JsonGenerator json, Percentiles.Point point) throws IOException {
        json.writeStartObject();
        json.writeFieldName("time");
        json.writeNumber(times.print(point.time()));
        json.writeStringField("count", Long.toString(point.count()));
        json.writeStringField("source", point.source().name().toLowerCase(Locale.ROOT));
        json.writeArrayFieldStart("values");
        for (Percentiles.Bounded value : point.values()) {
            json.writeStartObject();
            json.writeStringField("value", ApiNumbers.format(value.value()));
            json.writeStringField("low", ApiNumbers.format(value.low()));
            json.writeStringField("high", ApiNumbers.format(value.high()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
