package io.varve.server.rules;

import java.time.Duration;
import java.util.Map;

/** A rule of a group. */
public sealed interface Rule permits Rule.Recording, Rule.Alerting {

    /** The metric that is recorded, or the name of the alert. */
    String name();

    /** PromQL, as it is printed. */
    String expression();

    /** Labels that are added, by name; of alerts they are templates. */
    Map<String, String> labels();

    /**
     * A rule that keeps the answers to a query as series.
     *
     * @param name metric of the series
     */
    record Recording(String name, String expression, Map<String, String> labels) implements Rule {}

    /**
     * A rule that makes an alert of each series that a query answers with.
     *
     * @param name value of the label {@code alertname}
     * @param hold how long a series must be there before its alert fires ({@code for})
     * @param keepFiring how long an alert goes on firing without its series ({@code keep_firing_for})
     * @param annotations templates, by name
     */
    record Alerting(
            String name,
            String expression,
            Duration hold,
            Duration keepFiring,
            Map<String, String> labels,
            Map<String, String> annotations)
            implements Rule {}
}
