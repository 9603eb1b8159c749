package io.varve.codec;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.Patches;
import io.varve.codec.entropy.PackedStage;
import io.varve.codec.entropy.PlaneStage;
import io.varve.codec.entropy.Stage;
import io.varve.codec.predict.Prediction;
import io.varve.codec.predict.Predictor;
import java.util.Arrays;

/** Decodes a page's integers, the counterpart of {@link IntegerEncoder}. One thread at a time. */
final class IntegerDecoder {

    private final long[] r = new long[PageCodec.MAX_SAMPLES];
    private final Patches patches = new Patches(PageCodec.MAX_SAMPLES);
    private final PackedStage packed = new PackedStage();
    private final PlaneStage planes = new PlaneStage(PageCodec.MAX_SAMPLES, packed);

    /**
     * Decodes what follows the header, except for exceptions.
     *
     * @param target has room for the header's count from its offset on
     */
    void decode(PageHeader header, PageReader in, long[] target, int offset) {
        int count = header.count;
        Predictor predictor = header.predictor;
        long origin = in.readSigned();
        long divisor = header.hasDivisor ? in.readVarint() : 1;
        long parameter = predictor == Predictor.NONE ? 0 : in.readSigned() * divisor;
        long base = predictor == Predictor.DELTA_OF_DELTA ? in.readSigned() * divisor : 0;
        if (predictor == Predictor.GRID && header.stage == Stage.ZERO && !header.hasPatches) {
            Prediction.restoreGrid(count, origin, parameter, target, offset);
            return;
        }
        readResiduals(header, in, count - predictor.given());
        switch (predictor) {
            case NONE -> Prediction.restoreNone(r, count, origin, divisor, target, offset);
            case GRID -> Prediction.restoreGrid(r, count, origin, divisor, parameter, target, offset);
            case DELTA -> Prediction.restoreDelta(r, count, origin, divisor, parameter, target, offset);
            case DELTA_OF_DELTA ->
                Prediction.restoreDeltaOfDelta(r, count, origin, divisor, parameter, base, target, offset);
        }
    }

    private void readResiduals(PageHeader header, PageReader in, int n) {
        switch (header.stage) {
            case ZERO -> Arrays.fill(r, 0, n, 0);
            case PACKED -> packed.decode(in, n, r);
            case PLANES -> planes.decode(in, n, r);
        }
        if (header.hasPatches) {
            patches.read(in, false, n);
            patches.applyTo(r);
        }
    }
}
