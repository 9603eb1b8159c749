package io.varve.codec.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Each predictor alone, with any integers, parameters and divisor: arithmetic wraps, and nothing is lost. */
class PredictionProperties {

    private static final long ORIGIN = 17;

    @Property(tries = 1_000)
    void eachPredictorGivesBackWhatItTook(
            @ForAll Predictor predictor,
            @ForAll @Size(min = 2, max = 60) long[] x,
            @ForAll long step,
            @ForAll long base,
            @ForAll long divisor,
            @ForAll long parts) {
        x[0] = 0;
        long[] r = residuals(predictor, x, step, base);
        Restorer restorer = new Restorer();
        open(restorer, predictor, x[1], step, base, divisor);
        check(restore(restorer, predictor, r, x.length, parts), x, divisor);
    }

    @Property(tries = 500)
    void parametersMayComeFromElsewhere(
            @ForAll @Size(min = 2, max = 60) long[] x, @ForAll long base, @ForAll long divisor, @ForAll long parts) {
        x[0] = 0;
        Restorer restorer = new Restorer();
        for (Predictor predictor : new Predictor[] {Predictor.NONE, Predictor.DELTA, Predictor.DELTA_OF_DELTA}) {
            long[] r = residuals(predictor, x, 0, base);
            restorer.open(predictor, ORIGIN, divisor, x[1], base);
            check(restore(restorer, predictor, r, x.length, parts), x, divisor);
        }
    }

    @Property(tries = 300)
    void aPartOfTheResidualsIsThatPart(@ForAll Predictor predictor, @ForAll @Size(min = 12, max = 40) long[] x) {
        x[0] = 0;
        long[] whole = residuals(predictor, x, 5, 0);
        long[] part = new long[x.length];
        Prediction.takeOut(predictor, x, 4, 8, 5, part);
        assertThat(Arrays.copyOf(part, 8 - predictor.given()))
                .isEqualTo(Arrays.copyOfRange(whole, 4, 12 - predictor.given()));
    }

    @Property(tries = 1_000)
    void theCommonDivisorDividesAndIsTheGreatest(@ForAll @Size(min = 1, max = 40) int[] drawn, @ForAll short factor) {
        long[] x = new long[drawn.length];
        long[] expected = new long[drawn.length];
        for (int i = 1; i < x.length; i++) {
            x[i] = (long) drawn[i] * factor;
            expected[i] = x[i];
        }
        long divisor = CommonDivisor.takeOut(x, x.length);
        assertThat(divisor).isPositive();
        long left = 0;
        for (int i = 0; i < x.length; i++) {
            assertThat(x[i] * divisor).isEqualTo(expected[i]);
            left = greatest(left, Math.abs(x[i]));
        }
        assertThat(left).isLessThanOrEqualTo(1);
    }

    @Property(tries = 500)
    void anyLongsAreDividedWithoutLoss(@ForAll @Size(min = 1, max = 40) long[] x) {
        x[0] = 0;
        long[] expected = x.clone();
        long divisor = CommonDivisor.takeOut(x, x.length);
        for (int i = 0; i < x.length; i++) {
            assertThat(x[i] * divisor).isEqualTo(expected[i]);
        }
    }

    @Property(tries = 500)
    void thePackedPlanCountsWhatItLeaves(@ForAll @Size(min = 3, max = 200) short[] drawn, @ForAll boolean summed) {
        long[] x = new long[drawn.length];
        for (int i = 1; i < x.length; i++) {
            x[i] = (summed ? x[i - 1] : 0) + drawn[i];
        }
        PredictionAnalysis analysis = new PredictionAnalysis();
        analysis.analyse(x, x.length, new long[x.length]);
        PredictionPlan plan = analysis.packed();
        long[] r = residuals(plan.predictor(), x, plan.step(), plan.base());
        long within = Arrays.stream(r)
                .limit(x.length - (long) plan.predictor().given())
                .filter(v -> plan.width() < Long.SIZE && v >>> plan.width() == 0)
                .count();
        double patched = (double) x.length - plan.predictor().given() - within;
        // Each patch takes two bytes at least, each packed residual its width.
        assertThat(plan.bits()).isGreaterThanOrEqualTo(16 * patched);
        assertThat(plan.bits()).isLessThanOrEqualTo(17.0 * x.length + 16);
    }

    private static long[] residuals(Predictor predictor, long[] x, long step, long base) {
        long[] r = new long[x.length];
        Prediction.takeOut(predictor, x, 0, x.length, step, r);
        for (int i = 0; i < r.length; i++) {
            r[i] -= base;
        }
        return r;
    }

    private static void open(Restorer restorer, Predictor predictor, long slope, long step, long base, long divisor) {
        byte[] bytes = new byte[60];
        PageWriter out = new PageWriter();
        out.reset(bytes, 0);
        out.writeSigned(predictor.given() == 0 ? ORIGIN + divisor * base : ORIGIN);
        out.writeVarint(divisor);
        switch (predictor) {
            case NONE -> {}
            case GRID -> out.writeSigned(step);
            case DELTA -> out.writeSigned(base);
            case DELTA_OF_DELTA -> {
                out.writeSigned(slope);
                out.writeSigned(base);
            }
        }
        PageReader in = new PageReader();
        in.reset(bytes, 0, out.length());
        restorer.open(in, predictor, true);
        in.finish();
    }

    private static long[] restore(Restorer restorer, Predictor predictor, long[] r, int count, long seed) {
        Random random = new Random(seed);
        long[] target = new long[count + 2];
        int at = 1 + restorer.given(target, 1);
        assertThat(at - 1).isEqualTo(predictor.given());
        int done = 0;
        while (at <= count) {
            int n = Math.min(count + 1 - at, random.nextInt(1 + random.nextInt(20)));
            restorer.restore(Arrays.copyOfRange(r, done, done + n), n, target, at);
            done += n;
            at += n;
        }
        return target;
    }

    private static void check(long[] target, long[] x, long divisor) {
        assertThat(target[0] + target[x.length + 1]).isZero();
        for (int i = 0; i < x.length; i++) {
            assertThat(target[1 + i]).isEqualTo(ORIGIN + divisor * x[i]);
        }
    }

    private static long greatest(long a, long b) {
        return b == 0 ? a : greatest(b, a % b);
    }
}
