package io.varve.server.api;

import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A file of the page that the server carries in its jar; read once. It may load nothing from elsewhere. */
final class PageDoor implements HttpDoor {

    private final HttpAnswer answer;

    PageDoor(String resource, String contentType) {
        try (InputStream in = PageDoor.class.getResourceAsStream("/ui/" + resource)) {
            if (in == null) {
                throw new AssertionError("BUG: the jar holds no ui/" + resource);
            }
            answer = HttpAnswer.of(200, contentType, in.readAllBytes())
                    .with("Cache-Control", "no-cache")
                    .with("X-Content-Type-Options", "nosniff")
                    .with("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read ui/" + resource + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void handle(HttpExchange exchange) {
        exchange.respond(answer);
    }
}
