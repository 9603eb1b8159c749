package io.varve.core.telemetry.clock.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.telemetry.clock.system.SystemClockStatus.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What time services print, whole and otherwise. */
class SystemClockParsersTest {

    private interface Parser extends Function<String, Optional<SystemClockStatus>> {}

    private static final Map<String, Parser> PARSERS = Map.of(
            "chronyc-tracking", ChronyTracking::parse,
            "chronyc-csv", ChronyTracking::parseCsv,
            "ntpq", NtpqVariables::parse,
            "timesync", TimesyncStatus::parse,
            "pmc", PtpTimeStatus::parse);

    static String output(String name) throws IOException {
        try (InputStream in = SystemClockParsersTest.class.getResourceAsStream("/clock/" + name + ".txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Optional<SystemClockStatus> parse(String name, String text) {
        return PARSERS.entrySet().stream()
                .filter(entry -> name.startsWith(entry.getKey()))
                .findFirst()
                .orElseThrow()
                .getValue()
                .apply(text);
    }

    private static SystemClockStatus synchronised(
            Source source, long offset, long uncertainty, int stratum, String reference) {
        return new SystemClockStatus(
                source,
                true,
                OptionalLong.of(offset),
                OptionalLong.of(uncertainty),
                OptionalInt.of(stratum),
                reference);
    }

    private static SystemClockStatus ptp(long offset, OptionalLong uncertainty) {
        return new SystemClockStatus(
                Source.PTP, true, OptionalLong.of(offset), uncertainty, OptionalInt.empty(), "00a069.fffe.0b552d");
    }

    private static SystemClockStatus unsynchronised(Source source) {
        return new SystemClockStatus(
                source, false, OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty(), "");
    }

    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of("chronyc-tracking", synchronised(Source.CHRONY, 6_523, 7_920_248, 3, "ntp1.example.net")),
                Arguments.of("chronyc-tracking-pps", synchronised(Source.CHRONY, -72, 11_805, 1, "PPS")),
                Arguments.of(
                        "chronyc-tracking-old", synchronised(Source.CHRONY, 1_501, 211_364_500, 3, "a.example.org")),
                Arguments.of("chronyc-tracking-unsynchronised", unsynchronised(Source.CHRONY)),
                Arguments.of("chronyc-tracking-local", unsynchronised(Source.CHRONY)),
                Arguments.of("chronyc-csv", synchronised(Source.CHRONY, 12_345, 6_629_628, 4, "198.51.100.123")),
                Arguments.of("chronyc-csv-pps", synchronised(Source.CHRONY, -106, 17_796, 1, "PPS")),
                Arguments.of("chronyc-csv-unsynchronised", unsynchronised(Source.CHRONY)),
                Arguments.of("chronyc-csv-local", unsynchronised(Source.CHRONY)),
                Arguments.of("ntpq-rv", synchronised(Source.NTPD, -75_166, 45_406_000, 2, "192.0.2.46")),
                Arguments.of("ntpq-rv-ntpsec", synchronised(Source.NTPD, 76_723_000, 80_878_000, 1, "PPS")),
                Arguments.of("ntpq-rv-old", synchronised(Source.NTPD, -5_761_000, 63_598_500, 3, "192.0.2.21")),
                Arguments.of("ntpq-rv-unsynchronised", unsynchronised(Source.NTPD)),
                Arguments.of("ntpq-rv-local", unsynchronised(Source.NTPD)),
                Arguments.of("timesync-status", synchronised(Source.TIMESYNCD, 2_345_000, 29_628_500, 2, "192.0.2.58")),
                Arguments.of(
                        "timesync-status-localised",
                        synchronised(Source.TIMESYNCD, -64_523_000_000L, 33_747_500, 2, "198.51.100.1")),
                Arguments.of(
                        "timesync-status-spike", synchronised(Source.TIMESYNCD, -39_000, 258_500, 1, "2001:db8::123")),
                Arguments.of("timesync-status-none-yet", unsynchronised(Source.TIMESYNCD)),
                Arguments.of("timesync-status-unsynchronised", unsynchronised(Source.TIMESYNCD)),
                Arguments.of("pmc-time-status", ptp(-310, OptionalLong.empty())),
                Arguments.of("pmc-with-delay", ptp(142, OptionalLong.of(9_310))),
                Arguments.of("pmc-several", ptp(-310, OptionalLong.empty())),
                Arguments.of("pmc-unsynchronised", unsynchronised(Source.PTP)));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void whatServicesPrintIsRead(String name, SystemClockStatus expected) throws IOException {
        assertThat(parse(name, output(name))).contains(expected);
        assertThat(parse(name, output(name).replace("\n", "\r\n"))).contains(expected);
        assertThat(parse(name, output(name).stripTrailing())).contains(expected);
    }

    /**
     * Where an output is cut, nothing is read, or what the whole says; a cut reference is the one thing nobody sees.
     */
    @ParameterizedTest
    @MethodSource("outputs")
    void whatIsCutIsNotTakenForSomethingElse(String name, SystemClockStatus expected) throws IOException {
        String whole = output(name);
        int none = 0;
        for (int length = 0; length < whole.length(); length++) {
            Optional<SystemClockStatus> cut = parse(name, whole.substring(0, length));
            none += cut.isEmpty() ? 1 : 0;
            cut.ifPresent(status -> {
                assertThat(status.synchronised()).isEqualTo(expected.synchronised());
                assertThat(status.offsetNanos()).isEqualTo(expected.offsetNanos());
                assertThat(status.stratum()).isEqualTo(expected.stratum());
                if (status.uncertaintyNanos().isPresent()) {
                    assertThat(status.uncertaintyNanos()).isEqualTo(expected.uncertaintyNanos());
                }
            });
        }
        assertThat(none).isGreaterThan(whole.length() / 3);
    }

    @ParameterizedTest
    @CsvSource({
        "chronyc-tracking,chronyc-refused",
        "chronyc-csv,chronyc-refused",
        "pmc,pmc-no-answer",
        "pmc,chronyc-csv",
        "ntpq,timesync-status",
        "timesync,ntpq-rv",
        "chronyc-csv,chronyc-tracking",
        "chronyc-tracking,chronyc-csv",
        "timesync,chronyc-tracking"
    })
    void whatIsAnotherOutputIsNone(String parser, String name) throws IOException {
        assertThat(parse(parser, output(name))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chronyc-tracking|0.000006523|1e300",
                "chronyc-tracking|0.000006523|99999999999",
                "chronyc-tracking|0.000006523|-",
                "chronyc-tracking|slow of|langsam gegen",
                "chronyc-tracking|Root delay|Verzögerung",
                "chronyc-tracking|0.013639022|-0.013639022",
                "chronyc-tracking|0.001100737|NaN",
                "chronyc-tracking|Stratum         : 3|Stratum         : 99999999999",
                "chronyc-tracking|Normal|Normalement",
                "chronyc-tracking|CB00710F|../../etc",
                "chronyc-csv|0.012345678|Infinity",
                "chronyc-csv|0.012345678|0x1p3",
                "chronyc-csv|198.51.100.123|a,b",
                "chronyc-csv|,Normal|,Normal,Normal",
                "ntpq-rv|offset=-0.075166|offset=--0.075166",
                "ntpq-rv|rootdelay=9.008|rootdelay=-9.008",
                "ntpq-rv|leap=00|leap=7",
                "ntpq-rv|associd=0|associd=1",
                "ntpq-rv|stratum=2|stratum=zwei",
                "timesync-status|Offset|Versatz",
                "timesync-status|2.345ms|2.345fortnights",
                "timesync-status|2.345ms|2.345",
                "timesync-status|2.345ms|2.345ms2.345ms",
                "timesync-status|23.456ms|99999999w",
                "pmc-time-status|310|three",
                "pmc-time-status|310|99999999999999999999999999999",
                "pmc-time-status|gmPresent                  true|gmPresent                  yes",
            })
    void numbersThatAreNoneMakeItNone(String name, String there, String instead) throws IOException {
        String text = output(name);
        assertThat(text).contains(there);
        assertThat(parse(name, text)).isPresent();
        assertThat(parse(name, text.replace(there, instead))).isEmpty();
    }

    @Test
    @Timeout(30)
    void hostileTextIsReadInTimeAndNeverThrows() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        String[] parts = {
            output("chronyc-tracking"),
            output("ntpq-rv"),
            output("timesync-status"),
            output("pmc-time-status"),
            output("chronyc-csv"),
            "=",
            "\"",
            ",",
            ":",
            "\0",
            "\u202e",
            "a".repeat(70_000),
            " ".repeat(70_000),
            ": ".repeat(40_000),
            "a=".repeat(40_000),
            "1".repeat(70_000),
            "1s ".repeat(30_000)
        };
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(6); k >= 0; k--) {
                String part = parts[random.nextInt(parts.length)];
                text.append(part, random.nextInt(part.length()), part.length());
            }
            for (Parser parser : PARSERS.values()) {
                parser.apply(text.toString()).ifPresent(status -> {
                    assertThat(status.reference()).hasSizeLessThanOrEqualTo(256).doesNotContainPattern("\\p{Cntrl}");
                    assertThat(status.uncertaintyNanos().orElse(0)).isNotNegative();
                });
            }
        }
        String longName = output("ntpq-rv").replace("192.0.2.46", "x".repeat(400) + "\u0007");
        assertThat(NtpqVariables.parse(longName).orElseThrow().reference()).isEqualTo("x".repeat(256));
    }
}
