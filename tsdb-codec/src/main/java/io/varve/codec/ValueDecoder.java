package io.varve.codec;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.Patches;
import io.varve.codec.column.ColumnDecoder;
import io.varve.codec.number.NumberForm;
import io.varve.codec.number.NumberMode;
import io.varve.codec.number.OrderedBits;
import java.util.Arrays;

/** Decodes values, the counterpart of {@link ValueEncoder}. One thread at a time. */
public final class ValueDecoder {

    private final ColumnDecoder columns;
    private final NumberForm form = new NumberForm();
    private final Patches exceptions;
    private final long[] integers;
    private final double[] dictionary;

    /** A decoder for so many values, which reads its integers by a column decoder for as many. */
    public ValueDecoder(int capacity, ColumnDecoder columns) {
        this.columns = columns;
        exceptions = new Patches(capacity);
        integers = new long[capacity];
        dictionary = new double[capacity];
    }

    /** Reads what follows the count of a page of values, up to where the reader's page ends. */
    public void decode(PageReader in, int count, double[] target, int offset) {
        int head = in.readByte();
        if (!NumberMode.isKnown(head & PageKinds.MODE) || (head & PageKinds.UNUSED) != 0) {
            throw in.malformed("rule: number mode is known, byte=" + head);
        }
        switch (NumberMode.byId(head & PageKinds.MODE)) {
            case CONSTANT -> {
                requireNoFlags(in, head);
                Arrays.fill(target, offset, offset + count, readConstant(in));
            }
            case DICTIONARY -> {
                requireNoFlags(in, head);
                readDictionary(in, count, target, offset);
            }
            default -> readNumbers(in, head, count, target, offset);
        }
    }

    private static void requireNoFlags(PageReader in, int head) {
        if ((head & ~PageKinds.MODE) != 0) {
            throw in.malformed("rule: this mode has no flags, byte=" + head);
        }
    }

    private void readDictionary(PageReader in, int count, double[] target, int offset) {
        int size = in.readVarint("dictionary", 1, count);
        int head = in.readByte();
        int mode = head & PageKinds.MODE;
        if (!NumberMode.isKnown(mode)
                || mode == NumberMode.DICTIONARY.id()
                || mode == NumberMode.CONSTANT.id()
                || (head & PageKinds.UNUSED) != 0) {
            throw in.malformed("rule: a dictionary's numbers are neither constant nor a dictionary, byte=" + head);
        }
        readNumbers(in, head, size, dictionary, 0);
        columns.decode(in, count, integers, 0);
        long all = 0;
        for (int i = 0; i < count; i++) {
            long index = integers[i];
            all |= index | (size - 1 - index);
            target[offset + i] = dictionary[(int) Math.min(Math.max(index, 0), size - 1)];
        }
        if (all < 0) {
            throw in.malformed("rule: 0 <= index < " + size);
        }
    }

    void readNumbers(PageReader in, int head, int count, double[] target, int offset) {
        readForm(in, NumberMode.byId(head & PageKinds.MODE));
        columns.decode(in, count, integers, 0);
        form.decode(integers, count, target, offset);
        if ((head & PageKinds.ULPS) != 0) {
            columns.decode(in, count, integers, 0);
            OrderedBits.add(integers, count, target, offset);
        }
        if ((head & PageKinds.EXCEPTIONS) != 0) {
            columns.readList(in, true, count, exceptions);
            exceptions.applyTo(target, offset);
        }
    }

    private void readForm(PageReader in, NumberMode mode) {
        int exponent = mode.hasExponent() ? in.readVarint("exponent", 1, NumberForm.MAX_EXPONENT) : 0;
        switch (mode) {
            case INTEGER -> form.integer();
            case DECIMAL -> form.decimal(exponent);
            case FLOAT_DECIMAL -> form.floatDecimal(exponent);
            case DIVIDED_TWICE -> form.dividedTwice(exponent, in.readVarint("exponent", 0, exponent));
            case MULTIPLE -> form.multiple(Double.longBitsToDouble(in.readLong()));
            default -> form.orderedBits();
        }
    }

    private static double readConstant(PageReader in) {
        int length = in.remaining();
        if (length > Long.BYTES) {
            throw in.malformed("rule: constant <= 8 bytes, length=" + length);
        }
        long bits = 0;
        for (int i = 0; i < length; i++) {
            bits |= (long) in.readByte() << (Long.SIZE - Byte.SIZE - Byte.SIZE * i);
        }
        return Double.longBitsToDouble(bits);
    }
}
