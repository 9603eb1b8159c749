package io.varve.codec.column;

import io.varve.codec.bits.BitOutput;
import io.varve.codec.bits.BitPacking;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.bits.Patches;
import io.varve.codec.entropy.BinStage;
import io.varve.codec.entropy.ContextPlanner;
import io.varve.codec.entropy.ContextStage;
import io.varve.codec.entropy.PackedStage;
import io.varve.codec.entropy.PlaneStage;
import io.varve.codec.entropy.RepeatProbe;
import io.varve.codec.entropy.Stage;
import io.varve.codec.predict.CommonDivisor;
import io.varve.codec.predict.Prediction;
import io.varve.codec.predict.PredictionAnalysis;
import io.varve.codec.predict.PredictionPlan;
import io.varve.codec.predict.Predictor;
import org.jspecify.annotations.Nullable;

/**
 * Encodes a column of integers: takes first integer and common divisor out, analyses the predictors, and writes the
 * cheapest of packed bits, bins, planes, and mere patches over zeros, by computed size and the price of decoding.
 *
 * <p>Mutable scratch of the column's size: one thread at a time.
 */
public final class ColumnEncoder {

    /** What planes must save of the size, in parts of it: a frame decodes two to three times slower. */
    private static final int PLANES_PRICE = 12;

    /** What bins must save of the packed size: a table must be built, and codes decode at half the speed. */
    private static final int BINS_PRICE = 48;

    /** What contexts must save of the size of bins: four tables are built, and a code takes twice the time. */
    private static final int CONTEXTS_PRICE = 20;

    private static final int PRICE_BYTES = 4;

    /** Patches alone are as fast as anything if there is at most one for so many integers. */
    private static final int FEW_PATCHES = 8;

    /** More of them must save this part of the size: two columns are decoded. */
    private static final int PATCHES_PRICE = 16;

    /** Planes are tried if such a share of the residuals stands in runs that come again. */
    private static final double LEAST_REPEATS = 0.1;

    /** A column must have as many integers, and as many packed bytes, before anything but packing is tried. */
    private static final int LEAST_CODED = 12;

    private final int capacity;
    private final boolean nested;
    private final long[] x;
    private final long[] r;
    private final long[] listed;
    private final Patches patches;
    private final PredictionAnalysis analysis = new PredictionAnalysis();
    private final CodedAnalysis coded;
    private final RepeatProbe repeats = new RepeatProbe();
    private final PackedStage packed = new PackedStage();
    private final PlaneStage planes;
    private final BinStage bins;
    private final ContextPlanner contextPlanner;
    private final ContextStage contexts;
    private final byte[] trialBytes;
    private final PageWriter trial = new PageWriter();
    private final BitOutput trialBits = new BitOutput(trial);
    private @Nullable ColumnEncoder lists;

    private boolean quick;
    private long first;
    private long divisor;

    /** An encoder for so many integers. */
    public ColumnEncoder(int capacity) {
        this(capacity, false);
    }

    private ColumnEncoder(int capacity, boolean nested) {
        this.capacity = capacity;
        this.nested = nested;
        x = new long[capacity];
        r = new long[capacity];
        listed = new long[nested ? 0 : capacity];
        patches = new Patches(capacity);
        coded = new CodedAnalysis(capacity);
        planes = new PlaneStage(capacity, packed);
        bins = new BinStage(capacity);
        contextPlanner = new ContextPlanner(capacity);
        contexts = new ContextStage(capacity);
        // More than a column may take: what is too large is only found out by writing it.
        trialBytes = new byte[256 + 24 * capacity];
    }

    /** The most bytes that a column of so many integers can take. */
    public static int maxBytes(int count) {
        return 48 + count * 10;
    }

