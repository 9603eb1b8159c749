package io.varve.core.telemetry.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.telemetry.clock.ClockReading.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClockWireTest {

    private static final long NOW = 1_795_000_000_123_456_789L;
    private static final ClockMessage PROBE = ClockMessage.probe(17, NOW);
    private static final ClockMessage ANSWER = PROBE.answer(NOW + 5_000_100, NOW + 5_000_211);

    private static byte[] checked(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 40);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(40, (int) crc.getValue());
        return bytes;
    }

    private static byte[] with(int at, long value) {
        byte[] bytes = ClockWire.encode(ANSWER);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
        return checked(bytes);
    }

    private static Fault fault(byte[] bytes) {
        ClockReading reading = ClockWire.decode(bytes, NOW);
        assertThat(reading.message()).isEmpty();
        return reading.fault();
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(ClockWire.encode(PROBE))
                .hasSameSizeAs(ClockWire.encode(ANSWER))
                .hasSize(44);
        for (ClockMessage message : new ClockMessage[] {PROBE, ANSWER, ClockMessage.probe(Long.MAX_VALUE, 0)}) {
            assertThat(ClockWire.decode(ClockWire.encode(message), NOW).message())
                    .contains(message);
            assertThat(ClockWire.parse(ClockWire.print(message), NOW).message()).contains(message);
            assertThat(ClockWire.parse(ClockWire.print(message), NOW).fault()).isEqualTo(Fault.NONE);
        }
        long day = NOW + ClockWire.AHEAD_NANOS;
        ClockMessage longest = new ClockMessage(Long.MAX_VALUE, Long.MAX_VALUE, true, Long.MAX_VALUE, Long.MAX_VALUE);
        assertThat(ClockWire.print(longest).length()).isLessThanOrEqualTo(ClockWire.LONGEST_TEXT);
        assertThat(ClockWire.parse(ClockWire.print(longest), Long.MAX_VALUE).message())
                .contains(longest);
        assertThat(ClockWire.decode(ClockWire.encode(ClockMessage.probe(1, day)), NOW)
                        .message())
                .isPresent();
    }

    @Test
    void anAnswerEndsTheExchangeOfItsProbeAlone() {
        assertThat(ANSWER.exchange(PROBE, NOW + 333))
                .contains(new ClockExchange(NOW, NOW + 5_000_100, NOW + 5_000_211, NOW + 333));
        assertThat(PROBE.exchange(PROBE, NOW)).isEmpty();
        assertThat(ANSWER.exchange(ANSWER, NOW)).isEmpty();
        assertThat(ANSWER.exchange(ClockMessage.probe(18, NOW), NOW)).isEmpty();
        assertThat(ANSWER.exchange(ClockMessage.probe(17, NOW + 1), NOW)).isEmpty();
    }

    @Test
    void aClockThatGoesBackWhileItAnswersHarmsNobody() {
        assertThat(PROBE.answer(500, 400)).isEqualTo(new ClockMessage(17, NOW, true, 500, 500));
        assertThat(PROBE.answer(-5, -9)).isEqualTo(new ClockMessage(17, NOW, true, 0, 0));
        assertThatThrownBy(() -> new ClockMessage(1, 1, false, 1, 1)).hasMessageContaining("remoteReceive=1");
        assertThatThrownBy(() -> ClockMessage.probe(-1, 1)).hasMessageContaining("sequence=-1");
    }

    @Test
    void everyCutIsTruncatedAndEveryFlippedBitIsNoticed() {
        byte[] bytes = ClockWire.encode(ANSWER);
        for (int length = 0; length < bytes.length; length++) {
            assertThat(fault(Arrays.copyOf(bytes, length))).isEqualTo(Fault.TRUNCATED);
        }
        assertThat(fault(Arrays.copyOf(bytes, 45))).isEqualTo(Fault.TOO_LONG);
        assertThat(fault(Arrays.copyOf(bytes, 1 << 20))).isEqualTo(Fault.TOO_LONG);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Fault expected = bit < 32 ? Fault.FOREIGN : bit < 40 ? Fault.UNKNOWN_VERSION : Fault.DAMAGED;
            assertThat(fault(flipped)).isEqualTo(expected);
        }
    }

    @Test
    void valuesThatCannotBeAreTold() {
        for (int at : new int[] {8, 16, 24, 32}) {
            assertThat(fault(with(at, -1))).isEqualTo(Fault.NEGATIVE);
            assertThat(fault(with(at, Long.MIN_VALUE))).isEqualTo(Fault.NEGATIVE);
        }
        for (int at : new int[] {16, 24, 32}) {
            assertThat(fault(with(at, Long.MAX_VALUE))).isEqualTo(Fault.FUTURE);
            assertThat(fault(with(at, NOW + ClockWire.AHEAD_NANOS + 1))).isEqualTo(Fault.FUTURE);
        }
        assertThat(fault(with(32, NOW))).isEqualTo(Fault.BACKWARDS);
        byte[] kind = ClockWire.encode(ANSWER);
        kind[5] = 2;
        assertThat(fault(checked(kind))).isEqualTo(Fault.FOREIGN);
        kind[5] = -1;
        assertThat(fault(checked(kind))).isEqualTo(Fault.FOREIGN);
        kind[5] = 0;
        assertThat(fault(checked(kind))).isEqualTo(Fault.FOREIGN);
        byte[] reserved = ClockWire.encode(ANSWER);
        reserved[7] = 1;
        assertThat(fault(checked(reserved))).isEqualTo(Fault.FOREIGN);
        assertThat(fault("HTTP/1.1 400 Bad Request".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Fault.FOREIGN);
    }

    @Test
    void noiseIsNeverAMessageAndNeverAnException() {
        SplittableRandom random = new SplittableRandom(5);
        byte[] sound = ClockWire.encode(ANSWER);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                System.arraycopy(sound, 0, bytes, 0, Math.min(bytes.length, random.nextInt(44)));
            }
            assertThat(fault(bytes)).isNotEqualTo(Fault.NONE);
            ClockWire.parse(new String(bytes, StandardCharsets.ISO_8859_1), NOW);
            ClockWire.parse(ClockWire.print(ANSWER).replace((char) ('0' + random.nextInt(10)), (char) i), NOW);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',FOREIGN",
        "1,TRUNCATED",
        "1;,TRUNCATED",
        "1;17,TRUNCATED",
        "1;17;5;6,TRUNCATED",
        "1;17;,TRUNCATED",
        "1;17;5;6;7;8,TOO_LONG",
        "2;17;5,UNKNOWN_VERSION",
        "2;anything,UNKNOWN_VERSION",
        "2,FOREIGN",
        "01;17;5,FOREIGN",
        "1;017;5,FOREIGN",
        "1;17;+5,FOREIGN",
        "'1;17; 5',FOREIGN",
        "'1;17;5 ',FOREIGN",
        "1;17;٥,FOREIGN",
        "1;17;1e9,FOREIGN",
        "1;-,FOREIGN",
        "text/html;q=1,FOREIGN",
        "1;17;-5,NEGATIVE",
        "1;-17;5,NEGATIVE",
        "1;17;9223372036854775808,HUGE",
        "1;17;99999999999999999999,HUGE",
        "1;17;9223372036854775807,FUTURE",
        "1;17;5;9;8,BACKWARDS"
    })
    void textThatIsNoMessageSaysWhy(String text, Fault fault) {
        ClockReading reading = ClockWire.parse(text, NOW);
        assertThat(reading.fault()).isEqualTo(fault);
        assertThat(reading.message()).isEmpty();
        assertThat(reading).hasToString(fault.name());
    }

    @ParameterizedTest
    @ValueSource(ints = {82, 1_000, 1_000_000})
    void longTextIsNotLookedAt(int length) {
        assertThat(ClockWire.parse("1;".repeat(length / 2), NOW).fault()).isEqualTo(Fault.TOO_LONG);
    }
}
