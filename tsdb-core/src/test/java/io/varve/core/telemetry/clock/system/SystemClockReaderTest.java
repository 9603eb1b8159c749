package io.varve.core.telemetry.clock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.clock.system.SystemClockStatus.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SystemClockReaderTest {

    private static final long SECOND = 1_000_000_000L;

    private final List<List<String>> asked = new ArrayList<>();

    private Optional<SystemClockStatus> read(Map<String, String> outputs) {
        return new SystemClockReader(command -> {
                    asked.add(command);
                    return Optional.ofNullable(outputs.get(command.get(0)));
                })
                .read();
    }

    private static CommandRunner runner(long timeoutNanos) {
        return new CommandRunner(TimeSource.system(), timeoutNanos, Fields.LONGEST);
    }

    private static Optional<String> shell(String script) {
        return runner(20 * SECOND).run(List.of("/bin/sh", "-c", script));
    }

    @Test
    void theFirstServiceThatIsSynchronisedCounts() throws IOException {
        Map<String, String> outputs = new HashMap<>();
        assertThat(read(outputs)).isEmpty();
        assertThat(asked)
                .containsExactly(
                        List.of("chronyc", "-c", "tracking"),
                        List.of("ntpq", "-c", "rv"),
                        List.of("timedatectl", "--no-pager", "timesync-status"),
                        List.of("pmc", "-u", "-b", "0", "GET TIME_STATUS_NP", "GET CURRENT_DATA_SET"));
        outputs.put("timedatectl", "Failed to query server: no such unit");
        assertThat(read(outputs)).isEmpty();
        outputs.put("chronyc", SystemClockParsersTest.output("chronyc-csv-unsynchronised"));
        outputs.put("ntpq", SystemClockParsersTest.output("ntpq-rv-unsynchronised"));
        assertThat(read(outputs).orElseThrow().source()).isEqualTo(Source.CHRONY);
        assertThat(read(outputs).orElseThrow().synchronised()).isFalse();
        outputs.put("pmc", SystemClockParsersTest.output("pmc-with-delay"));
        assertThat(read(outputs).orElseThrow().source()).isEqualTo(Source.PTP);
        outputs.put("timedatectl", SystemClockParsersTest.output("timesync-status"));
        assertThat(read(outputs).orElseThrow().source()).isEqualTo(Source.TIMESYNCD);
        outputs.put("ntpq", SystemClockParsersTest.output("ntpq-rv"));
        assertThat(read(outputs).orElseThrow().source()).isEqualTo(Source.NTPD);
        asked.clear();
        outputs.put("chronyc", SystemClockParsersTest.output("chronyc-csv"));
        assertThat(read(outputs).orElseThrow().source()).isEqualTo(Source.CHRONY);
        assertThat(asked).hasSize(1);
    }

    @Test
    void thisMachineIsReadWhateverIsThere() {
        Optional<SystemClockStatus> status =
                SystemClockReader.create(TimeSource.system()).read();
        status.ifPresent(there ->
                assertThat(there.synchronised()).isEqualTo(there.offsetNanos().isPresent()));
    }

    @Test
    void whatACommandPrintsIsReturned() {
        for (int i = 0; i < 20; i++) {
            assertThat(shell("echo one; echo two >&2; printf three")).contains("one\nthree");
        }
        assertThat(shell("printf %s \"$LC_ALL\"")).contains("C");
        assertThat(shell("cat")).contains("");
        assertThat(shell("head -c 65535 /dev/zero").orElseThrow()).hasSize(65_535);
    }

    @Test
    void commandsThatAreAbsentOrFailOrPrintTooMuchAreNone() {
        assertThat(runner(SECOND).run(List.of("no-such-command-of-any-system"))).isEmpty();
        assertThat(runner(SECOND).run(List.of("/"))).isEmpty();
        assertThat(shell("echo one; exit 3")).isEmpty();
        assertThat(shell("kill -9 $$")).isEmpty();
        assertTimeoutPreemptively(Duration.ofSeconds(15), () -> {
            assertThat(shell("while true; do echo yes; done")).isEmpty();
        });
    }

    @Test
    @Timeout(30)
    void aCommandThatHangsIsKilledAndNotWaitedFor() {
        assertTimeoutPreemptively(Duration.ofSeconds(15), () -> {
            CommandRunner runner = runner(SECOND / 5);
            assertThat(runner.run(List.of("/bin/sh", "-c", "exec sleep 30"))).isEmpty();
            // What it leaves behind may hold its pipe open.
            assertThat(shell("sleep 5 & echo done")).contains("done\n");
        });
        while (left()) {
            Thread.onSpinWait();
        }
    }

    private static boolean left() {
        return ProcessHandle.current()
                .children()
                .anyMatch(child -> child.info().commandLine().orElse("").contains("sleep 30"));
    }

    @Test
    void anInterruptEndsItAndIsKept() {
        Thread.currentThread().interrupt();
        Optional<String> printed = shell("exec sleep 30");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(printed).isEmpty();
    }
}
