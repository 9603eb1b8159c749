package io.varve.codec;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.Patches;
import io.varve.codec.column.ColumnDecoder;
import io.varve.codec.number.NumberForm;
import io.varve.codec.number.NumberMode;
import io.varve.codec.number.Ulps;
import java.util.Arrays;

/** Decodes values, the counterpart of {@link ValueEncoder}. One thread at a time. */
public final class ValueDecoder {

    private final ColumnDecoder columns;
    private final NumberForm form = new NumberForm();
    private final Patches exceptions;
    private final Patches ulpList;
    private final long[] part = new long[ColumnDecoder.PART];
    private final long[] ulps;
    private final int mask;
    private int dictionarySize;
    private boolean anyUlps;
    private final double[] dictionary;

    /** A decoder for so many values, which reads its integers by a column decoder for as many. */
    public ValueDecoder(int capacity, ColumnDecoder columns) {
        this.columns = columns;
        exceptions = new Patches(capacity);
        ulpList = new Patches(capacity);
        ulps = new long[capacity];
        // A power of two: an index beyond is then some value, and is refused at the end.
        dictionary = new double[Integer.highestOneBit(2 * capacity - 1)];
        mask = dictionary.length - 1;
    }

    /** Number mode, predictor and stage of what was decoded last. */
    String description() {
        String text = dictionarySize > 0 ? "dictionary(" + dictionarySize + ") of " + form : form.toString();
        if (form.mode() == NumberMode.CONSTANT) {
            return text;
        }
        text += " " + PageCodec.name(columns.predictor()) + " " + PageCodec.name(columns.stage());
        return text + (anyUlps ? " ulps" : "") + (exceptions.size() > 0 ? " exceptions" : "");
    }

    /** Reads what follows the count of a page of values, up to where the reader's page ends. */
    public void decode(PageReader in, int count, double[] target, int offset) {
        dictionarySize = 0;
        int flags = form.read(in);
        switch (form.mode()) {
            case CONSTANT -> {
                requireNone(in, flags);
                Arrays.fill(target, offset, offset + count, readConstant(in));
            }
            case DICTIONARY -> {
                requireNone(in, flags);
                readDictionary(in, count, target, offset);
            }
            default -> readNumbers(in, flags, count, target, offset);
        }
    }

    private static void requireNone(PageReader in, int flags) {
        if (flags != 0) {
            throw in.malformed("rule: this mode has no flags, flags=" + flags);
        }
    }

    private void readDictionary(PageReader in, int count, double[] target, int offset) {
        int size = in.readVarint("dictionary", 1, count);
        dictionarySize = size;
        int flags = form.read(in);
        if (form.mode() == NumberMode.CONSTANT || form.mode() == NumberMode.DICTIONARY) {
            throw in.malformed("rule: a dictionary's numbers are neither constant nor a dictionary");
        }
        readNumbers(in, flags, size, dictionary, 0);
        columns.open(in, count);
        long wrong = 0;
        for (int from = 0; from < count; ) {
            int n = columns.next(part, 0);
            for (int i = 0; i < n; i++) {
                long index = part[i];
                wrong |= index | (size - 1 - index);
                target[offset + from + i] = dictionary[(int) index & mask];
            }
            from += n;
        }
        columns.close(in);
        if (wrong < 0) {
            throw in.malformed("rule: 0 <= index < " + size);
        }
    }

    private void readNumbers(PageReader in, int flags, int count, double[] target, int offset) {
        if ((flags & PageKinds.UNUSED) != 0) {
            throw in.malformed("rule: flags are known, flags=" + flags);
        }
        exceptions.clear();
        if ((flags & PageKinds.EXCEPTIONS) != 0) {
            columns.readList(in, true, count, exceptions);
        }
        ulpList.clear();
        if ((flags & PageKinds.ULP_LIST) != 0) {
            columns.readList(in, false, count, ulpList);
        }
        boolean near = (flags & PageKinds.ULPS) != 0;
        anyUlps = near || ulpList.size() > 0;
        if (near) {
            columns.decode(in, count, ulps, 0);
        }
        columns.open(in, count);
        for (int from = 0; from < count; ) {
            int n = columns.next(part, 0);
            form.decode(part, n, target, offset + from);
            if (near) {
                Ulps.add(ulps, from, n, target, offset + from);
            }
            from += n;
        }
        columns.close(in);
        Ulps.add(ulpList, target, offset);
        exceptions.applyTo(target, offset);
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
