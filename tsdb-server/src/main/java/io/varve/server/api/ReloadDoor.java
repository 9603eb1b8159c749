package io.varve.server.api;

import io.varve.server.config.ConfigException;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import java.util.List;

/** Reads the configuration again, if the admin API is on. What cannot be read changes nothing. */
public final class ReloadDoor implements HttpDoor {

    /** The server's side. */
    public interface Operation {

        /**
         * Reads the configuration and takes over what can change while the server runs.
         *
         * @throws ConfigException if it cannot be used; nothing changes then
         */
        Changes reload();

        /** Whether the last reading succeeded, the one at start included. */
        boolean succeeded();

        /** When the configuration in force was read, nanoseconds since 1970. */
        long lastNanos();
    }

    /**
     * Keys whose values are new.
     *
     * @param applied those in force by now
     * @param atNextStart those that wait for the next start
     */
    public record Changes(List<String> applied, List<String> atNextStart) {

        /** Copies the lists. */
        public Changes {
            applied = List.copyOf(applied);
            atNextStart = List.copyOf(atNextStart);
        }

        /** One line for people. */
        public String text() {
            String now = applied.isEmpty() ? "nothing changed" : "changed: " + String.join(", ", applied);
            return atNextStart.isEmpty() ? now : now + "; at the next start: " + String.join(", ", atNextStart);
        }
    }

    private final ApiContext context;

    ReloadDoor(ApiContext context) {
        this.context = context;
    }

    @Override
    public void handle(HttpExchange exchange) {
        AdminDoors.ensureEnabled(context.config().adminApi());
        try {
            exchange.respond(HttpAnswer.text(200, context.reload().reload().text() + "\n"));
        } catch (ConfigException e) {
            throw HttpProblem.of(
                    ErrorType.BAD_DATA, 500, "failed to reload config: " + e.getMessage() + "; what was before stays");
        }
    }
}
