package io.varve.server.it.differential;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A server with Prometheus' API, some questions in flight at a time over connections that stay open. */
public final class HttpBackend implements Backend {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int IN_FLIGHT = 8;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;

    /** @param url without a slash at its end */
    public HttpBackend(String url) {
        this.url = url;
    }

    @Override
    public List<Answer> ask(List<Question> questions, String prefix) {
        List<Answer> answers = new ArrayList<>();
        for (int from = 0; from < questions.size(); from += IN_FLIGHT) {
            List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
            for (Question question : questions.subList(from, Math.min(questions.size(), from + IN_FLIGHT))) {
                waiting.add(http.sendAsync(request(question, prefix), BodyHandlers.ofString()));
            }
            waiting.forEach(one -> answers.add(answer(one.join())));
        }
        return answers;
    }

    private HttpRequest request(Question question, String prefix) {
        String parameters = "query=" + URLEncoder.encode(question.text(prefix), StandardCharsets.UTF_8);
        String path = question.isInstant() ? "/api/v1/query" : "/api/v1/query_range";
        parameters += question.isInstant()
                ? "&time=" + Question.seconds(question.startMs())
                : "&start=" + Question.seconds(question.startMs()) + "&end=" + Question.seconds(question.endMs())
                        + "&step=" + Question.seconds(question.stepMs());
        // a body would wait for the peer's delayed acknowledgement of the head
        return HttpRequest.newBuilder(URI.create(url + path + "?" + parameters))
                .timeout(Duration.ofMinutes(2))
                .build();
    }

    private static Answer answer(HttpResponse<String> response) {
        try {
            return Answer.of(JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(response.statusCode() + ": " + response.body(), e);
        }
    }

    @Override
    public void write(Dataset data, String prefix) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1/write"))
                .timeout(Duration.ofMinutes(2))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(BodyPublishers.ofByteArray(data.body(prefix)))
                .build();
        HttpResponse<String> response =
                http.sendAsync(request, BodyHandlers.ofString()).join();
        if (response.statusCode() / 100 != 2) {
            throw new AssertionError(url + " refused data: " + response.statusCode() + ": " + response.body());
        }
    }
}
