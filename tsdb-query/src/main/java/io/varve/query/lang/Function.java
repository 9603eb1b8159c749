package io.varve.query.lang;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The functions with their signatures. What they compute stands in {@code query.function} and {@code query.exec}. */
public enum Function {
    // over the samples of a window
    RATE("M"),
    INCREASE("M"),
    DELTA("M"),
    IRATE("M"),
    IDELTA("M"),
    AVG_OVER_TIME("M"),
    SUM_OVER_TIME("M"),
    MIN_OVER_TIME("M"),
    MAX_OVER_TIME("M"),
    COUNT_OVER_TIME("M"),
    FIRST_OVER_TIME("M"),
    LAST_OVER_TIME("M"),
    PRESENT_OVER_TIME("M"),
    STDDEV_OVER_TIME("M"),
    STDVAR_OVER_TIME("M"),
    MAD_OVER_TIME("M"),
    TS_OF_FIRST_OVER_TIME("M"),
    TS_OF_LAST_OVER_TIME("M"),
    TS_OF_MIN_OVER_TIME("M"),
    TS_OF_MAX_OVER_TIME("M"),
    DOUBLE_EXPONENTIAL_SMOOTHING("MSS"),
    QUANTILE_OVER_TIME("SM"),
    CHANGES("M"),
    RESETS("M"),
    DERIV("M"),
    PREDICT_LINEAR("MS"),
    ABSENT_OVER_TIME("M"),
    // the same, of anomalies
    ANOMALY_BAND_SCORE("M"),
    ANOMALY_BAND_LOWER("SM"),
    ANOMALY_BAND_UPPER("SM"),
    ANOMALY_SEASONAL_SCORE("M"),
    ANOMALY_SEASONAL_BASELINE("M"),
    ANOMALY_SEASONAL_LOWER("SM"),
    ANOMALY_SEASONAL_UPPER("SM"),
    ANOMALY_CHANGE_SCORE("M"),
    ANOMALY_CHANGE_QUANTILE_SCORE("SM"),
    ANOMALY_FOREST_SCORE("M"),
    ANOMALY_CONSENSUS_SCORE("M"),
    // value by value
    ABS("V"),
    CEIL("V"),
    FLOOR("V"),
    EXP("V"),
    LN("V"),
    LOG2("V"),
    LOG10("V"),
    SQRT("V"),
    SGN("V"),
    SIN("V"),
    COS("V"),
    TAN("V"),
    ASIN("V"),
    ACOS("V"),
    ATAN("V"),
    SINH("V"),
    COSH("V"),
    TANH("V"),
    ASINH("V"),
    ACOSH("V"),
    ATANH("V"),
    DEG("V"),
    RAD("V"),
    ROUND("VS", 1),
    CLAMP("VSS"),
    CLAMP_MIN("VS"),
    CLAMP_MAX("VS"),
    MINUTE("V", 1),
    HOUR("V", 1),
    DAY_OF_MONTH("V", 1),
    DAY_OF_WEEK("V", 1),
    DAY_OF_YEAR("V", 1),
    DAYS_IN_MONTH("V", 1),
    MONTH("V", 1),
    YEAR("V", 1),
    TIMESTAMP("V"),
    START_TIMESTAMP("V"),
    // over vectors
    ABSENT("V"),
    HISTOGRAM_QUANTILE("SV"),
    HISTOGRAM_QUANTILES("VTSSSSSSSSSS", 9),
    HISTOGRAM_FRACTION("SSV"),
    HISTOGRAM_COUNT("V"),
    HISTOGRAM_SUM("V"),
    HISTOGRAM_AVG("V"),
    HISTOGRAM_STDDEV("V"),
    HISTOGRAM_STDVAR("V"),
    SORT("V"),
    SORT_DESC("V"),
    SORT_BY_LABEL("VT*"),
    SORT_BY_LABEL_DESC("VT*"),
    INFO("VV", 1),
    LABEL_REPLACE("VTTTT"),
    LABEL_JOIN("VTTT*"),
    // between scalars and vectors
    SCALAR("V"),
    VECTOR("S"),
    TIME(""),
    PI(""),
    MIN_OF("SS"),
    MAX_OF("SS"),
    START(""),
    END(""),
    RANGE(""),
    STEP("");

