package io.varve.codec.model;

import io.varve.codec.bits.BitInput;
import io.varve.codec.bits.BitOutput;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.entropy.BinStage;
import io.varve.codec.entropy.Bins;
import io.varve.codec.number.NumberForm;
import io.varve.codec.number.NumberMode;
import io.varve.codec.predict.Predictor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the pages of a group of similar series have in common: how integers become values, the predictor, the divisor,
 * and the bins of the residuals. A page that refers to a model holds an origin and its codes, no table. Immutable once
 * made; safe for any thread.
 *
 * <p>Shared tables for short blocks of similar data are what Zstandard's dictionaries are for text; here they are per
 * metric, and in terms of residuals.
 */
public final class CodingModel {

    /** Where the model of a page is looked up. */
    public interface Lookup {

        /** No models: for pages that stand alone. */
        Lookup NONE = number -> null;

        /** The model of a number, or null if there is none. */
        @Nullable
        CodingModel model(int number);
    }

    private final NumberForm form;
    private final Predictor predictor;
    private final long divisor;
    private final long origin;
    private final long base;
    private final Bins bins;

    CodingModel(NumberForm form, Predictor predictor, long divisor, long origin, long base, Bins bins) {
        this.form = form;
        this.predictor = predictor;
        this.divisor = divisor;
        this.origin = origin;
        this.base = base;
        this.bins = bins;
    }

    NumberForm form() {
        return form;
    }

    /** What is taken from each integer. */
    public Predictor predictor() {
        return predictor;
    }

    long divisor() {
        return divisor;
    }

    /** An integer from which those of the pages are not far. */
    long origin() {
        return origin;
    }

    /** What is taken from each residual. */
    long base() {
        return base;
    }

    Bins bins() {
        return bins;
    }

    /** Writes the model: see docs/format/page.md. */
    public void write(PageWriter out) {
        form.write(out, 0);
        out.writeByte(predictor.id());
        out.writeVarint(divisor);
        out.writeSigned(origin);
        out.writeSigned(base);
        BinStage.writeBins(bins, out, new BitOutput(out));
    }

    /**
     * Reads a model.
     *
     * @throws io.varve.codec.bits.MalformedPageException if there is none
     */
    public static CodingModel read(PageReader in) {
        NumberForm form = new NumberForm();
        int flags = form.read(in);
        if (flags != 0 || form.mode() == NumberMode.CONSTANT || form.mode() == NumberMode.DICTIONARY) {
            throw in.malformed(
                    "rule: a model's mode is a form without flags, mode=" + form.mode() + ", flags=" + flags);
        }
        int predictorId = in.readByte();
        if (!Predictor.isKnown(predictorId) || predictorId == Predictor.GRID.id()) {
            throw in.malformed("rule: a model's predictor is none or differences, predictor=" + predictorId);
        }
        long divisor = in.readVarint();
        if (divisor < 1) {
            throw in.malformed("rule: 1 <= a model's divisor < 2^63, divisor=" + divisor);
        }
        long origin = in.readSigned();
        long base = in.readSigned();
        Bins bins = new Bins();
        BinStage.readBins(bins, in, new BitInput());
        return new CodingModel(form, Predictor.byId(predictorId), divisor, origin, base, bins.trimmed());
    }

    @Override
    public String toString() {
        return (form.mode() + " " + predictor).toLowerCase(Locale.ROOT).replace('_', '-') + " " + bins.size() + " bins";
    }
}
