package io.varve.codec.model;

import io.varve.codec.bits.PageWriter;
import io.varve.codec.bits.Patches;
import io.varve.codec.column.ColumnEncoder;
import io.varve.codec.entropy.BinStage;
import io.varve.codec.number.NumberForm;
import io.varve.codec.predict.Prediction;
import io.varve.codec.predict.Predictor;

/** Encodes pages of values with a model. Mutable scratch: one thread at a time. */
public final class ModelEncoder {

    /** A page with more exceptions, or patches, than one value in so many does not fit its model. */
    private static final int MANY = 8;

    static final int EXCEPTIONS = 1;
    static final int PATCHES = 2;

    private final long[] x;
    private final long[] r;
    private final double[] back;
    private final Patches exceptions;
    private final Patches patches;
    private final BinStage bins;
    private final ColumnEncoder columns;

    /**
     * For pages of so many values.
     *
     * @param columns writes lists
     */
    public ModelEncoder(int capacity, ColumnEncoder columns) {
        this.columns = columns;
        x = new long[capacity];
        r = new long[capacity];
        back = new double[capacity];
        exceptions = new Patches(capacity);
        patches = new Patches(capacity);
        bins = new BinStage(capacity);
    }

    /** The most bytes that {@link #encode} writes. */
    public static int maxBytes(int count) {
        return 64 + 24 * count;
    }

    /**
     * Writes what follows the count and the model's number.
     *
     * @return whether the values fit the model; if not, nothing was written
     */
    public boolean encode(CodingModel model, double[] values, int offset, int count, PageWriter out) {
        Predictor predictor = model.predictor();
        if (count <= predictor.given() || !reduce(model.form(), values, offset, count)) {
            return false;
        }
        long divisor = model.divisor();
        long first = x[0];
        long origin = predictor.given() > 0
                ? first
                : model.origin() + (divisor == 1 ? 0 : Math.floorMod(first - model.origin(), divisor));
        for (int i = 0; i < count; i++) {
            long distance = x[i] - origin;
            x[i] = divisor == 1 ? distance : distance / divisor;
            if (divisor != 1 && x[i] * divisor != distance) {
                return false;
            }
        }
        Prediction.takeOut(predictor, x, 0, count, 0, r);
        int n = count - predictor.given();
        if (!cover(model, n)) {
            return false;
        }
        out.writeByte((exceptions.size() > 0 ? EXCEPTIONS : 0) | (patches.size() > 0 ? PATCHES : 0));
        out.writeSigned(origin - model.origin());
        if (predictor == Predictor.DELTA_OF_DELTA) {
            out.writeSigned(x[1]);
        }
        if (exceptions.size() > 0) {
            columns.writeList(exceptions, true, out);
        }
        if (patches.size() > 0) {
            columns.writeList(patches, false, out);
        }
        bins.encode(r, n, model.bins(), out);
        return true;
    }

    /** Integers of the values; what the form does not give back becomes an exception. */
    private boolean reduce(NumberForm form, double[] values, int offset, int count) {
        form.encode(values, offset, count, x);
        form.decode(x, count, back, 0);
        exceptions.clear();
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(values[offset + i]);
            if (bits != Double.doubleToRawLongBits(back[i])) {
                exceptions.add(i, bits);
                x[i] = i == 0 ? 0 : x[i - 1];
            }
        }
        if (exceptions.size() * MANY > count) {
            return false;
        }
        int leading = 0;
        while (leading < exceptions.size() && exceptions.place(leading) == leading) {
            leading++;
        }
        for (int i = 0; i < leading; i++) {
            x[i] = x[leading];
        }
        return true;
    }

    /** Residuals that no bin covers become patches. */
    private boolean cover(CodingModel model, int n) {
        patches.clear();
        long base = model.base();
        for (int i = 0; i < n; i++) {
            r[i] -= base;
            if (model.bins().find(r[i]) < 0) {
                patches.add(i, r[i]);
                r[i] = 0;
            }
        }
        return patches.size() * MANY <= n;
    }
}
