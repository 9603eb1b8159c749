package io.varve.server.api;

import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.server.config.Quantity;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Times and durations of the API, to and from ticks of the store, without a double in between. A time is decimal
 * seconds since 1970, or RFC 3339; a duration is decimal seconds, or a text such as {@code 1h30m}.
 */
final class ApiTimes {

    private static final int LONGEST = 64;
    private static final double LARGEST_SECONDS = 1e16;

    private final Resolution resolution;
    private final int digits;

    ApiTimes(Resolution resolution) {
        this.resolution = resolution;
        this.digits = Long.toString(resolution.ticksPerSecond()).length() - 1;
    }

    /** Seconds with as many places as the resolution has, or none on a whole second. */
    String print(long ticks) {
        char[] text = new char[LONGEST];
        return new String(text, 0, print(ticks, text, 0));
    }

    /**
     * Writes what {@link #print(long)} says.
     *
     * @param at where, with room for {@link ApiNumbers#LONGEST}
     * @return behind its last character
     */
    int print(long ticks, char[] out, int at) {
        long perSecond = resolution.ticksPerSecond();
        long fraction = Math.abs(ticks % perSecond);
        int begin = at;
        if (ticks < 0) {
            out[begin++] = '-';
        }
        int point = ApiNumbers.integer(Math.abs(ticks / perSecond), out, begin);
        if (fraction == 0) {
            return point;
        }
        out[point] = '.';
        int end = point + 1 + digits;
        for (int i = end - 1; i > point; i--) {
            out[i] = (char) ('0' + fraction % 10);
            fraction /= 10;
        }
        return end;
    }

    /**
     * Ticks of a time.
     *
     * @throws HttpProblem 400 if the text is no time, or not one that 64 bits of ticks can hold
     */
    long time(String parameter, String text) {
        BigDecimal seconds = decimal(text);
        try {
            if (seconds != null) {
                return ticks(seconds);
            }
            if (text.length() <= LONGEST) {
                Instant instant = OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
                return resolution.ticks(instant);
            }
        } catch (DateTimeException | ArithmeticException e) {
            // falls through to the refusal
        }
        throw HttpProblem.badData("invalid parameter \"" + parameter + "\": cannot parse \"" + shortened(text)
                + "\" to a valid timestamp");
    }

    /**
     * The range from {@code start} to {@code end}, both included; what is not given has no bound.
     *
     * @throws HttpProblem 400 if one is no time, or the end comes before the start
     */
    TimeRange range(Parameters parameters) {
        String start = parameters.first("start");
        String end = parameters.first("end");
        TimeRange range = TimeRange.of(
                start.isEmpty() ? Long.MIN_VALUE : time("start", start),
                end.isEmpty() ? Long.MAX_VALUE : time("end", end));
        if (range.isEmpty()) {
            throw HttpProblem.badData("invalid parameter \"end\": end timestamp must not be before start time");
        }
        return range;
    }

    /**
     * Ticks of a duration, rounded to the nearest tick.
     *
     * @throws HttpProblem 400 if the text is no duration, or not one that 64 bits of ticks can hold
     */
    long duration(String parameter, String text) {
        BigDecimal seconds = decimal(text);
        try {
            if (seconds != null) {
                return ticks(seconds);
            }
            return resolution.ticksOfMillis(Quantity.duration(text).toMillis());
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw HttpProblem.badData("invalid parameter \"" + parameter + "\": cannot parse \"" + shortened(text)
                    + "\" to a valid duration");
        }
    }

    private long ticks(BigDecimal seconds) {
        return seconds.movePointRight(digits).setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    /** The text as a number of seconds in reach, or null. */
    private static @org.jspecify.annotations.Nullable BigDecimal decimal(String text) {
        if (text.isEmpty() || text.length() > LONGEST || "+-.0123456789".indexOf(text.charAt(0)) < 0) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            if ("+-.eE0123456789".indexOf(text.charAt(i)) < 0) {
                return null;
            }
        }
        try {
            double size = Math.abs(Double.parseDouble(text)); // bounds the exponent before exact arithmetic sees it
            return size > LARGEST_SECONDS ? null : size < 1e-12 ? BigDecimal.ZERO : new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
