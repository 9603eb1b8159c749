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
 */
public record TemplateSetting(
        Map<String, String> labels,
        Map<String, String> externalLabels,
        String externalUrl,
        Object value,
        double seconds,
        Queries queries) {

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
