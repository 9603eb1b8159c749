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

    /** Reads what follows the count and the model's number. */
    public void decode(PageReader in, CodingModel model, int count, double[] target, int offset) {
        Predictor predictor = model.predictor();
        int flags = in.readByte();
        int n = count - predictor.given();
        if (n < 1 || flags > (ModelEncoder.EXCEPTIONS | ModelEncoder.PATCHES)) {
            throw in.malformed(
                    "rule: a model's page has residuals and known flags, count=" + count + ", flags=" + flags);
        }
        long origin = model.origin() + in.readSigned();
        long slope = predictor == Predictor.DELTA_OF_DELTA ? in.readSigned() : 0;
        restorer.open(predictor, origin, model.divisor(), slope, model.base());
        exceptions.clear();
        patches.clear();
        if ((flags & ModelEncoder.EXCEPTIONS) != 0) {
            columns.readList(in, true, count, exceptions);
        }
        if ((flags & ModelEncoder.PATCHES) != 0) {
            columns.readList(in, false, n, patches);
        }
        bins.open(in, n, model.table(), model.bins().longest());
        form.set(model.form());
        int given = restorer.given(part, 0);
        int patch = 0;
        for (int done = 0; done < n; ) {
            int now =
                    Math.min(n - done, done == 0 ? (ColumnDecoder.PART - given) & -BinStage.STEP : ColumnDecoder.PART);
            bins.next(now, r);
            while (patch < patches.size() && patches.place(patch) < done + now) {
                r[patches.place(patch) - done] = patches.value(patch);
                patch++;
            }
            int ahead = done == 0 ? given : 0;
            restorer.restore(r, now, part, ahead);
            form.decode(part, now + ahead, target, offset + (done == 0 ? 0 : given + done));
            done += now;
        }
        bins.close(in);
        exceptions.applyTo(target, offset);
    }
}
