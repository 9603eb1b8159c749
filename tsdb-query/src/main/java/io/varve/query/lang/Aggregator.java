package io.varve.query.lang;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be computed over a group of series. */
public enum Aggregator {
    SUM(null),
    AVG(null),
    MIN(null),
    MAX(null),
    COUNT(null),
    GROUP(null),
    STDDEV(null),
    STDVAR(null),
    TOPK(ValueType.SCALAR),
    BOTTOMK(ValueType.SCALAR),
    QUANTILE(ValueType.SCALAR),
    COUNT_VALUES(ValueType.STRING),
    LIMITK(ValueType.SCALAR),
    LIMIT_RATIO(ValueType.SCALAR);

    private final @Nullable ValueType parameter;

    Aggregator(@Nullable ValueType parameter) {
        this.parameter = parameter;
    }

    /** Type of the parameter before the vector, or null if there is none. */
    public @Nullable ValueType parameter() {
        return parameter;
    }

    /** The aggregator as written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the result has the series of the input, labels and all, and not one a group. */
    public boolean selectsSeries() {
        return this == TOPK || this == BOTTOMK || isExperimental();
    }

    /** Whether this is a part of {@link Dialect#EXPERIMENTAL} alone. */
    public boolean isExperimental() {
        return this == LIMITK || this == LIMIT_RATIO;
    }

    static @Nullable Aggregator of(String word) {
        for (Aggregator aggregator : values()) {
            if (aggregator.text().equals(word.toLowerCase(Locale.ROOT))) {
                return aggregator;
            }
        }
        return null;
    }
}
