package io.varve.codec.column;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.bits.Patches;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Columns and lists of any integers come back, at once or in parts, within the promised room. */
class ColumnProperties {

    private static final int CAPACITY = 5_000;
    private static final byte GUARD = 0x5a;

    private final ColumnEncoder encoder = new ColumnEncoder(CAPACITY);
    private final ColumnDecoder decoder = new ColumnDecoder(CAPACITY);
    private final PageWriter out = new PageWriter();
    private final PageReader in = new PageReader();

    @Property(tries = 1_500)
    void columnsComeBack(@ForAll("columns") long[] column, @ForAll boolean packedOnly) {
        int count = column.length;
        byte[] bytes = new byte[ColumnEncoder.maxBytes(count) + 2];
        Arrays.fill(bytes, GUARD);
        long[] source = new long[count + 3];
        System.arraycopy(column, 0, source, 2, count);
        out.reset(bytes, 1);
        encoder.encode(source, 2, count, packedOnly, out);
        assertThat(out.length()).isLessThanOrEqualTo(ColumnEncoder.maxBytes(count));
        assertThat(bytes[0]).isEqualTo(GUARD);
        assertThat(bytes[bytes.length - 1]).isEqualTo(GUARD);

        long[] whole = new long[count + 2];
        in.reset(bytes, 1, out.length());
        decoder.decode(in, count, whole, 1);
        in.finish();
        assertThat(whole[0] + whole[count + 1]).isZero();
        assertThat(Arrays.copyOfRange(whole, 1, count + 1)).isEqualTo(column);

        long[] part = new long[ColumnDecoder.PART];
        in.reset(bytes, 1, out.length());
        decoder.open(in, count);
        for (int done = 0; done < count; ) {
            int n = decoder.next(part, 0);
            assertThat(n).isBetween(1, Math.min(ColumnDecoder.PART, count - done));
            assertThat(Arrays.copyOf(part, n)).isEqualTo(Arrays.copyOfRange(column, done, done + n));
            done += n;
        }
        decoder.close(in);
        in.finish();
    }

    @Property(tries = 500)
    void listsComeBack(
            @ForAll @IntRange(min = 1, max = CAPACITY) int drawn,
            @ForAll boolean few,
            @ForAll boolean plain,
            @ForAll long seed) {
        Random random = new Random(seed);
        int size = few ? 1 + drawn % 12 : drawn;
        int count = size + random.nextInt(CAPACITY - size + 1);
        int shift = random.nextInt(64);
        Patches list = new Patches(CAPACITY);
        for (int place = 0, left = size; left > 0; place++) {
            if (random.nextInt(count - place) < left) {
                list.add(place, random.nextLong() >> shift);
                left--;
            }
        }
        byte[] bytes = new byte[2 * ColumnEncoder.maxBytes(size) + 16];
        out.reset(bytes, 0);
        encoder.writeList(list, plain, out);
        in.reset(bytes, 0, out.length());
        Patches read = new Patches(CAPACITY);
        decoder.readList(in, plain, count, read);
        in.finish();
        assertThat(read.size()).isEqualTo(size);
        for (int i = 0; i < size; i++) {
            assertThat(read.place(i)).isEqualTo(list.place(i));
            assertThat(read.value(i)).isEqualTo(list.value(i));
        }
    }

    @Property(tries = 300)
    void anEstimateIsNearWhatIsWritten(@ForAll @IntRange(min = 500, max = CAPACITY) int count, @ForAll long seed) {
        Random random = new Random(seed);
        double scale = Math.exp(random.nextInt(12));
        long[] column = new long[count];
        for (int i = 0; i < count; i++) {
            column[i] = Math.round(scale * random.nextGaussian());
        }
        byte[] bytes = new byte[ColumnEncoder.maxBytes(count)];
        out.reset(bytes, 0);
        encoder.encode(column, 0, count, false, out);
        double estimated = encoder.estimate(column, 0, count) / Byte.SIZE;
        assertThat(estimated).isBetween(0.75 * out.length() - 24, 1.25 * out.length() + 24);
    }

    @Provide
    Arbitrary<long[]> columns() {
        Arbitrary<Integer> counts = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 30),
                Arbitraries.integers().between(1, 600),
                Arbitraries.integers().between(600, CAPACITY),
                Arbitraries.of(11, 12, 512, 1_023, 1_024, 1_025, 1_026, 1_536, 2_048, 2_050));
        return counts.flatMap(n -> Arbitraries.longs().map(seed -> generated(n, seed)));
    }

    private static final long[] SPECIAL = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE, 1L << 44};

    private static long[] generated(int n, long seed) {
        Random random = new Random(seed);
        int kind = random.nextInt(12);
        int shift = random.nextInt(64);
        int outliers = 1 + random.nextInt(100);
        long factor = random.nextBoolean() ? 1 : 1 + random.nextInt(10_000);
        long step = random.nextLong() >> shift;
        long[] column = new long[n];
        long last = random.nextLong();
        long slope = 0;
        for (int i = 0; i < n; i++) {
            long noise = random.nextLong() >> shift;
            boolean outlier = random.nextInt(outliers) == 0;
            long next =
                    switch (kind) {
                        case 0 -> noise;
                        case 1 -> SPECIAL[random.nextInt(SPECIAL.length)];
                        case 2 -> last + noise;
                        case 3 -> last + (slope += noise);
                        case 4 -> outlier ? random.nextLong() : 5;
                        case 5 -> outlier ? random.nextLong() : random.nextInt(100);
                        case 6 -> step * i + random.nextInt(9);
                        case 7 -> step * i + (outlier ? noise : 0);
                        case 8 -> i < 50 ? random.nextInt(200) : column[i - 50];
                        case 9 -> outlier ? last + noise : last;
                        case 10 -> Math.round(1_000 * random.nextGaussian());
                        default -> (i / 40) * step;
                    };
            last = next;
            column[i] = next * factor;
        }
        return column;
    }
}
