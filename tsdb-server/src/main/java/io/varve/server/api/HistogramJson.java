package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Histogram;
import io.varve.core.sketch.HistogramBuckets;
import java.io.IOException;

/**
 * Writes native histograms as Prometheus' API does: count, sum, and of each bucket that is not empty, from the lowest
 * to the highest, a number for which of its bounds belong to it, the bounds, and its count. One thread.
 */
final class HistogramJson {

    private static final int OPEN_LEFT = 0;
    private static final int OPEN_RIGHT = 1;
    private static final int CLOSED = 3;

    private final HistogramBuckets buckets = new HistogramBuckets();

    void write(JsonGenerator json, Histogram histogram) throws IOException {
        json.writeStartObject();
        json.writeStringField("count", ApiNumbers.format(histogram.count()));
        json.writeStringField("sum", ApiNumbers.format(histogram.sum()));
        buckets.read(histogram);
        boolean any = false;
        for (int i = 0; i < buckets.size(); i++) {
            if (buckets.count(i) != 0) {
                if (!any) {
                    json.writeArrayFieldStart("buckets");
                    any = true;
                }
                bucket(json, i);
            }
        }
        if (any) {
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void bucket(JsonGenerator json, int place) throws IOException {
        json.writeStartArray();
        json.writeNumber(buckets.isZero(place) ? CLOSED : buckets.isNegative(place) ? OPEN_RIGHT : OPEN_LEFT);
        json.writeString(ApiNumbers.format(buckets.lower(place)));
        json.writeString(ApiNumbers.format(buckets.upper(place)));
        json.writeString(ApiNumbers.format(buckets.count(place)));
        json.writeEndArray();
    }
}
