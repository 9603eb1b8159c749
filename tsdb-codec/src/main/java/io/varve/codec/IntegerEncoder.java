package io.varve.codec;

import io.varve.codec.bits.PageWriter;
import io.varve.codec.bits.Patches;
import io.varve.codec.entropy.PackedStage;
import io.varve.codec.entropy.PlaneStage;
import io.varve.codec.entropy.Stage;
import io.varve.codec.predict.CommonDivisor;
import io.varve.codec.predict.Prediction;
import io.varve.codec.predict.PredictionAnalysis;
import io.varve.codec.predict.PredictionPlan;

/**
 * Encodes a page's integers: takes origin and common divisor out, analyses the predictors once, writes the page packed,
 * and, if an entropy coder promises to save more than its price, as planes too; the smaller one stays.
 *
 * <p>Mutable scratch of the page's size: one thread at a time.
 */
final class IntegerEncoder {

    /** What a coded page must save of the packed size, in parts of it: it decodes two to three times slower. */
    private static final int PRICE_PART = 32;

    /** And in bytes, so that short pages stay cheap to read. */
    private static final int PRICE_BYTES = 16;

    /** A page must have as many packed bytes before planes are tried: a frame alone takes a dozen. */
    private static final int LEAST_CODED = 48;

    private static final int PLANE_BITS = 8;

    private final long[] x = new long[PageCodec.MAX_SAMPLES];
    private final long[] r = new long[PageCodec.MAX_SAMPLES];
    private final Patches patches = new Patches(PageCodec.MAX_SAMPLES);
    private final PredictionAnalysis analysis = new PredictionAnalysis();
    private final PackedStage packed = new PackedStage();
    private final PlaneStage planes = new PlaneStage(PageCodec.MAX_SAMPLES, packed);
    // More than a page may take: what is too large is only found out by writing it.
    private final byte[] trialBytes = new byte[2 * PageCodec.maxEncodedBytes(PageCodec.MAX_SAMPLES)];
    private final PageWriter trial = new PageWriter();

    private long first;
    private long divisor;

    /**
     * Writes a page.
     *
     * @param header with kind, count, mode and exponent set; the rest is set here
     * @param m the integers
     * @param exceptions what number mode could not express; may be empty
     */
    void encode(PageHeader header, long[] m, Patches exceptions, PageWriter out) {
        int count = header.count;
        first = m[0];
        for (int i = 0; i < count; i++) {
            x[i] = m[i] - first;
        }
        divisor = CommonDivisor.takeOut(x, count);
        analysis.analyse(x, count, r);
        header.hasExceptions = exceptions.size() > 0;

        int start = out.length();
        PredictionPlan plan = analysis.packed();
        reduce(plan, count);
        writePage(header, plan, plan.width() == 0 ? Stage.ZERO : Stage.PACKED, 0, exceptions, out);
        int size = out.length() - start;
        PredictionPlan coded = analysis.coded();
        if (size < LEAST_CODED || (plan.width() == 0 && patches.size() == 0) || coded.width() == 0) {
            return;
        }
        boolean promising = coded.bits() < 8.0 * affordable(size);
        int plainBits = Math.max(0, coded.width() - PLANE_BITS);
        if (promising || coded.repeats()) {
            size = tryPlanes(header, coded, plainBits, exceptions, out, start, affordable(size), size);
        }
        if (plainBits > 0 && coded.repeats()) {
            tryPlanes(header, coded, 0, exceptions, out, start, affordable(size), size);
        }
    }

    private static int affordable(int size) {
        return size - size / PRICE_PART - PRICE_BYTES;
    }

    private int tryPlanes(
            PageHeader header,
            PredictionPlan plan,
            int plainBits,
            Patches exceptions,
            PageWriter out,
            int start,
            int affordable,
            int size) {
        reduce(plan, header.count);
        trial.reset(trialBytes, 0);
        writePage(header, plan, Stage.PLANES, plainBits, exceptions, trial);
        if (trial.length() >= affordable) {
            return size;
        }
        out.rewind(start);
        out.writeBytes(trialBytes, 0, trial.length());
        return trial.length();
    }

    /** Residuals without base; those that do not fit become patches. */
    private void reduce(PredictionPlan plan, int count) {
        Prediction.takeOut(plan.predictor(), x, count, plan.step(), r);
        patches.clear();
        int n = count - plan.predictor().given();
        long base = plan.base();
        int width = plan.width();
        if (width == Long.SIZE) {
            for (int i = 0; i < n; i++) {
                r[i] -= base;
            }
            return;
        }
        for (int i = 0; i < n; i++) {
            long reduced = r[i] - base;
            if (reduced >>> width != 0) {
                patches.add(i, reduced);
                reduced = 0;
            }
            r[i] = reduced;
        }
    }

    private void writePage(
            PageHeader header, PredictionPlan plan, Stage stage, int plainBits, Patches exceptions, PageWriter out) {
        header.predictor = plan.predictor();
        header.stage = stage;
        header.hasPatches = patches.size() > 0;
        // Without residuals the divisor has nothing to divide but the parameters.
        boolean folded = stage == Stage.ZERO && !header.hasPatches;
        long d = folded ? 1 : divisor;
        long scale = folded ? divisor : 1;
        header.hasDivisor = d != 1;
        header.write(out);
        boolean absorbed = plan.predictor().given() == 0;
        out.writeSigned(absorbed ? first + divisor * plan.base() : first);
        if (header.hasDivisor) {
            out.writeVarint(d);
        }
        switch (plan.predictor()) {
            case NONE -> {}
            case GRID -> out.writeSigned(plan.step() * scale);
            case DELTA -> out.writeSigned(plan.base() * scale);
            case DELTA_OF_DELTA -> {
                out.writeSigned(x[1] * scale);
                out.writeSigned(plan.base() * scale);
            }
        }
        int n = header.count - plan.predictor().given();
        switch (stage) {
            case ZERO -> {}
            case PACKED -> packed.encode(r, n, out);
            case PLANES -> planes.encode(r, n, plan.width(), plainBits, out);
        }
        if (header.hasPatches) {
            patches.write(out, false);
        }
        if (header.hasExceptions) {
            exceptions.write(out, true);
        }
    }
}
