package io.varve.codec;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.Patches;
import io.varve.codec.column.ColumnDecoder;
import io.varve.codec.number.NumberForm;
import io.varve.codec.number.NumberMode;
import io.varve.codec.number.Ulps;
import io.varve.codec.predict.Predictor;
import java.util.Arrays;

/** Decodes values, the counterpart of {@link ValueEncoder}. One thread at a time. */
public final class ValueDecoder {

    /** Whether the compiler has no vectors for the conversion from long to double: it came with JDK 21. */
    private static final boolean CONVERTS_ONE_BY_ONE = Runtime.version().feature() < 21;

    private final ColumnDecoder columns;
    private final NumberForm form = new NumberForm();
    private final Patches exceptions;
    private final Patches ulpList;
    private final long[] part = new long[ColumnDecoder.PART];
    private final long[] ulps;
    private final int mask;
    private int dictionarySize;
    private boolean allHaveUlps;
    private boolean finite;
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
        return text + (allHaveUlps || ulpList.size() > 0 ? " ulps" : "") + (exceptions.size() > 0 ? " exceptions" : "");
    }

    /** Whether all values of the page decoded last are known to be finite; false where that is not known. */
    boolean isFinite() {
        return finite;
    }

    /** Reads what follows the count of a page of values, up to where the reader's page ends. */
    public void decode(PageReader in, int count, double[] target, int offset) {
        decode(in, count, 0, count, target, offset);
    }

    /**
     * Reads some of the values. If not the last one is wanted, the rest of the page is left unread.
     *
     * @param from the first value wanted
     * @param to the first one behind them
     */
    void decode(PageReader in, int count, int from, int to, double[] target, int offset) {
        dictionarySize = 0;
        int flags = form.read(in);
        switch (form.mode()) {
            case CONSTANT -> {
                requireNone(in, flags);
                double value = readConstant(in);
                finite = Double.isFinite(value);
                Arrays.fill(target, offset, offset + to - from, value);
            }
            case DICTIONARY -> {
                requireNone(in, flags);
                readDictionary(in, count, from, to, target, offset);
            }
            default -> {
                readBesides(in, flags, count);
                readNumbers(in, count, from, to, target, offset);
            }
        }
    }

    private static void requireNone(PageReader in, int flags) {
        if (flags != 0) {
            throw in.malformed("rule: this mode has no flags, flags=" + flags);
        }
    }

    private void readDictionary(PageReader in, int count, int from, int to, double[] target, int offset) {
        int size = in.readVarint("dictionary", 1, count);
        dictionarySize = size;
        int flags = form.read(in);
        if (form.mode() == NumberMode.CONSTANT || form.mode() == NumberMode.DICTIONARY) {
            throw in.malformed("rule: a dictionary's numbers are neither constant nor a dictionary");
        }
        readBesides(in, flags, size);
        readNumbers(in, size, 0, size, dictionary, 0);
        columns.open(in, count);
        long wrong = 0;
        for (int done = 0; done < to; ) {
            int n = columns.next(part, 0);
            wrong |= outside(n, size);
            int end = Math.min(n, to - done);
            for (int i = Math.max(0, from - done), at = offset + done + i - from; i < end; i++, at++) {
                target[at] = dictionary[(int) part[i] & mask];
            }
            done += n;
        }
        if (to == count) {
            columns.close(in);
        }
        if (wrong < 0) {
            throw in.malformed("rule: 0 <= index < " + size);
        }
    }

    /** Negative if an index of the part is. A loop of its own: with the look-ups in it compilers make it slower. */
    private long outside(int n, int size) {
        long wrong = 0;
        for (int i = 0; i < n; i++) {
            wrong |= part[i] | (size - 1 - part[i]);
        }
        return wrong;
    }

    /** Reads what stands before the integers: exceptions and distances in the last place. */
    private void readBesides(PageReader in, int flags, int count) {
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
        allHaveUlps = (flags & PageKinds.ULPS) != 0;
        if (allHaveUlps) {
            columns.decode(in, count, ulps, 0);
        }
    }

    private void readNumbers(PageReader in, int count, int from, int to, double[] target, int offset) {
        columns.open(in, count);
        if (CONVERTS_ONE_BY_ONE
                && from == 0
                && to == count
                && columns.predictor() == Predictor.DELTA
                && form.mode() != NumberMode.ORDERED_BITS) {
            readDifferences(count, target, offset);
        } else {
            readParts(from, to, target, offset);
        }
        if (to == count) {
            columns.close(in);
        }
        finite = form.isFinite() && !allHaveUlps && ulpList.size() == 0 && exceptions.size() == 0;
        Ulps.add(ulpList, from, to, target, offset);
        exceptions.applyTo(target, from, to, offset);
    }

    private void readDifferences(int count, double[] target, int offset) {
        for (int done = 0; done < count; ) {
            int at = offset + done;
            int n = columns.nextDoubles(target, at);
            form.finish(target, at, n);
            if (allHaveUlps) {
                Ulps.add(ulps, done, n, target, at);
            }
            done += n;
        }
    }

    private void readParts(int from, int to, double[] target, int offset) {
        for (int done = 0; done < to; ) {
            int n = columns.next(part, 0);
            int first = Math.max(0, from - done);
            int wanted = Math.min(n, to - done) - first;
            if (wanted > 0) {
                int at = offset + done + first - from;
                form.decode(part, first, wanted, target, at);
                if (allHaveUlps) {
                    Ulps.add(ulps, done + first, wanted, target, at);
                }
            }
            done += n;
        }
    }

    /**
     * Sums values up without turning each into a double, if the page's mode allows.
     *
     * @return whether it does; if not, nothing is summed up
     */
    boolean summarise(PageReader in, int count, PageSummary summary) {
        int flags = form.read(in);
        if (form.mode() == NumberMode.CONSTANT && flags == 0) {
            summary.add(readConstant(in), count);
            return true;
        }
        if (!form.isLinear() || flags != 0) {
            return false;
        }
        columns.open(in, count);
        for (int done = 0; done < count; ) {
            int n = columns.next(part, 0);
            summary.add(part, n);
            done += n;
        }
        columns.close(in);
        summary.scale(form);
        return true;
    }

    /**
     * Bounds that the page's head tells.
     *
     * @param bounds takes a value that none is below and one that none is above
     * @return whether it tells any
     */
    boolean bounds(PageReader in, int count, double[] bounds) {
        int flags = form.read(in);
        if (form.mode() == NumberMode.CONSTANT && flags == 0) {
            bounds[0] = readConstant(in);
            bounds[1] = bounds[0];
            return true;
        }
        if (!form.isLinear() || flags != 0) {
            return false;
        }
        columns.open(in, count);
        if (!columns.bounds(part)) {
            return false;
        }
        bounds[0] = form.decode(part[0]);
        bounds[1] = form.decode(part[1]);
        return true;
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
