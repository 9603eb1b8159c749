package io.varve.core.telemetry.clock.system;

import io.varve.core.telemetry.clock.system.SystemClockStatus.Source;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Output of {@code timedatectl timesync-status}. Its root distance is that of the server; half of the delay to the
 * server comes to it. Its jitter is not used: it is known to be printed as years after a jump. A positive offset is a
 * slow clock.
 */
public final class TimesyncStatus {

    private static final Pattern COLON = Pattern.compile(":\\s");
    private static final Pattern PART = Pattern.compile("([0-9]{1,18}(?:[.,][0-9]{1,9})?)([a-z]{0,5})(?: |$)");
    private static final Map<String, Double> UNITS =
            Map.of("", 1.0, "us", 1e-6, "ms", 1e-3, "s", 1.0, "min", 60.0, "h", 3_600.0, "d", 86_400.0, "w", 604_800.0);

    private TimesyncStatus() {}

    /** Empty when the text is not its whole output. */
    public static Optional<SystemClockStatus> parse(String output) {
        Fields fields = Fields.lines(output, COLON);
        if (fields.has("Server") && fields.text("Packet count").equals("0")) {
            return Optional.of(unsynchronised());
        }
        String leap = fields.text("Leap");
        if (!fields.has("Server") || leap.isEmpty()) {
            return Optional.empty();
        }
        if (leap.equals("not synchronized")) {
            return Optional.of(unsynchronised());
        }
        OptionalLong offset = span(fields.text("Offset"));
        OptionalLong distance = Fields.distance(
                span(fields.text("Delay")), span(fields.text("Root distance").split(" \\(", 2)[0]));
        OptionalInt stratum = fields.whole("Stratum");
        if (offset.isEmpty() || distance.isEmpty() || stratum.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SystemClockStatus(
                Source.TIMESYNCD,
                true,
                offset,
                distance,
                stratum,
                fields.text("Server").split(" ", 2)[0]));
    }

    private static SystemClockStatus unsynchronised() {
        return new SystemClockStatus(
                Source.TIMESYNCD, false, OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty(), "");
    }

    /** A span as systemd prints it, as "1min 4.5s" or "-221us"; empty when it is none. */
    private static OptionalLong span(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        Matcher part = PART.matcher(rest);
        long nanos = 0;
        int end = 0;
        while (end < rest.length() && part.find(end) && part.start() == end) {
            Double unit = UNITS.get(part.group(2));
            OptionalLong each = unit == null ? OptionalLong.empty() : Fields.nanosOf(part.group(1), unit);
            // Only nothing has no unit; what has none otherwise was cut off.
            if (each.isEmpty() || (part.group(2).isEmpty() && each.getAsLong() != 0)) {
                return OptionalLong.empty();
            }
            nanos += each.getAsLong();
            end = part.end();
        }
        if (end == 0 || end < rest.length()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(negative ? -nanos : nanos);
    }
}
