package io.varve.server.api;

import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator may ask of the store; each answers when it is done, and only if it was allowed at start. */
public final class AdminDoors {

    private static final Logger LOG = LoggerFactory.getLogger(AdminDoors.class);

    /** The store's side. */
    public interface Operations {

        /** Seals the head into blocks. */
        void flush() throws IOException;

        /** Merges all blocks that can be merged. */
        void compact() throws IOException;

        /** Writes a snapshot of all that is acknowledged; returns its name in the directory of snapshots. */
        String snapshot() throws IOException;

        /** Says that the wall clock is right after it jumped. */
        void confirmClock();
    }

    private interface Work {
        void run() throws IOException;
    }

    private final Operations operations;
    private final boolean enabled;

    AdminDoors(Operations operations, boolean enabled) {
        this.operations = operations;
        this.enabled = enabled;
    }

    HttpDoor flush() {
        return exchange -> run(exchange, "flush", operations::flush);
    }

    HttpDoor compact() {
        return exchange -> run(exchange, "compact", operations::compact);
    }

    HttpDoor confirmClock() {
        return exchange -> run(exchange, "confirm the clock of", operations::confirmClock);
    }

    HttpDoor snapshot() {
        return exchange -> {
            AtomicReference<String> name = new AtomicReference<>("");
            perform("snapshot", () -> name.set(operations.snapshot()));
            exchange.respond(JsonBody.success(json -> {
                json.writeStartObject();
                json.writeStringField("name", name.get());
                json.writeEndObject();
            }));
        };
    }

    private void run(HttpExchange exchange, String name, Work work) {
        perform(name, work);
        exchange.respond(HttpAnswer.empty(204));
    }

    private void perform(String name, Work work) {
        if (!enabled) {
            throw HttpProblem.of(
                    ErrorType.UNAVAILABLE,
                    403,
                    "the admin API is not enabled: start the server with --web.enable-admin-api");
        }
        try {
            work.run();
        } catch (IOException e) {
            LOG.warn("cannot {} the store: {}", name, String.valueOf(e.getMessage()));
            throw HttpProblem.of(
                    ErrorType.INTERNAL, "cannot " + name + " the store: " + e.getMessage() + "; nothing is lost");
        }
    }
}
