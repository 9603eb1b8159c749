package io.varve.core.telemetry.clock.system;

import io.varve.core.model.TimeSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asks the machine's time services, whichever are there: chronyd, ntpd, timesyncd, ptp4l, by the commands that come
 * with them. Of their answers the first of a service that is synchronised counts, else the first. A service that is
 * absent, does not answer in two seconds or prints what is not understood is none. Arguments are fixed, nothing of a
 * command's output is run or kept beyond 64 KiB, and no exception reaches the caller.
 *
 * <p>A read runs up to four processes on the caller's thread; once a minute is often enough. Any thread may read.
 */
public final class SystemClockReader {

    private static final long TIMEOUT_NANOS = 2_000_000_000L;

    private static final List<Tool> TOOLS = List.of(
            new Tool(List.of("chronyc", "-c", "tracking"), ChronyTracking::parseCsv),
            new Tool(List.of("ntpq", "-c", "rv"), NtpqVariables::parse),
            new Tool(List.of("timedatectl", "--no-pager", "timesync-status"), TimesyncStatus::parse),
            new Tool(
                    List.of("pmc", "-u", "-b", "0", "GET TIME_STATUS_NP", "GET CURRENT_DATA_SET"),
                    PtpTimeStatus::parse));

    private final Function<List<String>, Optional<String>> runner;

    /** A reader with other hands than those that run processes. */
    SystemClockReader(Function<List<String>, Optional<String>> runner) {
        this.runner = runner;
    }

    /** A reader of this machine. */
    public static SystemClockReader create(TimeSource clock) {
        return new SystemClockReader(new CommandRunner(clock, TIMEOUT_NANOS, Fields.LONGEST)::run);
    }

    /** What the machine's time service says; empty if there is none. */
    public Optional<SystemClockStatus> read() {
        Optional<SystemClockStatus> first = Optional.empty();
        for (Tool tool : TOOLS) {
            Optional<SystemClockStatus> status = runner.apply(tool.command).flatMap(tool.parser);
            if (status.isPresent() && status.get().synchronised()) {
                return status;
            }
            if (first.isEmpty()) {
                first = status;
            }
        }
        return first;
    }

    private record Tool(List<String> command, Function<String, Optional<SystemClockStatus>> parser) {}
}
