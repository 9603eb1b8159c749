package io.varve.server.it.differential;

import java.math.BigDecimal;
import java.util.List;

/**
 * An expression and the times that it is asked for.
 *
 * @param stepMs 0 for an instant query at {@code startMs}
 */
record Question(Expr expr, long startMs, long endMs, long stepMs) {

    static Question instant(Expr expr, long timeMs) {
        return new Question(expr, timeMs, timeMs, 0);
    }

    boolean isInstant() {
        return stepMs == 0;
    }

    Question with(Expr other) {
        return new Question(other, startMs, endMs, stepMs);
    }

    /** Instant queries at some of its times; none if it is one. */
    List<Question> instants() {
        if (isInstant()) {
            return List.of();
        }
        long steps = (endMs - startMs) / stepMs;
        return List.of(
                instant(expr, startMs),
                instant(expr, startMs + steps / 2 * stepMs),
                instant(expr, startMs + steps * stepMs));
    }

    /** The expression as it is asked of a data set. */
    String text(String prefix) {
        return expr.text().replace(Expr.PREFIX, prefix);
    }

    /** Milliseconds as decimal seconds. */
    static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).toPlainString();
    }

    /** For a report. */
    String describe(String prefix) {
        return text(prefix)
                + (isInstant()
                        ? "   at " + seconds(startMs)
                        : "   from " + seconds(startMs) + " to " + seconds(endMs) + " step " + seconds(stepMs));
    }
}
