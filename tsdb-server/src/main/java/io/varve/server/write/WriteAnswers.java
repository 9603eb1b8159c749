package io.varve.server.write;

import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What the doors for samples read from a request's headers, and how they answer. */
public final class WriteAnswers {

    /** Names the durability that a client asks for, and in the answer the one that it got. */
    public static final String DURABILITY_HEADER = "Varve-Durability";

    private WriteAnswers() {}

    /**
     * The durability that a request asks for.
     *
     * @param otherwise what holds if it asks for none
     * @throws HttpProblem 400 if there is no such durability
     */
    public static Durability durability(HttpExchange exchange, Durability otherwise) {
        String asked = exchange.header(DURABILITY_HEADER);
        if (asked == null) {
            return otherwise;
        }
        return switch (asked.strip().toLowerCase(Locale.ROOT)) {
            case "memory" -> Durability.MEMORY;
            case "written" -> Durability.WRITTEN;
            case "synced" -> Durability.SYNCED;
            default ->
                throw HttpProblem.badData(
                        DURABILITY_HEADER + " is memory, written or synced: value=" + LabelRules.shown(asked));
        };
    }

    /**
     * The answer to a request whose samples were decoded.
     *
     * @param report what became of them, or null if the commit failed
     * @param failure why the commit failed, or null
     */
    public static HttpAnswer answer(Durability durability, @Nullable WriteReport report, @Nullable Throwable failure) {
        if (report == null) {
            return problem(failure).answer();
        }
        if (report.unknownRef()) {
            return HttpProblem.busy("a series was dropped while it was written: send again", 1)
                    .answer();
        }
        HttpAnswer answer = report.refused() == 0
                ? HttpAnswer.empty(204)
                : HttpProblem.badData(report.text()).answer();
        return answer.with(DURABILITY_HEADER, durability.name().toLowerCase(Locale.ROOT));
    }

    /** A failed commit as its sender is told: 503 with Retry-After wherever sending again helps. */
    public static HttpProblem problem(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof CommitException commit) {
            return switch (commit.reason()) {
                case OVERLOADED -> HttpProblem.busy("overloaded: " + commit.getMessage(), 1);
                case READ_ONLY -> HttpProblem.busy("read only: " + commit.getMessage(), 10);
                case UNKNOWN -> HttpProblem.busy(String.valueOf(commit.getMessage()), 10);
                case CLOSED -> HttpProblem.busy("the server is stopping", 5);
            };
        }
        return HttpProblem.of(ErrorType.INTERNAL, "cannot store samples: " + cause);
    }
}
