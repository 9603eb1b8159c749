package io.varve.core.telemetry.clock.system;

import io.varve.core.telemetry.clock.system.SystemClockStatus.Source;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Output of {@code chronyc tracking}, for people or, by {@code -c}, as one line of 14 values. Seconds; a positive
 * system time is slow. The error of the clock is at most what is left to correct plus half of the root delay plus the
 * root dispersion.
 */
public final class ChronyTracking {

    private static final Pattern COLON = Pattern.compile(":");
    /** Four bytes; before chrony 3.0 as an address. */
    private static final Pattern ID = Pattern.compile("[0-9A-F]{8}|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    /** No reference, and the machine's own clock taken for one. */
    private static final Set<String> NONE = Set.of("00000000", "7F7F0101", "0.0.0.0", "127.127.1.1");

    private static final Set<String> SYNCHRONISED = Set.of("Normal", "Insert second", "Delete second");
    private static final Set<String> UNSYNCHRONISED = Set.of("Not synchronised", "Invalid");
    private static final List<String> COLUMNS = List.of(
            "Reference ID",
            "Name",
            "Stratum",
            "Ref time",
            "System time",
            "Last offset",
            "RMS offset",
            "Frequency",
            "Residual freq",
            "Skew",
            "Root delay",
            "Root dispersion",
            "Update interval",
            "Leap status");

    private ChronyTracking() {}

    /** Of {@code chronyc tracking}; empty when the text is not its whole output. */
    public static Optional<SystemClockStatus> parse(String output) {
        Fields fields = Fields.lines(output, COLON);
        String[] reference = fields.text("Reference ID").split("[ ()]+", -1);
        String[] time = fields.text("System time").split(" ", -1);
        if (time.length < 3 || !time[1].equals("seconds") || !(time[2].equals("slow") || time[2].equals("fast"))) {
            return Optional.empty();
        }
        OptionalLong offset = Fields.nanosOf(time[0], 1);
        return status(
                fields,
                reference[0],
                reference.length > 1 ? reference[1] : "",
                time[2].equals("fast") ? Fields.negated(offset) : offset);
    }

    /** Of {@code chronyc -c tracking}; empty when the text is not its whole output. */
    public static Optional<SystemClockStatus> parseCsv(String output) {
        String[] values = Fields.bounded(output).strip().split(",", -1);
        if (values.length != COLUMNS.size()) {
            return Optional.empty();
        }
        Fields fields = new Fields();
        for (int i = 0; i < values.length; i++) {
            fields.put(COLUMNS.get(i), values[i]);
        }
        return status(fields, fields.text("Reference ID"), fields.text("Name"), fields.nanos("System time", 1));
    }

    private static Optional<SystemClockStatus> status(Fields fields, String id, String name, OptionalLong offset) {
        OptionalInt stratum = fields.whole("Stratum");
        OptionalLong distance = Fields.distance(fields.nanos("Root delay", 1), fields.nanos("Root dispersion", 1));
        String leap = fields.text("Leap status");
        if (!ID.matcher(id).matches()
                || offset.isEmpty()
                || distance.isEmpty()
                || stratum.isEmpty()
                || !(SYNCHRONISED.contains(leap) || UNSYNCHRONISED.contains(leap))) {
            return Optional.empty();
        }
        boolean synchronised = SYNCHRONISED.contains(leap) && !NONE.contains(id);
        return Optional.of(new SystemClockStatus(
                Source.CHRONY,
                synchronised,
                synchronised ? offset : OptionalLong.empty(),
                synchronised ? distance : OptionalLong.empty(),
                synchronised ? stratum : OptionalInt.empty(),
                synchronised ? (name.isEmpty() ? id : name) : ""));
    }
}
