package io.varve.server.backtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.varve.core.model.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A running server, asked over Prometheus' API; answers are read as they come, a series at a time. */
public final class HttpHistory implements History {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(10);

    private final String url;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private long[] times = new long[1_024];
    private double[] values = new double[1_024];

    /** @param url of the server, without a path */
    public HttpHistory(String url) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    @Override
    public void read(BacktestSettings settings, long fromMs, long toMs, Sink sink) {
        String form = settings.stepMs() == 0
                ? "query=" + encoded(Backtest.window(settings.expression(), fromMs, toMs)) + "&time=" + seconds(toMs)
                : "query=" + encoded(settings.expression()) + "&start=" + seconds(fromMs) + "&end=" + seconds(toMs)
                        + "&step=" + seconds(settings.stepMs());
        String path = settings.stepMs() == 0 ? "/api/v1/query" : "/api/v1/query_range";
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(ANSWER)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form + "&limit=" + (BacktestSettings.MOST_SERIES + 1)))
                    .build();
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body();
                    JsonParser json = new JsonFactory().createParser(body)) {
                answer(json, settings, sink);
            }
        } catch (ConnectException e) {
            throw new BacktestException(
                    "cannot reach " + url + ": no server listens there; start one with varve server, or name it with "
                            + "--url",
                    e);
        } catch (IOException e) {
            throw new BacktestException("cannot ask " + url + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new BacktestException("not a server's address: " + url + "; write it as http://127.0.0.1:9470", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BacktestException("interrupted", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).toPlainString();
    }

    private void answer(JsonParser json, BacktestSettings settings, Sink sink) throws IOException {
        String status = "";
        String error = "";
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("the answer is not Prometheus' API");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "status" -> status = json.getText();
                case "error" -> error = json.getText();
                case "data" -> data(json, settings, sink);
                default -> json.skipChildren();
            }
        }
        if (!status.equals("success")) {
            throw new BacktestException(Backtest.refused(settings, error.isEmpty() ? "no answer" : error));
        }
    }

    private void data(JsonParser json, BacktestSettings settings, Sink sink) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals("resultType") && !json.getText().equals("matrix")) {
                throw new BacktestException(Backtest.refused(settings, "it has no series"));
            }
            if (!field.equals("result")) {
                json.skipChildren();
                continue;
            }
            while (json.nextToken() == JsonToken.START_OBJECT) {
                series(json, sink);
            }
        }
    }

    private void series(JsonParser json, Sink sink) throws IOException {
        String name = "{}";
        int count = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "metric" -> name = name(json);
                case "values" -> count = samples(json);
                default -> json.skipChildren(); // histograms, which no detector reads
            }
        }
        if (count > 0) {
            sink.take(name, count, times, values);
        }
    }

    private static String name(JsonParser json) throws IOException {
        List<String> labels = new ArrayList<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String label = json.currentName();
            json.nextToken();
            labels.add(label);
            labels.add(json.getText());
        }
        return Labels.of(labels.toArray(String[]::new)).toString();
    }

    /** Reads {@code [[seconds, "value"], …]}. */
    private int samples(JsonParser json) throws IOException {
        int count = 0;
        while (json.nextToken() == JsonToken.START_ARRAY) {
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            json.nextToken();
            times[count] = json.getDecimalValue().movePointRight(3).longValue();
            json.nextToken();
            values[count++] = value(json.getText());
            json.nextToken();
        }
        return count;
    }

    private static double value(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    @Override
    public void close() {
        // the client keeps no connection that anybody waits for
    }
}
