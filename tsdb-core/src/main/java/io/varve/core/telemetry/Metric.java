package io.varve.core.telemetry;

/**
 * What a metric is: its name, unit and help. Names are those of Prometheus or of OpenTelemetry:
 * {@code [a-zA-Z_:][a-zA-Z0-9_:.]*}; a dot is the same as an underscore, which is what is shown.
 *
 * @param name as it is shown, with underscores
 * @param unit of what is shown, as OpenMetrics names it ({@code seconds}, {@code bytes}, {@code ratio}), or empty
 * @param help one sentence, or empty
 */
public record Metric(String name, String unit, String help) {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException when it breaks the rule
     */
    public Metric {
        name = MetricNames.metric(name);
    }

    /** A metric of this name, without a help; its unit is the one that its name ends in, if it does. */
    public static Metric named(String name) {
        return of(name, "");
    }

    /** A metric of this name; its unit is the one that its name ends in, if it does. */
    public static Metric of(String name, String help) {
        return new Metric(name, MetricNames.unit(name), help);
    }

    /** This metric with a unit that its name does not end in. */
    public Metric unit(String newUnit) {
        return new Metric(name, newUnit, help);
    }

    /** This metric with a help. */
    public Metric help(String newHelp) {
        return new Metric(name, unit, newHelp);
    }

    /** As a counter is called, {@code _total} appended where it is missing. */
    Metric counter() {
        return new Metric(MetricNames.counter(name), unit, help);
    }
}
