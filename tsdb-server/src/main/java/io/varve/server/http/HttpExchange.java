package io.varve.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Used by one thread at a time; {@link #respond} and {@link #clientGone} may be called from
 * any thread.
 */
public interface HttpExchange {

    /** The method, in upper case. */
    String method();

    /** The path, decoded, without the query string. */
    String path();

    /**
     * What a route's variable stands for in this request, decoded.
     *
     * @throws IllegalArgumentException if the route has no such variable
     */
    String pathVariable(String name);

    /** The first header of that name, in any case, or null. */
    @Nullable
    String header(String name);

    /** The values of all headers of that name, in any case and in their order. */
    default List<String> headers(String name) {
        String only = header(name);
        return only == null ? List.of() : List.of(only);
    }

    /** The address of the client, for messages. */
    String client();

    /**
     * The parameters of a form-encoded body, then those of the query string. Reads the body if it is a form.
     *
     * @throws HttpProblem if they are malformed or too large
     */
    Parameters parameters() throws IOException;

    /**
     * The whole body as it was sent, still in its content encoding. The bytes are borrowed: they belong to the server
     * again as soon as the door returns, so a door that answers later takes what it needs before.
     *
     * @throws HttpProblem 413 if it is larger than {@code limits.body_bytes}
     */
    BodyBytes body() throws IOException;

    /** Whether the client has hung up, as far as is known. Cheap enough to be asked for each page of a query. */
    boolean clientGone();

    /**
     * Sends the answer. Only the first call counts: a door that fails after it answered changes nothing.
     *
     * @return whether this was the first answer
     */
    boolean respond(HttpAnswer answer);

    /**
     * Sends an answer whose body is made while it is sent: of a large one a piece is held at a time. Returns when all
     * of it is on its way, so it waits for a client that reads slowly. What fails before the first piece was sent
     * leaves the request unanswered; what fails later ends the connection, so that nobody takes a part for the whole.
     *
     * @param head status and headers; its own body is not sent
     * @return whether this was the first answer
     * @throws IOException if the client has gone, or what the body throws
     */
    default boolean respond(HttpAnswer head, AnswerBody body) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        body.writeTo(whole);
        return respond(head.withBody(whole.toByteArray(), whole.size()));
    }
}
