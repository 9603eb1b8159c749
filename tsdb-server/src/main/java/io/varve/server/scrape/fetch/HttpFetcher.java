package io.varve.server.scrape.fetch;

import io.varve.server.config.Quantity;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.config.ScrapeProtocol;
import io.varve.server.scrape.discovery.Target;
import io.varve.server.scrape.series.ScrapeFailure;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks targets with the JDK's HTTP client: HTTP/1.1, connections that are kept, no proxy, the JDK's trust for https. A
 * timeout counts from the request to the last byte of the body, redirections included.
 */
public final class HttpFetcher implements Fetcher {

    private static final int MOST_REDIRECTIONS = 10;

    private final Executor executor;
    private @Nullable HttpClient client;
    private final AnswerMemory memory;
    private final String agent;

    /**
     * A fetcher.
     *
     * @param executor where the HTTP client works
     * @param agent header {@code User-Agent}
     */
    public HttpFetcher(Executor executor, AnswerMemory memory, String agent) {
        this.memory = memory;
        this.agent = agent;
        this.executor = executor;
    }

    /** The client, made when the first target is asked. */
    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(executor)
                    .build();
            client = made;
        }
        return made;
    }

    @Override
    public CompletableFuture<Answer> fetch(Target target, ScrapeConfig config) {
        Call call = new Call(target, config);
        call.ask(target.uri(), 0);
        return call.answer
                .orTimeout(target.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((answer, failure) -> {
                    if (answer == null) {
                        call.cancel();
                        throw new CompletionException(reason(failure, target.timeout()));
                    }
                    return answer;
                });
    }

    private static Throwable reason(Throwable failure, Duration timeout) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof TimeoutException || cause instanceof java.net.http.HttpTimeoutException) {
            return new ScrapeFailure("no whole answer within " + Quantity.describe(timeout));
        }
        if (cause instanceof ConnectException && cause.getMessage() == null) {
            return new ScrapeFailure("cannot connect");
        }
        return cause instanceof ScrapeFailure ? cause : new ScrapeFailure(String.valueOf(cause));
    }

    /** One scrape's requests. */
    private final class Call {

        private final Target target;
        private final ScrapeConfig config;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private @Nullable CompletableFuture<HttpResponse<BoundedAnswer>> sent;
        private boolean cancelled;

        private Call(Target target, ScrapeConfig config) {
            this.target = target;
            this.config = config;
        }

        private void ask(URI uri, int redirections) {
            HttpRequest request;
            try {
                request = request(uri);
            } catch (IllegalArgumentException e) {
                answer.completeExceptionally(new ScrapeFailure("no address: " + uri));
                return;
            }
            CompletableFuture<HttpResponse<BoundedAnswer>> asked;
            synchronized (this) {
                if (cancelled) {
                    return;
                }
                asked = client().sendAsync(
                                request,
                                info -> new BoundedAnswer(
                                        info.statusCode() == 200
                                                ? config.limits().bodyBytes()
                                                : 0,
                                        memory));
                sent = asked;
            }
            CompletableFuture<HttpResponse<BoundedAnswer>> unused = asked.whenComplete((response, failure) -> {
                if (response == null) {
                    answer.completeExceptionally(failure);
                } else {
                    answered(uri, response, redirections);
                }
            });
        }

        private HttpRequest request(URI uri) {
            ScrapeConfig.Request how = config.request();
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .timeout(target.timeout())
                    .header("Accept", ScrapeProtocol.accept(config.format().protocols()))
                    .header("Accept-Encoding", how.compression() ? "gzip" : "identity")
                    .header("User-Agent", agent)
                    .header("X-Prometheus-Scrape-Timeout-Seconds", seconds(target.timeout()));
            String authorization = how.authorization();
            if (authorization != null && isAtHome(uri)) {
                request.header("Authorization", authorization);
            }
            return request.build();
        }

        /** Whether an address is the target's own: nobody else learns its credentials. */
        private boolean isAtHome(URI uri) {
            URI home = target.uri();
            return home.getScheme().equals(uri.getScheme())
                    && home.getHost().equals(uri.getHost())
                    && home.getPort() == uri.getPort();
        }

        private void answered(URI uri, HttpResponse<BoundedAnswer> response, int redirections) {
            int status = response.statusCode();
            BoundedAnswer body = response.body();
            HttpHeaders headers = response.headers();
            String location = headers.firstValue("Location").orElse("");
            if (status / 100 == 3 && config.request().redirects() && !location.isEmpty()) {
                redirected(uri, location, redirections);
                return;
            }
            String encoding =
                    headers.firstValue("Content-Encoding").orElse("").strip().toLowerCase(Locale.ROOT);
            boolean gzip = encoding.equals("gzip") || encoding.equals("x-gzip");
            ScrapeFailure failure = null;
            if (status != 200) {
                failure = new ScrapeFailure("server returned HTTP status " + status);
            } else if (!gzip && !encoding.isEmpty() && !encoding.equals("identity")) {
                failure = new ScrapeFailure("the answer is encoded in a way that was not asked for: " + encoding);
            }
            Answer good = new Answer(
                    body.bytes(),
                    body.length(),
                    gzip,
                    headers.firstValue("Content-Type").orElse(""),
                    body::release);
            boolean taken = failure == null ? answer.complete(good) : answer.completeExceptionally(failure);
            if (failure != null || !taken) {
                body.release();
            }
        }

        private void redirected(URI from, String location, int redirections) {
            URI to;
            try {
                to = from.resolve(location);
            } catch (IllegalArgumentException e) {
                answer.completeExceptionally(new ScrapeFailure("redirected to what is no address"));
                return;
            }
            boolean web = "http".equals(to.getScheme()) || "https".equals(to.getScheme());
            if (!web || to.getHost() == null) {
                answer.completeExceptionally(new ScrapeFailure("redirected to what is not http: " + to));
            } else if (redirections >= MOST_REDIRECTIONS) {
                answer.completeExceptionally(new ScrapeFailure("redirected more than " + MOST_REDIRECTIONS + " times"));
            } else {
                ask(to, redirections + 1);
            }
        }

        private synchronized void cancel() {
            cancelled = true;
            if (sent != null) {
                sent.cancel(true);
            }
        }
    }

    private static String seconds(Duration duration) {
        return Double.toString(duration.toMillis() / 1e3);
    }
}
