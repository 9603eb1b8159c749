package io.varve.codec.predict;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Each predictor alone, with any integers, parameters and divisor: arithmetic wraps, and nothing is lost. */
class PredictionProperties {

    @Property(tries = 500)
    void eachPredictorGivesBackWhatItTook(
            @ForAll Predictor predictor,
            @ForAll @Size(min = 2, max = 40) long[] x,
            @ForAll long step,
            @ForAll long base,
            @ForAll long divisor) {
        x[0] = 0;
        int count = x.length;
        long[] r = new long[count];
        Prediction.takeOut(predictor, x, count, step, r);
        for (int i = 0; i < count; i++) {
            r[i] -= base;
        }
        long[] target = new long[count + 1];
        long origin = 17;
        switch (predictor) {
            case NONE -> Prediction.restoreNone(r, count, origin + divisor * base, divisor, target, 1);
            case GRID -> Prediction.restoreGrid(r, count, origin + divisor * base, divisor, divisor * step, target, 1);
            case DELTA -> Prediction.restoreDelta(r, count, origin, divisor, divisor * base, target, 1);
            case DELTA_OF_DELTA ->
                Prediction.restoreDeltaOfDelta(r, count, origin, divisor, divisor * x[1], divisor * base, target, 1);
        }
        for (int i = 0; i < count; i++) {
            assertThat(target[1 + i]).isEqualTo(origin + divisor * x[i]);
        }
    }

    @Property(tries = 500)
    void theCommonDivisorDivides(@ForAll @Size(min = 1, max = 40) long[] x, @ForAll short factor) {
        x[0] = 0;
        long[] expected = new long[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] *= factor;
            expected[i] = x[i];
        }
        long divisor = CommonDivisor.takeOut(x, x.length);
        assertThat(divisor).isPositive();
        for (int i = 0; i < x.length; i++) {
            assertThat(x[i] * divisor).isEqualTo(expected[i]);
        }
    }
}
