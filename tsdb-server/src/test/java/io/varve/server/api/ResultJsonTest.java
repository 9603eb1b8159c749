package io.varve.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.model.Resolution;
import io.varve.query.QueryResult;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Native histograms in answers, as Prometheus writes them. */
class ResultJsonTest {

    private static final String ALL_SIGNS = "{\"count\":\"8\",\"sum\":\"6\",\"buckets\":["
            + "[1,\"-2\",\"-1\",\"1\"],[3,\"-0.5\",\"0.5\",\"2\"],[0,\"0.5\",\"1\",\"1\"],[0,\"2\",\"4\",\"4\"]]}";

    private static Histogram allSigns() {
        HistogramLayout layout = HistogramLayout.exponential(0, false, 0.5, new int[] {0, 3}, new int[] {1, 1});
        return Histogram.integer(layout, ResetHint.UNKNOWN, 2, 8, 6, 1, 0, 4, 1);
    }

    private static String json(QueryResult.Value value) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            new ResultJson(new ApiTimes(Resolution.MILLIS)).value(json, value, 0, null);
        }
        return text.toString();
    }

    @Test
    void a_vector_has_a_histogram_instead_of_a_value() throws IOException {
        Labels labels = Labels.of("a", "b");
        QueryResult.Sample histogram = new QueryResult.Sample(labels, 1500, Double.NaN, allSigns());
        QueryResult.Sample number = new QueryResult.Sample(labels, 1500, 7);
        assertThat(json(new QueryResult.Vector(List.of(histogram, number))))
                .isEqualTo("{\"resultType\":\"vector\",\"result\":["
                        + "{\"metric\":{\"a\":\"b\"},\"histogram\":[1.500," + ALL_SIGNS + "]},"
                        + "{\"metric\":{\"a\":\"b\"},\"value\":[1.500,\"7\"]}]}");
    }

    @Test
    void a_matrix_has_values_and_histograms_where_there_are_some() throws IOException {
        Histogram empty = Histogram.integer(
                HistogramLayout.exponential(0, false, 0.5, new int[] {}, new int[] {}), ResetHint.UNKNOWN, 0, 0, 0);
        QueryResult.Series mixed = new QueryResult.Series(
                Labels.EMPTY, new long[] {0, 1000}, new double[] {Double.NaN, 2}, new Histogram[] {allSigns(), null});
        QueryResult.Series alone = new QueryResult.Series(
                Labels.EMPTY, new long[] {0}, new double[] {Double.NaN}, new Histogram[] {empty});
        QueryResult.Series none =
                new QueryResult.Series(Labels.EMPTY, new long[] {0}, new double[] {3}, new Histogram[] {null});
        assertThat(json(new QueryResult.Matrix(List.of(mixed, alone, none))))
                .isEqualTo("{\"resultType\":\"matrix\",\"result\":["
                        + "{\"metric\":{},\"values\":[[1,\"2\"]],\"histograms\":[[0," + ALL_SIGNS + "]]},"
                        + "{\"metric\":{},\"histograms\":[[0,{\"count\":\"0\",\"sum\":\"0\"}]]},"
                        + "{\"metric\":{},\"values\":[[0,\"3\"]]}]}");
    }

    @Test
    void custom_buckets_have_their_bounds_and_infinity() throws IOException {
        HistogramLayout layout = HistogramLayout.custom(true, new int[] {0, 2}, 5);
        Histogram histogram = Histogram.floating(layout, ResetHint.GAUGE, 0, 3.5, 1e21, 1.5, 2);
        assertThat(json(new QueryResult.Vector(
                        List.of(new QueryResult.Sample(Labels.EMPTY, 0, Double.NaN, histogram)))))
                .contains("\"histogram\":[0,{\"count\":\"3.5\",\"sum\":\"1e+21\",\"buckets\":["
                        + "[0,\"-Inf\",\"5\",\"1.5\"],[0,\"5\",\"+Inf\",\"2\"]]}]");
    }
}
