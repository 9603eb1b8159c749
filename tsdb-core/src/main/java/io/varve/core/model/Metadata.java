package io.varve.core.model;

/**
 * What is known of a metric.
 *
 * @param type what its samples mean
 * @param help what it measures, at most {@link #MAX_HELP} characters
 * @param unit as OpenMetrics names it, or empty; at most {@link #MAX_UNIT} characters
 */
public record Metadata(Type type, String help, String unit) {

    /** Most characters of a metric's name. */
    public static final int MAX_NAME = 1_024;

    /** Most characters of a help. */
    public static final int MAX_HELP = 4_096;

    /** Most characters of a unit. */
    public static final int MAX_UNIT = 256;

    /** What the samples of a metric mean. Ids are stable. */
    public enum Type {
        /** Not said. */
        UNKNOWN(0, "unknown"),
        /** Grows, or begins anew. */
        COUNTER(1, "counter"),
        /** Goes up and down. */
        GAUGE(2, "gauge"),
        /** Counts observations in buckets. */
        HISTOGRAM(3, "histogram"),
        /** The buckets of what is there now. */
        GAUGE_HISTOGRAM(4, "gaugehistogram"),
        /** Quantiles that the client computed. */
        SUMMARY(5, "summary"),
        /** Labels alone. */
        INFO(6, "info"),
        /** One of several states. */
        STATE_SET(7, "stateset");

        private static final Type[] ALL = values();

        private final int id;
        private final String label;

        Type(int id, String label) {
            this.id = id;
            this.label = label;
        }

        /** Stable id, one byte. */
        public int id() {
            return id;
        }

        /** Its name in Prometheus' API. */
        public String label() {
            return label;
        }

        /** The type of an id; {@link #UNKNOWN} for one that this version does not know. */
        public static Type byId(int id) {
            return id >= 0 && id < ALL.length ? ALL[id] : UNKNOWN;
        }

        /** The type of a name in Prometheus' API; {@link #UNKNOWN} for any other name. */
        public static Type byLabel(String label) {
            for (Type type : ALL) {
                if (type.label.equals(label)) {
                    return type;
                }
            }
            return UNKNOWN;
        }
    }

    /** @throws IllegalArgumentException if help or unit are too long */
    public Metadata {
        if (help.length() > MAX_HELP || unit.length() > MAX_UNIT) {
            throw new IllegalArgumentException("a metric's help has at most " + MAX_HELP + " characters, its unit "
                    + MAX_UNIT + ": help=" + help.length() + ", unit=" + unit.length());
        }
    }

    /**
     * Checks the name of a metric.
     *
     * @throws IllegalArgumentException if it is empty or too long
     */
    public static void requireName(String metric) {
        if (metric.isEmpty() || metric.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "a metric's name has 1 to " + MAX_NAME + " characters: length=" + metric.length());
        }
    }
}
