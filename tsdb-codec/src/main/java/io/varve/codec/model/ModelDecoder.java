package io.varve.codec.model;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.Patches;
import io.varve.codec.column.ColumnDecoder;
import io.varve.codec.entropy.BinStage;
import io.varve.codec.number.NumberForm;
import io.varve.codec.predict.Predictor;
import io.varve.codec.predict.Restorer;

/** Decodes pages of values with their model, the counterpart of {@link ModelEncoder}. One thread at a time. */
public final class ModelDecoder {

    private final long[] r = new long[ColumnDecoder.PART];
    private final long[] part = new long[ColumnDecoder.PART];
    private final Patches exceptions;
    private final Patches patches;
    private final BinStage bins;
    private final Restorer restorer = new Restorer();
    private final ColumnDecoder columns;
    private final NumberForm form = new NumberForm();
    private final ModelTables tables = new ModelTables();

    /**
     * For pages of so many values.
     *
     * @param columns reads lists
     */
    public ModelDecoder(int capacity, ColumnDecoder columns) {
        this.columns = columns;
        exceptions = new Patches(capacity);
        patches = new Patches(capacity);
        bins = new BinStage(capacity);
    }

    /**
     * Reads what follows the count and the model's number, from one value to another. If not the last one is wanted,
     * the rest of the page is left unread.
     *
     * @param from the first value wanted
     * @param to the first one behind them
     */
    public void decode(PageReader in, CodingModel model, int count, int from, int to, double[] target, int offset) {
        Predictor predictor = model.predictor();
        int n = count - predictor.given();
        open(in, model, n, count);
        form.set(model.form());
        int patch = 0;
        int residuals = 0;
        for (int done = 0; done < to; ) {
            int given = done == 0 ? restorer.given(part, 0) : 0;
            int now = Math.min(n - residuals, (ColumnDecoder.PART - given) & -BinStage.STEP);
            bins.next(now, r);
            while (patch < patches.size() && patches.place(patch) < residuals + now) {
                r[patches.place(patch) - residuals] = patches.value(patch);
                patch++;
            }
            restorer.restore(r, now, part, given);
            residuals += now;
            int first = Math.max(0, from - done);
            int wanted = Math.min(now + given, to - done) - first;
            if (wanted > 0) {
                form.decode(part, first, wanted, target, offset + done + first - from);
            }
            done += now + given;
        }
        if (to == count) {
            bins.close(in);
        }
        exceptions.applyTo(target, from, to, offset);
    }

    /** Whether all values of the page decoded last are known to be finite; false where that is not known. */
    public boolean isFinite() {
        return form.isFinite() && exceptions.size() == 0;
    }

    private void open(PageReader in, CodingModel model, int n, int count) {
        int flags = in.readByte();
        if (n < 1 || flags > (ModelEncoder.EXCEPTIONS | ModelEncoder.PATCHES)) {
            throw in.malformed(
                    "rule: a model's page has residuals and known flags, count=" + count + ", flags=" + flags);
        }
        long origin = model.origin() + in.readSigned();
        long slope = model.predictor() == Predictor.DELTA_OF_DELTA ? in.readSigned() : 0;
        restorer.open(model.predictor(), origin, model.divisor(), slope, model.base());
        exceptions.clear();
        patches.clear();
        if ((flags & ModelEncoder.EXCEPTIONS) != 0) {
            columns.readList(in, true, count, exceptions);
        }
        if ((flags & ModelEncoder.PATCHES) != 0) {
            columns.readList(in, false, n, patches);
        }
        bins.open(in, n, tables.of(model), model.bins().longest());
    }
}
