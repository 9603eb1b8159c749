package io.varve.core.telemetry.clock.system;

import io.varve.core.telemetry.clock.system.SystemClockStatus.Source;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Output of {@code ntpq -c rv}: variables of the daemon, in milliseconds; a positive offset is a slow clock. Daemons
 * before 4.2.6 call the dispersion {@code rootdispersion}.
 */
public final class NtpqVariables {

    /** A name, and a text in quotes or without commas and line ends, which does not end the output: it may be cut. */
    private static final Pattern VARIABLE =
            Pattern.compile("(?<=[ ,\n])([A-Za-z_]{1,40}+)=(\"[^\"\n]{0,500}+\"|[^,\n\"]{0,500}+)(?=[,\n])");

    private static final Pattern BEGIN =
            Pattern.compile("ass(?:oc)?ID=0 status=[0-9a-f]{4} ", Pattern.CASE_INSENSITIVE);
    private static final double MILLISECOND = 1e-3;
    private static final int UNSYNCHRONISED = 16;

    private NtpqVariables() {}

    /** Empty when the text is not its whole output. */
    public static Optional<SystemClockStatus> parse(String output) {
        String text = Fields.bounded(output).strip();
        if (!BEGIN.matcher(text).lookingAt()) {
            return Optional.empty();
        }
        Fields fields = new Fields();
        Matcher variables = VARIABLE.matcher(text);
        while (variables.find()) {
            fields.put(variables.group(1), variables.group(2));
        }
        String dispersion = fields.has("rootdisp") ? "rootdisp" : "rootdispersion";
        OptionalLong offset = fields.nanos("offset", MILLISECOND);
        OptionalLong distance =
                Fields.distance(fields.nanos("rootdelay", MILLISECOND), fields.nanos(dispersion, MILLISECOND));
        OptionalInt stratum = fields.whole("stratum");
        String leap = fields.text("leap");
        if (offset.isEmpty() || distance.isEmpty() || stratum.isEmpty() || !leap.matches("[01]{1,2}")) {
            return Optional.empty();
        }
        String reference = fields.text("refid");
        boolean synchronised = !leap.equals("11")
                && !text.contains("sync_unspec")
                && !text.contains("sync_local")
                && stratum.getAsInt() < UNSYNCHRONISED
                && !reference.equals("LOCL")
                && !reference.startsWith("LOCAL(");
        return Optional.of(new SystemClockStatus(
                Source.NTPD,
                synchronised,
                synchronised ? offset : OptionalLong.empty(),
                synchronised ? distance : OptionalLong.empty(),
                synchronised ? stratum : OptionalInt.empty(),
                synchronised ? reference : ""));
    }
}