    /** What is there in {@link Dialect#EXPERIMENTAL} alone. */
    private static final Set<Function> EXPERIMENTAL = EnumSet.of(
            HISTOGRAM_QUANTILES,
            MAD_OVER_TIME,
            TS_OF_FIRST_OVER_TIME,
            TS_OF_LAST_OVER_TIME,
            TS_OF_MIN_OVER_TIME,
            TS_OF_MAX_OVER_TIME,
            DOUBLE_EXPONENTIAL_SMOOTHING,
            SORT_BY_LABEL,
            SORT_BY_LABEL_DESC,
            INFO,
            MIN_OF,
            MAX_OF,
            START,
            END,
            RANGE,
            STEP,
            START_TIMESTAMP);

    private static final Map<String, Function> BY_NAME = new HashMap<>();

    static {
        for (Function function : values()) {
            BY_NAME.put(function.text(), function);
        }
    }

    /** One letter an argument: M range vector, V vector, S scalar, T string; a star repeats the last, from none on. */
    private final String signature;

    private final int optional;

    Function(String signature) {
        this(signature, 0);
    }

    Function(String signature, int optional) {
        this.signature = signature;
        this.optional = optional;
    }

    /** The function as written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a call evaluates to. */
    public ValueType result() {
        return switch (this) {
            case SCALAR, TIME, PI, MIN_OF, MAX_OF, START, END, RANGE, STEP -> ValueType.SCALAR;
            default -> ValueType.VECTOR;
        };
    }

    /** Whether this is a part of {@link Dialect#EXPERIMENTAL} alone. */
    public boolean isExperimental() {
        return EXPERIMENTAL.contains(this);
    }

    /** Whether the result keeps the metric name of its input. */
    public boolean keepsName() {
        return switch (this) {
            case FIRST_OVER_TIME,
                    LAST_OVER_TIME,
                    SORT,
                    SORT_DESC,
                    SORT_BY_LABEL,
                    SORT_BY_LABEL_DESC,
                    INFO,
                    LABEL_REPLACE,
                    LABEL_JOIN -> true;
            default -> false;
        };
    }

    /** Whether the function looks at the samples of a window. */
    public boolean readsWindow() {
        return windowArgument() >= 0;
    }

    /** Which argument is the window of a function that has one. */
    public int windowArgument() {
        return signature.indexOf('M');
    }

    int minimumArguments() {
        return maximumListed() - optional - (repeats() ? 1 : 0);
    }

    int maximumArguments() {
        return repeats() ? Integer.MAX_VALUE : maximumListed();
    }

    ValueType argumentType(int index) {
        return typeOf(signature.charAt(Math.min(index, maximumListed() - 1)));
    }

    private boolean repeats() {
        return signature.endsWith("*");
    }

    private int maximumListed() {
        return repeats() ? signature.length() - 1 : signature.length();
    }

    private static ValueType typeOf(int letter) {
        return switch (letter) {
            case 'M' -> ValueType.MATRIX;
            case 'V' -> ValueType.VECTOR;
            case 'S' -> ValueType.SCALAR;
            default -> ValueType.STRING;
        };
    }

    static @Nullable Function of(String name) {
        return BY_NAME.get(name);
    }

    /** What helps with a name that is no function's; empty if nothing does. */
    static String hint(String name) {
        if (!name.toLowerCase(Locale.ROOT).startsWith("anomal")) {
            return "";
        }
        return BY_NAME.keySet().stream()
                .filter(known -> known.startsWith("anomaly_"))
                .sorted()
                .collect(Collectors.joining(", ", ", functions of anomalies are ", ""));
    }
}
