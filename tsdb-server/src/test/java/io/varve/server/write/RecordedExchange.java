package io.varve.server.write;

import io.varve.server.http.BodyBytes;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A request made by hand, and the answer that it got. */
public final class RecordedExchange implements HttpExchange {

    private final Map<String, String> headers = new HashMap<>();
    private final AtomicReference<@Nullable HttpAnswer> answer = new AtomicReference<>();
    private final byte[] body;

    public RecordedExchange(byte[] body) {
        this.body = body;
    }

    public RecordedExchange with(String name, String value) {
        headers.put(name.toLowerCase(Locale.ROOT), value);
        return this;
    }

    /** Lets a door handle this request as the router does, and returns its answer, or null if there is none yet. */
    public @Nullable HttpAnswer through(HttpDoor door) throws IOException {
        try {
            door.handle(this);
        } catch (HttpProblem problem) {
            respond(problem.answer());
        }
        return answer.get();
    }

    public @Nullable HttpAnswer answer() {
        return answer.get();
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public String pathVariable(String name) {
        throw new IllegalArgumentException(name);
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public String client() {
        return "test";
    }

    @Override
    public Parameters parameters() {
        throw new IllegalStateException("a body that is no form");
    }

    @Override
    public BodyBytes body() {
        return new BodyBytes(body, body.length);
    }

    @Override
    public boolean clientGone() {
        return false;
    }

    @Override
    public boolean respond(HttpAnswer given) {
        return answer.compareAndSet(null, given);
    }
}
