package io.varve.server.api;

import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import java.io.IOException;
import java.util.List;
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

        /**
         * Deletes what series have in a range; durable when it returns.
         *
         * @param matchers all of which a series satisfies
         * @throws HttpProblem if it is not taken
         */
        void delete(List<Matcher> matchers, TimeRange range);

        /** Takes deleted samples out of all blocks. */
        void cleanTombstones() throws IOException;
    }

    private interface Work {
        void run() throws IOException;
    }

    private final Operations operations;
    private final QueryService queries;
    private final ApiTimes times;
    private final boolean enabled;

    AdminDoors(ApiContext context) {
        this.operations = context.admin();
        this.queries = context.queries();
        this.times = new ApiTimes(context.store().resolution());
        this.enabled = context.config().adminApi();
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

    HttpDoor cleanTombstones() {
        return exchange -> run(exchange, "clean", operations::cleanTombstones);
    }

    /** All selectors are read before the first deletion, so that a mistake in one deletes nothing. */
    void deleteSeries(HttpExchange exchange) throws IOException {
        ensureEnabled();
        Parameters parameters = exchange.parameters();
        List<List<Matcher>> selectors = ApiParameters.selectors(queries, parameters, true);
        TimeRange range = times.range(parameters);
        for (List<Matcher> matchers : selectors) {
            try {
                operations.delete(matchers, range);
            } catch (IllegalArgumentException e) {
                throw HttpProblem.badData("invalid parameter \"match[]\": " + e.getMessage());
            }
        }
        exchange.respond(HttpAnswer.empty(204));
    }

    private void run(HttpExchange exchange, String name, Work work) {
        perform(name, work);
        exchange.respond(HttpAnswer.empty(204));
    }

    private void ensureEnabled() {
        ensureEnabled(enabled);
    }

    /** @throws HttpProblem 403 if it is not */
    static void ensureEnabled(boolean enabled) {
        if (!enabled) {
            throw HttpProblem.of(
                    ErrorType.UNAVAILABLE,
                    403,
                    "the admin API is not enabled: start the server with --web.enable-admin-api");
        }
    }

    private void perform(String name, Work work) {
        ensureEnabled();
        try {
            work.run();
        } catch (IOException e) {
            LOG.warn("cannot {} the store: {}", name, String.valueOf(e.getMessage()));
            throw HttpProblem.of(
                    ErrorType.INTERNAL, "cannot " + name + " the store: " + e.getMessage() + "; nothing is lost");
        }
    }
}
