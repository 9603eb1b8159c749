package io.varve.core.telemetry.clock.system;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a time service says of the machine's clock.
 *
 * @param source which service
 * @param synchronised whether it steers the clock by a reference outside of the machine
 * @param offsetNanos what the reference shows more than the machine's clock, in nanoseconds; positive when the clock is
 *     slow. Services that slew show what is left to be corrected. Empty when it is not told
 * @param uncertaintyNanos how far the reference, with that offset, may be from true time, in nanoseconds: half of the
 *     delay to the root plus the dispersion of it, the root distance of RFC 5905. Empty when it is not told
 * @param stratum distance from a reference clock, 1 for one next to it; empty when it is not told
 * @param reference what it is synchronised to, an address or name; empty text when there is none
 */
public record SystemClockStatus(
        Source source,
        boolean synchronised,
        OptionalLong offsetNanos,
        OptionalLong uncertaintyNanos,
        OptionalInt stratum,
        String reference) {

    /** Services that are known. */
    public enum Source {
        /** chronyd. */
        CHRONY,
        /** ntpd of ntp.org or NTPsec. */
        NTPD,
        /** systemd-timesyncd. */
        TIMESYNCD,
        /** ptp4l of linuxptp; its offset is that of the network card's clock. */
        PTP
    }
}
