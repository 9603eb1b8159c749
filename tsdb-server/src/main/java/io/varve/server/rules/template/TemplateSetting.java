package io.varve.server.rules.template;

import java.util.List;
import java.util.Map;

/**
 * What a template is expanded with.
 *
 * @param labels {@code $labels}
 * @param externalLabels {@code $externalLabels}
 * @param externalUrl {@code $externalURL}
 * @param value {@code $value}: a {@link Double}, or the text of a native histogram
 * @param seconds the time of evaluation, since 1970
 * @param queries answers {@code query}
 * @param located what is known of where the cause of an alert shows, by name
 */
public record TemplateSetting(
        Map<String, String> labels,
        Map<String, String> externalLabels,
        String externalUrl,
        Object value,
        double seconds,
        Queries queries,
        Map<String, String> located) {

    /** The same of an alert whose cause was looked for. */
    public TemplateSetting located(Map<String, String> found) {
        return new TemplateSetting(labels, externalLabels, externalUrl, value, seconds, queries, found);
    }

    /** Asks the store at the time of evaluation. */
    @FunctionalInterface
    public interface Queries {

        /**
         * The vector that an expression evaluates to.
         *
         * @throws IllegalArgumentException if it cannot be evaluated, with the reason
         */
        List<TemplateSample> ask(String expression);
    }
}
