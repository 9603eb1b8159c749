package io.varve.codec.entropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.varve.codec.bits.BitInput;
import io.varve.codec.bits.BitOutput;
import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** For any residuals: codes by the bin before are complete, and tables and streams come back. */
class ContextProperties {

    private static final int MAX = 5_000;

    private final BinPlanner bins = new BinPlanner(BinPlanner.IN_A_PAGE);
    private final ContextPlanner planner = new ContextPlanner(MAX);
    private final ContextStage stage = new ContextStage(MAX);
    private final ContextStage other = new ContextStage(MAX);
    private final byte[] bytes = new byte[60_000];
    private final PageWriter out = new PageWriter();
    private final PageReader in = new PageReader();

    @Property(tries = 500)
    void columnsComeBackInParts(
            @ForAll long seed, @ForAll @IntRange(min = ContextPlanner.LEAST_COUNT, max = MAX) int count) {
        long[] r = residuals(seed, count);
        double bits = encode(r);
        Assume.that(bits != Double.POSITIVE_INFINITY);
        int length = out.length();
        // The table's and the streams' sizes are known beforehand, but for their padding and lengths.
        assertThat(8.0 * length).isCloseTo(bits, within(8.0 * 16));
        // Behind the streams stands something else, which is not theirs.
        Arrays.fill(bytes, 3 + length, 3 + length + 20, (byte) 0xa5);
        in.reset(bytes, 3, length + 20);
        other.readCodes(in, new BitInput());
        other.open(in, count);
        Random random = new Random(seed);
        long[] part = new long[count];
        for (int done = 0; done < count; ) {
            int n = Math.min(count - done, ContextStage.BLOCK * (1 + random.nextInt(3)));
            other.next(n, part);
            assertThat(Arrays.copyOf(part, n)).isEqualTo(Arrays.copyOfRange(r, done, done + n));
            done += n;
        }
        other.close(in);
        assertThat(in.remaining()).isEqualTo(20);
        assertThat(Arrays.stream(r).max().orElseThrow())
                .isLessThan(other.codes().end());
    }

    @Property(tries = 500)
    void damageIsNoticedOrHarmless(@ForAll long seed) {
        int count = 1_500;
        double bits = encode(residuals(seed, count));
        Assume.that(bits != Double.POSITIVE_INFINITY);
        Random random = new Random(seed);
        int length = out.length();
        bytes[3 + random.nextInt(Math.min(length, 60))] ^= (byte) (1 << random.nextInt(8));
        int cut = random.nextBoolean() ? length : random.nextInt(length);
        in.reset(bytes, 3, cut);
        Throwable thrown = catchThrowable(() -> {
            other.readCodes(in, new BitInput());
            other.open(in, count);
            other.next(count, new long[count]);
            other.close(in);
        });
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(MalformedPageException.class);
        }
    }

    private double encode(long[] r) {
        long[] sorted = r.clone();
        Arrays.sort(sorted);
        Bins planned = new Bins();
        bins.plan(sorted, r.length, 1, planned);
        double bits = planner.plan(r, r.length, planned, stage.codes());
        out.reset(bytes, 3);
        if (bits != Double.POSITIVE_INFINITY) {
            stage.writeCodes(out, new BitOutput(out));
            stage.encode(r, r.length, planner, out);
        }
        return bits;
    }

    /** Residuals whose size hangs on that of the one before, with a 0, from few bits to many. */
    private static long[] residuals(long seed, int count) {
        Random random = new Random(seed);
        int states = 1 + random.nextInt(6);
        int[] width = random.ints(states, 0, 1 + random.nextInt(41)).toArray();
        int change = 1 + random.nextInt(60);
        long[] r = new long[count];
        int state = 0;
        for (int i = 0; i < count; i++) {
            state = random.nextInt(change) == 0 ? random.nextInt(states) : state;
            r[i] = random.nextLong() >>> 1 & (1L << width[state]) - 1;
        }
        r[random.nextInt(count)] = 0;
        return r;
    }
}
