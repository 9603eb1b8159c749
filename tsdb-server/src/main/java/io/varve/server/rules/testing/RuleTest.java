package io.varve.server.rules.testing;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One test of rules.
 *
 * @param name empty if it has none
 * @param line where it begins in its file
 * @param interval from one value of its series to the next
 * @param start the time of their first values, and of the first evaluation
 * @param externalLabels labels of the server, for templates
 * @param externalUrl where people reach the server, for templates
 */
record RuleTest(
        String name,
        int line,
        Duration interval,
        Instant start,
        List<Input> inputs,
        List<Alerts> alerts,
        List<Expression> expressions,
        Map<String, String> externalLabels,
        String externalUrl) {

    /** A series that is given. */
    record Input(Labels labels, List<SeriesNotation.Run> values) {}

    /**
     * Alerts of a name that are expected to fire.
     *
     * @param at since the start
     */
    record Alerts(Duration at, String name, List<ExpectedAlert> expected) {}

    /** @param labels without {@code alertname} */
    record ExpectedAlert(Map<String, String> labels, Map<String, String> annotations) {}

    /**
     * What an expression is expected to answer.
     *
     * @param at since the start
     */
    record Expression(Duration at, String text, List<ExpectedSample> expected) {}

    /** @param histogram null if a number is expected */
    record ExpectedSample(Labels labels, double value, @Nullable Histogram histogram) {}

    /** The last time at which something is expected, since the start. */
    Duration last() {
        Duration last = Duration.ZERO;
        for (Alerts alert : alerts) {
            last = alert.at().compareTo(last) > 0 ? alert.at() : last;
        }
        for (Expression expression : expressions) {
            last = expression.at().compareTo(last) > 0 ? expression.at() : last;
        }
        return last;
    }
}
