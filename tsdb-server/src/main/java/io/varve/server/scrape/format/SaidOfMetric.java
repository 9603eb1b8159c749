package io.varve.server.scrape.format;

/**
 * What a target says about a metric; what it does not say is empty.
 *
 * @param type as Prometheus' API names it
 */
public record SaidOfMetric(String metric, String type, String help, String unit) {

    /** This with what is not empty in another. */
    public SaidOfMetric with(SaidOfMetric other) {
        return new SaidOfMetric(
                metric,
                other.type.isEmpty() ? type : other.type,
                other.help.isEmpty() ? help : other.help,
                other.unit.isEmpty() ? unit : other.unit);
    }
}
