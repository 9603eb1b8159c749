package io.varve.server.http;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** An exchange over Jetty's request and response. */
final class JettyExchange implements HttpExchange {

    /** Below this an answer fits into one packet anyway. */
    private static final int LEAST_GZIP = 1_400;

    private static final int LARGEST_FORM = 10 << 20;

    /** A client that sends more than this behind a refusal may lose the answer. */
    private static final int LARGEST_DISCARD = 64 << 20;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final BodyPool pool;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final ClientWatch watch;
    private Map<String, String> variables = Map.of();
    private @Nullable BodyBytes body;
    private @Nullable Parameters parameters;

    JettyExchange(Request request, Response response, Callback callback, BodyPool pool, ClientWatch watch) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.pool = pool;
        this.watch = watch;
    }

    void variables(Map<String, String> values) {
        variables = values;
    }

    @Override
    public String method() {
        return request.getMethod().toUpperCase(Locale.ROOT);
    }

    @Override
    public String path() {
        return Parameters.decode(rawPath(), false);
    }

    String rawPath() {
        String path = request.getHttpURI().getPath();
        return path == null ? "" : path;
    }

    @Override
    public String pathVariable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a variable of the route: name=" + name);
        }
        return value;
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    @Override
    public String client() {
        return Request.getRemoteAddr(request);
    }

    @Override
    public Parameters parameters() throws IOException {
        if (parameters == null) {
            String type = header("Content-Type");
            boolean form = (method().equals("POST") || method().equals("PUT"))
                    && type != null
                    && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
            String query = request.getHttpURI().getQuery();
            parameters = Parameters.parse(form ? formText() : null, query);
        }
        return parameters;
    }

    private String formText() throws IOException {
        BodyBytes form = body();
        if (form.length() > LARGEST_FORM) {
            throw HttpProblem.tooLarge("the form", LARGEST_FORM);
        }
        return form.text();
    }

    @Override
    public BodyBytes body() throws IOException {
        if (body == null) {
            body = pool.read(Request.asInputStream(request));
        }
        return body;
    }

    /**
     * Answers a request whose body may not have been read, then reads and drops the rest of it. A client that is still
     * sending gets to read the answer so; a connection that is closed over unread bytes is reset, and the answer lost.
     */
    void refuse(HttpAnswer answer) {
        respond(answer, Callback.from(this::discardBody, callback));
    }

    private void discardBody() {
        byte[] dropped = new byte[8 << 10];
        try (InputStream rest = Request.asInputStream(request)) {
            for (int left = LARGEST_DISCARD; left > 0; ) {
                int read = rest.read(dropped);
                if (read < 0) {
                    return;
                }
                left -= read;
            }
        } catch (IOException e) {
            // The client is gone: nobody waits for what is left.
            return;
        }
    }

    /** Takes back what the door borrowed. */
    void release() {
        BodyBytes borrowed = body;
        body = null;
        if (borrowed != null) {
            pool.release(borrowed);
        }
    }

    @Override
    public boolean clientGone() {
        return watch.gone();
    }

    @Override
    public boolean respond(HttpAnswer answer) {
        return respond(answer, callback);
    }

    @Override
    public boolean respond(HttpAnswer head, AnswerBody body) throws IOException {
        AnswerStream stream = new AnswerStream(() -> open(head));
        try {
            body.writeTo(stream);
            if (!stream.isOpen()) {
                return respond(stream.whole(head));
            }
            stream.end();
        } catch (IOException | RuntimeException | Error e) {
            if (stream.isOpen()) {
                callback.failed(e);
            }
            throw e;
        }
        callback.succeeded();
        return true;
    }

    /** Sends the head of an answer whose length is not known. */
    private OutputStream open(HttpAnswer head) throws IOException {
        if (!answered.compareAndSet(false, true)) {
            throw new IOException("answered already");
        }
        head(head);
        OutputStream out = Content.Sink.asOutputStream(response);
        if (isCompressible(head)) {
            response.getHeaders().add(HttpHeader.VARY, "Accept-Encoding");
            if (acceptsGzip()) {
                response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
                return new FastGzip(new BufferedOutputStream(out, AnswerStream.PIECE / 4));
            }
        }
        return out;
    }

    private void head(HttpAnswer answer) {
        response.setStatus(answer.status());
        for (int i = 0; i < answer.headers().size(); i += 2) {
            response.getHeaders().add(answer.headers().get(i), answer.headers().get(i + 1));
        }
    }

    private boolean respond(HttpAnswer answer, Callback whenSent) {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        head(answer);
        ByteBuffer bytes = ByteBuffer.wrap(answer.body(), 0, answer.length());
        if (answer.length() >= LEAST_GZIP && isCompressible(answer)) {
            response.getHeaders().add(HttpHeader.VARY, "Accept-Encoding");
            if (acceptsGzip()) {
                response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
                bytes = gzip(answer);
            }
        }
        if (answer.status() != 204) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.remaining());
        }
        response.write(true, bytes, whenSent);
        return true;
    }

    boolean isAnswered() {
        return answered.get();
    }

    private static boolean isCompressible(HttpAnswer answer) {
        String type = answer.header("Content-Type");
        return (type.startsWith("application/json") || type.startsWith("text/"))
                && answer.header("Content-Encoding").isEmpty();
    }

    private boolean acceptsGzip() {
        String accepted = header("Accept-Encoding");
        if (accepted == null) {
            return false;
        }
        for (String coding : accepted.split(",")) {
            String[] parts = coding.trim().toLowerCase(Locale.ROOT).split(";");
            if (parts[0].trim().equals("gzip")) {
                return parts.length == 1 || !parts[1].trim().matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

    private static ByteBuffer gzip(HttpAnswer answer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(answer.length() / 4);
        try (GZIPOutputStream out = new FastGzip(bytes)) {
            out.write(answer.body(), 0, answer.length());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compress in memory", e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** Answers go over short ways: speed counts more than the last percent of size. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 8 << 10);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