    /**
     * Writes a column.
     *
     * @param m the integers
     * @param offset where they start
     * @param count 1 or more
     * @param packedOnly whether to do without coders
     */
    public void encode(long[] m, int offset, int count, boolean packedOnly, PageWriter out) {
        quick = packedOnly;
        begin(m, offset, count);
        int start = out.length();
        if (packedOnly || count < LEAST_CODED) {
            analysis.analyse(x, count, r);
            PredictionPlan plan = analysis.packed();
            writePacked(plan.predictor(), plan.step(), plan.base(), plan.width(), count, out);
            return;
        }
        coded.analyse(x, count, r);
        CodedPlan plan = coded.plan();
        writePacked(plan.predictor(), plan.step(), plan.packedBase(), plan.packedWidth(), count, out);
        if (out.length() - start < LEAST_CODED) {
            return;
        }
        tryBins(count, out, start);
        tryPatchesAlone(count, out, start);
        tryPlanes(plan, count, out, start);
    }

    /**
     * What {@link #encode} would write, judged on a sample.
     *
     * @return estimated bits
     */
    public double estimate(long[] m, int offset, int count) {
        begin(m, offset, count);
        return coded.estimate(x, count);
    }

    /** The share of integers in runs that come again, if each takes so many bits: see {@link RepeatProbe}. */
    public double repeated(long[] m, int count, double bitsEach) {
        return repeats.share(m, count, bitsEach);
    }

    /** Takes first integer and common divisor out. */
    private void begin(long[] m, int offset, int count) {
        first = m[offset];
        for (int i = 0; i < count; i++) {
            x[i] = m[offset + i] - first;
        }
        divisor = CommonDivisor.takeOut(x, count);
    }

    private void writePacked(Predictor predictor, long step, long base, int width, int count, PageWriter out) {
        reduce(predictor, step, base, BitPacking.mask(width), count);
        writeHead(predictor, step, base, width == 0 ? Stage.ZERO : Stage.PACKED, out);
        if (width != 0) {
            packed.encode(r, count - predictor.given(), out);
        }
    }

    private void tryBins(int count, PageWriter out, int start) {
        CodedPlan plan = coded.plan();
        int size = out.length() - start;
        if (plan.bits() / Byte.SIZE > size - size / BINS_PRICE - PRICE_BYTES) {
            return;
        }
        trial.reset(trialBytes, 0);
        reduce(plan.predictor(), plan.step(), plan.base(), plan.limit(), count);
        writeHead(plan.predictor(), plan.step(), plan.base(), Stage.BINS, trial);
        int n = count - plan.predictor().given();
        trial.writeByte(plan.plainBits());
        BinStage.writeBins(plan.bins(), trial, trialBits);
        if (plan.plainBits() > 0) {
            packed.encodeLow(r, n, plan.plainBits(), trial);
            for (int i = 0; i < n; i++) {
                r[i] >>>= plan.plainBits();
            }
        }
        bins.encode(r, n, plan.bins(), trial);
        if (take(size - size / BINS_PRICE - PRICE_BYTES, out, start) && plan.plainBits() == 0) {
            tryContexts(plan, count, out, start);
        }
    }

    /** Codes that depend on the bin before, for the residuals as {@link #tryBins} left them. */
    private void tryContexts(CodedPlan plan, int count, PageWriter out, int start) {
        int n = count - plan.predictor().given();
        int limit = out.length() - start;
        limit -= limit / CONTEXTS_PRICE + PRICE_BYTES;
        double bits = contextPlanner.plan(r, n, plan.bins(), contexts.codes());
        if (bits >= (double) limit * Byte.SIZE) {
            return;
        }
        trial.reset(trialBytes, 0);
        writeHead(plan.predictor(), plan.step(), plan.base(), Stage.CONTEXTS, trial);
        contexts.writeCodes(trial, trialBits);
        contexts.encode(r, n, contextPlanner, trial);
        take(limit, out, start);
    }

    /** The most frequent residual as the base, all others as patches: for columns that mostly stand still. */
    private void tryPatchesAlone(int count, PageWriter out, int start) {
        CodedPlan plan = coded.plan();
        if (plan.frequency() * 2 < count) {
            return;
        }
        trial.reset(trialBytes, 0);
        reduce(plan.predictor(), plan.step(), plan.frequent(), 0, count);
        writeHead(plan.predictor(), plan.step(), plan.frequent(), Stage.ZERO, trial);
        int size = out.length() - start;
        boolean few = patches.size() * FEW_PATCHES <= count;
        take(few ? size : size - size / PATCHES_PRICE, out, start);
    }

