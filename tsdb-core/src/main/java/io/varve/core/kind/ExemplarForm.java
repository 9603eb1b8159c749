package io.varve.core.kind;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;

/**
 * An exemplar but its time as bytes: value (number), how many labels (varint), name and value of each (texts). One
 * exemplar has one form.
 */
public final class ExemplarForm {

    /** Most bytes that a form takes: those of the labels, and at most 12 of their number and the value. */
    public static final int MAX_BYTES = 1_024;

    private ExemplarForm() {}

    /** Adds the form of an exemplar. */
    public static void write(Exemplar exemplar, ByteSink out) {
        FormBytes.number(out, exemplar.value());
        Labels labels = exemplar.labels();
        out.varint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            FormBytes.text(out, labels.name(i));
            FormBytes.text(out, labels.value(i));
        }
    }

    /**
     * Reads a form.
     *
     * @throws MalformedPageException if the bytes are none
     */
    public static Exemplar read(long time, byte[] bytes, int offset, int length) {
        ByteSource in = FormBytes.source(bytes, offset, length);
        Exemplar exemplar = read(time, in);
        FormBytes.requireEnd(in);
        return exemplar;
    }

    /** Reads a form that may have something behind it. */
    public static Exemplar read(long time, ByteSource in) {
        double value = FormBytes.number(in);
        String[] pairs = new String[2 * in.varint(Math.min(Exemplar.MAX_CODE_POINTS, in.remaining() / 2))];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = FormBytes.text(in);
        }
        try {
            return new Exemplar(Labels.of(pairs), time, value);
        } catch (IllegalArgumentException e) {
            throw new MalformedPageException(in.position(), String.valueOf(e.getMessage()));
        }
    }
}
