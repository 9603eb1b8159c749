package io.varve.server.rules.template;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Numbers, durations and times for people, as Prometheus' template functions write them. Stateless. */
final class Humanize {

    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String[] LARGE = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
    private static final String[] BINARY = {"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};
    private static final String[] SMALL = {"m", "u", "n", "p", "f", "a", "z", "y"};

    private Humanize() {}

    private static boolean isSpecial(double value) {
        return Double.isNaN(value) || Double.isInfinite(value);
    }

    private static String four(double value) {
        return GoFormat.general(value, 4);
    }

    /** With the prefixes of units: {@code 1.235M}, {@code 20m}. */
    static String decimal(double value) {
        if (value == 0 || isSpecial(value)) {
            return four(value);
        }
        return Math.abs(value) >= 1 ? large(value, 1000, LARGE) : small(value);
    }

    /** The same by powers of 1,024. */
    static String binary(double value) {
        if (isSpecial(value) || Math.abs(value) <= 1) {
            return four(value);
        }
        return large(value, 1024, BINARY);
    }

    private static String large(double value, double base, String[] prefixes) {
        double rest = value;
        String prefix = "";
        for (int i = 0; i < prefixes.length && Math.abs(rest) >= base; i++) {
            prefix = prefixes[i];
            rest /= base;
        }
        return four(rest) + prefix;
    }

    private static String small(double value) {
        double rest = value;
        String prefix = "";
        for (int i = 0; i < SMALL.length && Math.abs(rest) < 1; i++) {
            prefix = SMALL[i];
            rest *= 1000;
        }
        return four(rest) + prefix;
    }

    /** Seconds as days, hours, minutes and seconds. */
    static String seconds(double value) {
        if (isSpecial(value)) {
            return four(value);
        }
        if (value == 0) {
            return four(value) + "s";
        }
        if (Math.abs(value) < 1) {
            return small(value) + "s";
        }
        String sign = value < 0 ? "-" : "";
        double size = Math.abs(value);
        long whole = (long) size;
        long days = whole / 86_400;
        long hours = whole / 3_600 % 24;
        long minutes = whole / 60 % 60;
        long rest = whole % 60;
        if (days > 0) {
            return sign + days + "d " + hours + "h " + minutes + "m " + rest + "s";
        }
        if (hours > 0) {
            return sign + hours + "h " + minutes + "m " + rest + "s";
        }
        return minutes > 0 ? sign + minutes + "m " + rest + "s" : sign + four(size) + "s";
    }

    /** A ratio in percent. */
    static String percentage(double value) {
        return four(value * 100) + "%";
    }

    /** A time as Go writes it: {@code 2015-06-23 13:19:44.128 +0000 UTC}. */
    static String time(Instant time) {
        return DAY_AND_TIME.format(time) + fraction(time.get(ChronoField.NANO_OF_SECOND)) + " +0000 UTC";
    }

    private static String fraction(int nanos) {
        return nanos == 0 ? "" : "." + String.format(Locale.ROOT, "%09d", nanos).replaceFirst("0+$", "");
    }

    /** A duration as Go writes it: {@code 1h2m3.5s}. */
    static String duration(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        Duration size = duration.abs();
        String sign = duration.isNegative() ? "-" : "";
        if (size.compareTo(Duration.ofSeconds(1)) < 0) {
            int nanos = size.toNanosPart();
            if (nanos < 1_000) {
                return sign + nanos + "ns";
            }
            return nanos < 1_000_000
                    ? sign + GoFormat.print(nanos / 1e3) + "µs"
                    : sign + GoFormat.print(nanos / 1e6) + "ms";
        }
        String hours = size.toHours() > 0 ? size.toHours() + "h" : "";
        String minutes = size.toMinutes() > 0 ? size.toMinutesPart() + "m" : "";
        return sign + hours + minutes + size.toSecondsPart() + fraction(size.toNanosPart()) + "s";
    }
}