    private void tryPlanes(CodedPlan plan, int count, PageWriter out, int start) {
        int width = Long.SIZE - Long.numberOfLeadingZeros(plan.limit());
        if (width == 0 || width > 2 * Byte.SIZE) {
            return;
        }
        int size = out.length() - start;
        reduce(plan.predictor(), plan.step(), plan.base(), plan.limit(), count);
        if (repeats.share(r, count - plan.predictor().given(), 8.0 * size / count) < LEAST_REPEATS) {
            return;
        }
        trial.reset(trialBytes, 0);
        writeHead(plan.predictor(), plan.step(), plan.base(), Stage.PLANES, trial);
        planes.encode(r, count - plan.predictor().given(), width, 0, trial);
        take(size - size / PLANES_PRICE - PRICE_BYTES, out, start);
    }

    /** Keeps the trial if it is smaller than the limit. */
    private boolean take(int limit, PageWriter out, int start) {
        if (trial.length() >= limit) {
            return false;
        }
        out.rewind(start);
        out.writeBytes(trialBytes, 0, trial.length());
        return true;
    }

    /** Residuals without base; those beyond the limit (unsigned) become patches. */
    private void reduce(Predictor predictor, long step, long base, long limit, int count) {
        Prediction.takeOut(predictor, x, 0, count, step, r);
        patches.clear();
        int n = count - predictor.given();
        if (limit == -1L) {
            for (int i = 0; i < n; i++) {
                r[i] -= base;
            }
            return;
        }
        for (int i = 0; i < n; i++) {
            long reduced = r[i] - base;
            if (Long.compareUnsigned(reduced, limit) > 0) {
                patches.add(i, reduced);
                reduced = 0;
            }
            r[i] = reduced;
        }
    }

    private void writeHead(Predictor predictor, long step, long base, Stage stage, PageWriter out) {
        boolean patched = patches.size() > 0;
        // Without residuals the divisor has nothing to divide but the parameters.
        boolean folded = stage == Stage.ZERO && !patched;
        long d = folded ? 1 : divisor;
        long scale = folded ? divisor : 1;
        out.writeByte(predictor.id()
                | stage.id() << ColumnLists.STAGE_SHIFT
                | (d != 1 ? ColumnLists.DIVISOR : 0)
                | (patched ? ColumnLists.PATCHES : 0));
        boolean absorbed = predictor.given() == 0;
        out.writeSigned(absorbed ? first + divisor * base : first);
        if (d != 1) {
            out.writeVarint(d);
        }
        switch (predictor) {
            case NONE -> {}
            case GRID -> out.writeSigned(step * scale);
            case DELTA -> out.writeSigned(base * scale);
            case DELTA_OF_DELTA -> {
                out.writeSigned(x[1] * scale);
                out.writeSigned(base * scale);
            }
        }
        if (patched) {
            writeList(patches, false, out);
        }
    }

    /**
     * Writes places and values: count; then gaps and values in pairs, or, if there are more than a few, as two columns.
     *
     * @param plain whether values in pairs are eight plain bytes: bits of doubles
     */
    public void writeList(Patches list, boolean plain, PageWriter out) {
        int size = list.size();
        out.writeVarint(size);
        if (nested || size <= ColumnLists.LONGEST_PLAIN) {
            int next = 0;
            for (int i = 0; i < size; i++) {
                out.writeVarint(list.place(i) - next);
                next = list.place(i) + 1;
                if (plain) {
                    out.writeLong(list.value(i));
                } else {
                    out.writeSigned(list.value(i));
                }
            }
            return;
        }
        if (lists == null) {
            lists = new ColumnEncoder(capacity, true);
        }
        long[] column = listed;
        int next = 0;
        for (int i = 0; i < size; i++) {
            column[i] = (long) list.place(i) - next;
            next = list.place(i) + 1;
        }
        lists.encode(column, 0, size, quick, out);
        for (int i = 0; i < size; i++) {
            column[i] = list.value(i);
        }
        lists.encode(column, 0, size, quick, out);
    }
}
