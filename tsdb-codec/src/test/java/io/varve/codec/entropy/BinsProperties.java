package io.varve.codec.entropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.codec.bits.BitInput;
import io.varve.codec.bits.BitOutput;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.bits.RadixSort;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** For any residuals: bins cover them, codes are complete and short, and tables and streams come back. */
class BinsProperties {

    private static final int MAX = 3_000;

    private final BinPlanner planner = new BinPlanner(BinPlanner.IN_A_PAGE);
    private final BinStage stage = new BinStage(MAX);
    private final BinStage other = new BinStage(MAX);
    private final RadixSort sorting = new RadixSort(MAX);
    private final byte[] bytes = new byte[32_000];

    @Property(tries = 500)
    void aPlanCoversAllWithACompleteCode(@ForAll("residuals") long[] r) {
        Bins bins = new Bins();
        double bits = plan(r, bins);
        long kraft = 0;
        double members = 0;
        for (int i = 0; i < bins.size(); i++) {
            assertThat(bins.length[i]).isBetween((byte) (bins.size() > 1 ? 1 : 0), (byte) Bins.MAX_CODE);
            assertThat(bins.extra[i]).isBetween((byte) 0, (byte) Bins.MAX_EXTRA);
            kraft += 1L << (Bins.MAX_CODE - bins.length[i]);
        }
        assertThat(kraft).isEqualTo(1L << Bins.MAX_CODE);
        assertThat(bins.lower[0]).isZero();
        for (int i = 1; i < bins.size(); i++) {
            assertThat(bins.lower[i]).isGreaterThan(bins.lower[i - 1]);
        }
        BinFinder finder = new BinFinder();
        finder.prepare(bins);
        for (long residual : r) {
            int bin = bins.find(residual);
            assertThat(bin).isNotNegative();
            assertThat(finder.find(residual)).isEqualTo(bin);
            members += bins.length[bin] + bins.extra[bin];
        }
        assertThat(bins.find(-1)).isEqualTo(-1);
        assertThat(bins.find(Long.MAX_VALUE)).isEqualTo(-1);
        // A lower end that was moved down may take members of the bin before, so the plan's bits are an estimate.
        assertThat(bits).isCloseTo(bins.tableBits() + members, within(1e-6 + bits / 8));
    }

    @Property(tries = 500)
    void aTableComesBack(@ForAll("residuals") long[] r) {
        Bins bins = new Bins();
        plan(r, bins);
        PageWriter out = new PageWriter();
        out.reset(bytes, 2);
        BinStage.writeBins(bins, out, new BitOutput(out));
        assertThat(8.0 * out.length()).isLessThanOrEqualTo(bins.tableBits() + 8);
        PageReader in = new PageReader();
        in.reset(bytes, 2, out.length());
        Bins read = new Bins();
        BinStage.readBins(read, in, new BitInput());
        in.finish();
        int n = bins.size();
        assertThat(read.size()).isEqualTo(n);
        assertThat(Arrays.copyOf(read.lower, n)).isEqualTo(Arrays.copyOf(bins.lower, n));
        assertThat(Arrays.copyOf(read.extra, n)).isEqualTo(Arrays.copyOf(bins.extra, n));
        assertThat(Arrays.copyOf(read.length, n)).isEqualTo(Arrays.copyOf(bins.length, n));
        assertThat(bins.trimmed().decodeTable()).isEqualTo(read.decodeTable());
    }

    @Property(tries = 500)
    void streamsComeBackInParts(@ForAll("residuals") long[] r, @ForAll long seed) {
        Bins bins = new Bins();
        plan(r, bins);
        PageWriter out = new PageWriter();
        out.reset(bytes, 3);
        stage.encode(r, r.length, bins, out);
        int length = out.length();
        // Behind the streams stands something else, which is not theirs.
        Arrays.fill(bytes, 3 + length, 3 + length + 20, (byte) 0xa5);
        PageReader in = new PageReader();
        in.reset(bytes, 3, length + 20);
        Random random = new Random(seed);
        other.open(in, r.length, bins.decodeTable(), bins.longest());
        long[] part = new long[r.length];
        for (int done = 0; done < r.length; ) {
            int n = Math.min(r.length - done, BinStage.STEP * (1 + random.nextInt(100)));
            other.next(n, part);
            assertThat(Arrays.copyOf(part, n)).isEqualTo(Arrays.copyOfRange(r, done, done + n));
            done += n;
        }
        other.close(in);
        assertThat(in.remaining()).isEqualTo(20);
    }

    @Property(tries = 300)
    void residualsAreSortedFromTheSmallest(@ForAll long seed, @ForAll @IntRange(min = 1, max = MAX) int n) {
        Random random = new Random(seed);
        int shift = random.nextInt(64);
        long[] r = random.longs(n + 1L).map(v -> v >> shift).toArray();
        long[] sorted = Arrays.copyOf(sorting.sort(r, 1, n), n);
        long least = Arrays.stream(r).skip(1).min().orElseThrow();
        assertThat(sorting.least()).isEqualTo(least);
        long[] expected = Arrays.stream(r).skip(1).sorted().map(v -> v - least).toArray();
        assertThat(sorted).isEqualTo(expected);
    }

    private double plan(long[] r, Bins bins) {
        long[] sorted = r.clone();
        Arrays.sort(sorted);
        return planner.plan(sorted, r.length, 1, bins);
    }

    /** Multisets with a 0: few values, many, skewed, wide, of one to four streams. */
    @Provide
    Arbitrary<long[]> residuals() {
        Arbitrary<Integer> counts = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 40),
                Arbitraries.integers().between(41, 400),
                Arbitraries.integers().between(401, MAX),
                Arbitraries.of(95, 96, 97, 319, 320, 321, 1_024));
        return counts.flatMap(n -> Arbitraries.longs().map(seed -> generated(n, seed)));
    }

    private static long[] generated(int n, long seed) {
        Random random = new Random(seed);
        int kind = random.nextInt(5);
        int bits = random.nextInt(45);
        long mask = (1L << bits) - 1;
        int few = 1 + random.nextInt(300);
        long[] r = new long[n];
        for (int i = 0; i < n; i++) {
            r[i] = switch (kind) {
                case 0 -> random.nextLong() & mask;
                case 1 -> (random.nextInt(few) * 0x9e3779b97f4a7c15L >>> 7) & mask;
                case 2 -> (long) Math.min(0x1p43, Math.exp(3 * Math.abs(random.nextGaussian())));
                case 3 -> (random.nextLong() & mask) >>> random.nextInt(bits + 1);
                default -> random.nextInt(100) == 0 ? random.nextLong() & mask : 0;
            };
        }
        r[random.nextInt(n)] = 0;
        return r;
    }
}
