package io.varve.core.telemetry.clock.system;

import io.varve.core.telemetry.clock.system.SystemClockStatus.Source;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Output of {@code pmc -u -b 0 'GET TIME_STATUS_NP'}, in nanoseconds; a positive offset from the master is a fast
 * clock. PTP states no bound of its error: with {@code 'GET CURRENT_DATA_SET'} asked beside it, the mean path delay
 * is one, since it is half of the round trip; without, the uncertainty is not told. If there are several answers the
 * first counts, that of the local clock.
 */
public final class PtpTimeStatus {

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern TIME_STATUS = Pattern.compile(" RESPONSE MANAGE?MENT TIME_STATUS_NP\\s");
    private static final double NANOSECOND = 1e-9;

    private PtpTimeStatus() {}

    /** Empty when the text is not its whole output. */
    public static Optional<SystemClockStatus> parse(String output) {
        Fields fields = Fields.lines(output, BLANKS);
        String present = fields.text("gmPresent");
        OptionalLong offset = Fields.negated(fields.nanos("master_offset", NANOSECOND));
        if (!TIME_STATUS.matcher(Fields.bounded(output)).find()
                || offset.isEmpty()
                || !fields.has("gmIdentity")
                || !(present.equals("true") || present.equals("false"))) {
            return Optional.empty();
        }
        boolean synchronised = present.equals("true");
        boolean whole = fields.text("meanPathDelay").matches("[0-9]+\\.[0-9]");
        OptionalLong delay = whole ? fields.nanos("meanPathDelay", NANOSECOND) : OptionalLong.empty();
        boolean bounded = synchronised && delay.isPresent() && delay.getAsLong() > 0;
        return Optional.of(new SystemClockStatus(
                Source.PTP,
                synchronised,
                synchronised ? offset : OptionalLong.empty(),
                bounded ? delay : OptionalLong.empty(),
                OptionalInt.empty(),
                synchronised ? fields.text("gmIdentity") : ""));
    }
}
