package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Stamps on the wire: what is sent arrives, and foreign bytes are told, never thrown. */
class StageHeaderProperties {

    private static long[] times(Random random, int stages, int bits) {
        long[] times = new long[stages];
        times[0] = 1_700_000_000_000_000_000L + random.nextInt();
        long time = times[0];
        for (int i = 1; i < stages; i++) {
            time += random.nextLong() >>> 64 - (1 + random.nextInt(bits));
            times[i] = random.nextInt(5) == 0 ? Stamps.MISSING : time;
        }
        return times;
    }

    @Property(tries = 500)
    void fourStagesArriveToTheNanosecond(@ForAll Random random, @ForAll @IntRange(min = 2, max = 4) int stages) {
        long[] sent = times(random, stages, 60);
        byte[] bytes = new byte[StageHeader.MAX_BYTES + 3];
        int length = StageHeader.write(sent, stages, stages - 1, 0, bytes, 3);
        assertThat(length).isBetween(1, StageHeader.MAX_BYTES);
        long[] found = new long[stages];
        assertThat(StageHeader.read(bytes, 3, length, stages, found)).isNull();
        assertThat(found).isEqualTo(sent);
    }

    @Property(tries = 500)
    void moreStagesArriveAsWellAsTheyFit(@ForAll Random random, @ForAll @IntRange(min = 5, max = 8) int stages) {
        long[] sent = times(random, stages, 55);
        byte[] bytes = new byte[StageHeader.MAX_BYTES];
        int length = StageHeader.write(sent, stages, stages - 1, 0, bytes, 0);
        long[] found = new long[stages];
        assertThat(StageHeader.read(bytes, 0, length, stages, found)).isNull();
        long unit = 1L << bytes[2];
        for (int i = 0; i < stages; i++) {
            assertThat(found[i] == Stamps.MISSING).isEqualTo(sent[i] == Stamps.MISSING);
            assertThat(Math.abs(found[i] - sent[i])).isLessThanOrEqualTo(i * unit);
        }
        String text = StageHeader.text(bytes, length);
        assertThat(StageHeader.bytes(text)).isEqualTo(Arrays.copyOf(bytes, length));
    }

    @Property(tries = 500)
    void foreignBytesAreTold(@ForAll Random random, @ForAll @IntRange(max = 60) int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (length > 2 && random.nextBoolean()) {
            bytes[0] = 1;
            bytes[1] = 4;
            bytes[2] = (byte) random.nextInt(50);
        }
        long[] found = new long[4];
        String wrong = StageHeader.read(bytes, 0, length, 4, found);
        if (wrong == null) {
            for (int i = 1; i < 4; i++) {
                assertThat(found[i] == Stamps.MISSING || found[i] >= found[0]).isTrue();
            }
        } else {
            assertThat(wrong).isIn("length", "version", "stages", "shift", "number");
        }
    }
}
