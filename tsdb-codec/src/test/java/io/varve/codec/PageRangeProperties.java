package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.codec.model.CodingModel;
import java.math.BigDecimal;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A range of a page is that part of the whole, a summary is that of the values, and bounds hold. */
class PageRangeProperties {

    private final PageCodec best = new PageCodec();
    private final PageCodec fast = new PageCodec(Effort.FAST);
    private final PageCodec decoder = new PageCodec();

    @Property(tries = 600)
    void aRangeIsThatPart(
            @ForAll PageShapes shape,
            @ForAll @IntRange(min = 1, max = 9_000) int count,
            @ForAll @IntRange(max = 9_000) int a,
            @ForAll @IntRange(max = 9_000) int b,
            @ForAll long seed) {
        double[] values = shape.values(count, seed);
        int from = Math.min(a, b) % (count + 1);
        int to = Math.max(from, Math.max(a, b) % (count + 1));
        for (byte[] page : new byte[][] {PageChecks.values(best, values), PageChecks.values(fast, values)}) {
            checkRange(CodingModel.Lookup.NONE, page, values, from, to);
            checkRange(CodingModel.Lookup.NONE, page, values, from, count);
        }
    }

    @Property(tries = 200)
    void aRangeOfAPageWithAModelIsThatPart(
            @ForAll @IntRange(min = 2, max = 3_000) int count,
            @ForAll @IntRange(max = 3_000) int a,
            @ForAll long seed) {
        double[] values = PageShapes.WALK_TWO_DECIMALS.values(count, seed);
        values[count / 2] = Double.NaN;
        CodingModel model = GoldenPages.model();
        byte[] room = new byte[PageCodec.maxEncodedBytes(count)];
        int length = best.encodeValues(model, 1, values, 0, count, room, 0);
        if (length > 0) {
            int from = a % count;
            checkRange(n -> model, Arrays.copyOf(room, length), values, from, count);
            checkRange(n -> model, Arrays.copyOf(room, length), values, from, Math.min(count, from + 10));
        }
    }

    @Property(tries = 400)
    void summariesAndBoundsAreThoseOfTheValues(
            @ForAll PageShapes shape, @ForAll @IntRange(min = 1, max = 3_000) int count, @ForAll long seed) {
        double[] values = shape.values(count, seed);
        for (byte[] page : new byte[][] {PageChecks.values(best, values), PageChecks.values(fast, values)}) {
            checkSummary(page, values);
            double[] bounds = new double[2];
            if (decoder.bounds(page, 0, page.length, bounds)) {
                for (double value : values) {
                    assertThat(Double.isNaN(value) || (bounds[0] <= value && value <= bounds[1]))
                            .isTrue();
                }
            }
        }
    }

    private void checkRange(CodingModel.Lookup models, byte[] page, double[] values, int from, int to) {
        double[] target = new double[to - from + 2];
        assertThat(decoder.decodeValues(models, page, 0, page.length, from, to, target, 1))
                .isEqualTo(values.length);
        PageChecks.sameBits("range from " + from + " to " + to, Arrays.copyOfRange(values, from, to), target, 1);
        assertThat(target[0] + target[target.length - 1]).isZero();
    }

    private void checkSummary(byte[] page, double[] values) {
        PageSummary summary = new PageSummary();
        decoder.summarise(CodingModel.Lookup.NONE, page, 0, page.length, summary);
        double[] numbers =
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
        assertThat(summary.numbers()).isEqualTo(numbers.length);
        if (numbers.length == 0) {
            assertThat(summary.min()).isNaN();
            assertThat(summary.sum()).isZero();
            return;
        }
        assertThat(summary.min() == Arrays.stream(numbers).min().orElseThrow()).isTrue();
        assertThat(summary.max() == Arrays.stream(numbers).max().orElseThrow()).isTrue();
        boolean moderate = Arrays.stream(numbers).allMatch(value -> Math.abs(value) < 1e250);
        if (moderate) {
            BigDecimal sum = Arrays.stream(numbers).mapToObj(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
            double size = Arrays.stream(numbers).map(Math::abs).sum();
            assertThat(summary.sum()).isCloseTo(sum.doubleValue(), within(size * 0x1p-50 + Double.MIN_VALUE));
        }
    }
}
