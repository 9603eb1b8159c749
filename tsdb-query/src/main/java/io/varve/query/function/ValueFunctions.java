package io.varve.query.function;

import io.varve.query.lang.Function;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Functions from one number to one number. Dates are those of UTC. */
public final class ValueFunctions {

    private ValueFunctions() {}

    /** The computation of a function that looks at one value at a time and nothing else, or null. */
    public static @Nullable DoubleUnaryOperator of(Function function) {
        return switch (function) {
            case ABS -> Math::abs;
            case CEIL -> Math::ceil;
            case FLOOR -> Math::floor;
            case EXP -> Math::exp;
            case LN -> Math::log;
            case LOG2 -> ValueFunctions::log2;
            case LOG10 -> Math::log10;
            case SQRT -> Math::sqrt;
            case SGN -> v -> v < 0 ? -1 : v > 0 ? 1 : v;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case TAN -> Math::tan;
            case ASIN -> Math::asin;
            case ACOS -> Math::acos;
            case ATAN -> Math::atan;
            case SINH -> Math::sinh;
            case COSH -> Math::cosh;
            case TANH -> Math::tanh;
            case ASINH -> ValueFunctions::asinh;
            case ACOSH -> ValueFunctions::acosh;
            case ATANH -> v -> 0.5 * Math.log1p(2 * v / (1 - v));
            case DEG -> v -> v * 180 / Math.PI;
            case RAD -> v -> v * Math.PI / 180;
            case MINUTE -> v -> date(v, LocalDateTime::getMinute);
            case HOUR -> v -> date(v, LocalDateTime::getHour);
            case DAY_OF_MONTH -> v -> date(v, LocalDateTime::getDayOfMonth);
            case DAY_OF_WEEK -> v -> date(v, d -> d.getDayOfWeek().getValue() % 7);
            case DAY_OF_YEAR -> v -> date(v, LocalDateTime::getDayOfYear);
            case DAYS_IN_MONTH -> v -> date(v, d -> d.toLocalDate().lengthOfMonth());
            case MONTH -> v -> date(v, LocalDateTime::getMonthValue);
            case YEAR -> v -> date(v, LocalDateTime::getYear);
            default -> null;
        };
    }

    /** Exact for powers of two, and as exact near 1 on both sides as the logarithm itself. */
    private static double log2(double v) {
        if (!(v > 0) || Double.isInfinite(v) || v < Double.MIN_NORMAL) {
            return Math.log(v) / Math.log(2);
        }
        int exponent = Math.getExponent(v / Math.sqrt(0.5)); // leaves 0.7 to 1.4
        return exponent + Math.log(Math.scalb(v, -exponent)) / Math.log(2);
    }

    private static double asinh(double v) {
        double size = Math.abs(v);
        double result =
                Double.isInfinite(size) ? size : Math.log1p(size + size * size / (1 + Math.sqrt(size * size + 1)));
        return Math.copySign(Double.isNaN(result) ? Math.log(size) + Math.log(2) : result, v);
    }

    private static double acosh(double v) {
        if (v > 0x1p28) {
            return Math.log(v) + Math.log(2); // its square may be infinite
        }
        double above = v - 1;
        return v < 1 ? Double.NaN : Math.log1p(above + Math.sqrt(2 * above + above * above));
    }

    /** The larger one, and infinity whatever the other is, NaN included. */
    public static double larger(double a, double b) {
        boolean infinite = a == Double.POSITIVE_INFINITY || b == Double.POSITIVE_INFINITY;
        return infinite ? Double.POSITIVE_INFINITY : Math.max(a, b);
    }

    /** The smaller one, and minus infinity whatever the other is, NaN included. */
    public static double smaller(double a, double b) {
        return -larger(-a, -b);
    }

    private static double date(double seconds, ToIntFunction<LocalDateTime> part) {
        if (Double.isNaN(seconds)) {
            return Double.NaN;
        }
        try {
            Instant instant = Instant.ofEpochSecond((long) seconds);
            return part.applyAsInt(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Double.NaN; // beyond every calendar
        }
    }

    /** To the nearest multiple of {@code unit}, halves upwards. */
    public static double round(double value, double unit) {
        double inverse = 1 / unit; // keeps decimal units such as 0.1 exact where division by them is not
        return Math.floor(value * inverse + 0.5) / inverse;
    }
}
