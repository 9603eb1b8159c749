package io.varve.codec.column;

import io.varve.codec.bits.BitInput;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.Patches;
import io.varve.codec.entropy.BinStage;
import io.varve.codec.entropy.Bins;
import io.varve.codec.entropy.PackedStage;
import io.varve.codec.entropy.PlaneStage;
import io.varve.codec.entropy.Stage;
import io.varve.codec.predict.Prediction;
import io.varve.codec.predict.Predictor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Decodes a column of integers, the counterpart of {@link ColumnEncoder}. One thread at a time. */
public final class ColumnDecoder {

    private final int capacity;
    private final boolean nested;
    private final long[] r;
    private final Patches patches;
    private final PackedStage packed = new PackedStage();
    private final PlaneStage planes;
    private final BinStage binStage;
    private final Bins bins = new Bins();
    private @Nullable ColumnDecoder lists;
    private @Nullable BitInput bits;
    private @Nullable PageReader bitsOf;

    private Predictor predictor = Predictor.NONE;
    private Stage stage = Stage.ZERO;

    /** A decoder for so many integers. */
    public ColumnDecoder(int capacity) {
        this(capacity, false);
    }

    private ColumnDecoder(int capacity, boolean nested) {
        this.capacity = capacity;
        this.nested = nested;
        r = new long[capacity];
        patches = new Patches(capacity);
        planes = new PlaneStage(capacity, packed);
        binStage = new BinStage(capacity);
    }

    /** Predictor of the column decoded last. */
    public Predictor predictor() {
        return predictor;
    }

    /** Stage of the column decoded last. */
    public Stage stage() {
        return stage;
    }

    /**
     * Decodes a column.
     *
     * @param count integers of the column, 1 or more
     * @param target has room for them from its offset on
     */
    public void decode(PageReader in, int count, long[] target, int offset) {
        int head = in.readByte();
        int stageId = head >>> ColumnLists.STAGE_SHIFT & ColumnLists.FIELD;
        if (!Predictor.isKnown(head & ColumnLists.FIELD) || !Stage.isKnown(stageId)) {
            throw in.malformed("rule: predictor and stage are known, byte=" + head);
        }
        predictor = Predictor.byId(head & ColumnLists.FIELD);
        stage = Stage.byId(stageId);
        boolean patched = (head & ColumnLists.PATCHES) != 0;
        int n = count - predictor.given();
        if (n < 0 || (n == 0 && (patched || stage != Stage.ZERO))) {
            throw in.malformed("rule: count >= given, count=" + count + ", predictor=" + predictor);
        }
        long origin = in.readSigned();
        long divisor = (head & ColumnLists.DIVISOR) != 0 ? in.readVarint() : 1;
        long parameter = predictor == Predictor.NONE ? 0 : in.readSigned() * divisor;
        long base = predictor == Predictor.DELTA_OF_DELTA ? in.readSigned() * divisor : 0;
        if (predictor == Predictor.GRID && stage == Stage.ZERO && !patched) {
            Prediction.restoreGrid(count, origin, parameter, target, offset);
            return;
        }
        readResiduals(in, n);
        if (patched) {
            readList(in, false, n, patches);
            patches.applyTo(r);
        }
        switch (predictor) {
            case NONE -> Prediction.restoreNone(r, count, origin, divisor, target, offset);
            case GRID -> Prediction.restoreGrid(r, count, origin, divisor, parameter, target, offset);
            case DELTA -> Prediction.restoreDelta(r, count, origin, divisor, parameter, target, offset);
            case DELTA_OF_DELTA ->
                Prediction.restoreDeltaOfDelta(r, count, origin, divisor, parameter, base, target, offset);
        }
    }

    private void readResiduals(PageReader in, int n) {
        switch (stage) {
            case ZERO -> Arrays.fill(r, 0, n, 0);
            case PACKED -> packed.decode(in, n, r);
            case PLANES -> planes.decode(in, n, r);
            case BINS -> readBins(in, n);
        }
    }

    private void readBins(PageReader in, int n) {
        int plainBits = in.readByte();
        if (plainBits >= Long.SIZE) {
            throw in.malformed("rule: plain bits < 64, plain=" + plainBits);
        }
        BinStage.readBins(bins, in, bitsOf(in));
        if (plainBits == 0) {
            binStage.decode(in, n, bins.decodeTable(), bins.longest(), r);
            return;
        }
        long[] low = lowBits();
        packed.decodeLow(in, n, plainBits, low);
        binStage.decode(in, n, bins.decodeTable(), bins.longest(), r);
        for (int i = 0; i < n; i++) {
            r[i] = r[i] << plainBits | low[i];
        }
    }

    private long @Nullable [] low;

    private long[] lowBits() {
        long[] kept = low;
        if (kept == null) {
            kept = new long[capacity];
            low = kept;
        }
        return kept;
    }

    private BitInput bitsOf(PageReader in) {
        BitInput kept = bits;
        if (kept == null || bitsOf != in) {
            kept = new BitInput(in);
            bits = kept;
            bitsOf = in;
        }
        return kept;
    }

    /**
     * Reads places and values, see {@link ColumnEncoder#writeList}.
     *
     * @param count of what the places are in
     */
    public void readList(PageReader in, boolean plain, int count, Patches list) {
        list.clear();
        int size = in.readVarint("list", 1, count);
        int next = 0;
        if (nested || size <= ColumnLists.LONGEST_PLAIN) {
            for (int i = 0; i < size; i++) {
                int place = next + in.readVarint("gap", 0, count - 1 - next);
                next = place + 1;
                list.add(place, plain ? in.readLong() : in.readSigned());
            }
            return;
        }
        ColumnDecoder columns = lists();
        long[] gaps = columns.places();
        columns.decode(in, size, gaps, 0);
        long[] values = columns.values();
        columns.decode(in, size, values, 0);
        for (int i = 0; i < size; i++) {
            long gap = gaps[i];
            if (gap < 0 || gap > count - 1 - next) {
                throw in.malformed("rule: 0 <= gap <= " + (count - 1 - next) + ", gap=" + gap);
            }
            list.add(next + (int) gap, values[i]);
            next += (int) gap + 1;
        }
    }

    private long @Nullable [] gapsOfList;
    private long @Nullable [] valuesOfList;

    private ColumnDecoder lists() {
        ColumnDecoder kept = lists;
        if (kept == null) {
            kept = new ColumnDecoder(capacity, true);
            lists = kept;
        }
        return kept;
    }

    private long[] places() {
        long[] kept = gapsOfList;
        if (kept == null) {
            kept = new long[capacity];
            gapsOfList = kept;
        }
        return kept;
    }

    private long[] values() {
        long[] kept = valuesOfList;
        if (kept == null) {
            kept = new long[capacity];
            valuesOfList = kept;
        }
        return kept;
    }
}
