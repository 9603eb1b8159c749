package io.varve.codec.column;

import io.varve.codec.bits.BitInput;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.Patches;
import io.varve.codec.entropy.BinStage;
import io.varve.codec.entropy.Bins;
import io.varve.codec.entropy.ContextStage;
import io.varve.codec.entropy.PackedStage;
import io.varve.codec.entropy.PlaneStage;
import io.varve.codec.entropy.Stage;
import io.varve.codec.predict.Predictor;
import io.varve.codec.predict.Restorer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes columns of integers, the counterpart of {@link ColumnEncoder}: in one go, or part by part, so that what is
 * done to the integers next finds them in the first cache. One thread at a time.
 */
public final class ColumnDecoder {

    /** Most integers of a part. */
    public static final int PART = 1_024;

    private final int capacity;
    private final boolean nested;
    private final long[] r = new long[PART];
    private final long[] part = new long[PART];
    private final Patches patches;
    private final Restorer restorer = new Restorer();
    private final PackedStage packed = new PackedStage();
    private final PlaneStage planes;
    private final BinStage binStage;
    private final ContextStage contexts;
    private final Bins bins = new Bins();
    private final BitInput bits = new BitInput();
    private long @Nullable [] whole;
    private @Nullable ColumnDecoder lists;

    private Predictor predictor = Predictor.NONE;
    private Stage stage = Stage.ZERO;
    private int plainBits;
    private int residuals;
    private int done;
    private int patch;
    private boolean zeros;

    /** A decoder for so many integers. */
    public ColumnDecoder(int capacity) {
        this(capacity, false);
    }

    private ColumnDecoder(int capacity, boolean nested) {
        this.capacity = capacity;
        this.nested = nested;
        patches = new Patches(capacity);
        planes = new PlaneStage(capacity, packed);
        binStage = new BinStage(capacity);
        contexts = new ContextStage(capacity);
    }

    /** Predictor of the column opened last. */
    public Predictor predictor() {
        return predictor;
    }

    /** Stage of the column opened last. */
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
        open(in, count);
        for (int from = 0; from < count; ) {
            from += next(target, offset + from);
        }
        close(in);
    }

    /** Begins a column of so many integers, 1 or more. */
    public void open(PageReader in, int count) {
        int head = in.readByte();
        int stageId = (head >>> ColumnLists.STAGE_SHIFT) & ColumnLists.FIELD;
        if (!Predictor.isKnown(head & ColumnLists.FIELD) || !Stage.isKnown(stageId)) {
            throw in.malformed("rule: predictor and stage are known, byte=" + head);
        }
        predictor = Predictor.byId(head & ColumnLists.FIELD);
        stage = Stage.byId(stageId);
        boolean patched = (head & ColumnLists.PATCHES) != 0;
        residuals = count - predictor.given();
        if (residuals < 0 || (residuals == 0 && (patched || stage != Stage.ZERO))) {
            throw in.malformed("rule: count >= given, count=" + count + ", predictor=" + predictor);
        }
        restorer.open(in, predictor, (head & ColumnLists.DIVISOR) != 0);
        done = 0;
        patch = 0;
        if (patched) {
            readList(in, false, residuals, patches);
        } else {
            patches.clear();
        }
        openStage(in);
    }

    private void openStage(PageReader in) {
        switch (stage) {
            case ZERO -> zeros = false;
            case PACKED -> packed.open(in, residuals);
            case PLANES -> planes.decode(in, residuals, whole());
            case BINS -> {
                plainBits = in.readByte();
                if (plainBits >= Long.SIZE) {
                    throw in.malformed("rule: plain bits < 64, plain=" + plainBits);
                }
                bits.begin(in);
                BinStage.readBins(bins, in, bits);
                if (plainBits > 0) {
                    packed.decodeLow(in, residuals, plainBits, whole());
                }
                binStage.open(in, residuals, bins.decodeTable(), bins.longest());
            }
            case CONTEXTS -> {
                bits.begin(in);
                contexts.readCodes(in, bits);
                contexts.open(in, residuals);
            }
        }
    }

    /**
     * Decodes the next part of a column.
     *
     * @param target has room for {@link #PART} integers or all that are left
     * @return how many were decoded
     */
    public int next(long[] target, int offset) {
        int given = done == 0 ? restorer.given(target, offset) : 0;
        int n = Math.min(PART - given, residuals - done);
        n = nextResiduals(n);
        if (patch < patches.size()) {
            applyPatches(n);
        }
        restorer.restore(r, n, target, offset + given);
        done += n;
        return n + given;
    }

    /**
     * Decodes the next part of a column of differences, as doubles; other columns have no such way.
     *
     * @param target has room for {@link #PART} integers or all that are left
     * @return how many were decoded
     */
    public int nextDoubles(double[] target, int offset) {
        int given = done == 0 ? restorer.given(part, 0) : 0;
        if (given > 0) {
            target[offset] = part[0];
        }
        int n = nextResiduals(Math.min(PART - given, residuals - done));
        if (patch < patches.size()) {
            applyPatches(n);
        }
        restorer.restoreDelta(r, n, target, offset + given);
        done += n;
        return n + given;
    }

    private int nextResiduals(int most) {
        switch (stage) {
            case ZERO -> {
                if (!zeros) {
                    Arrays.fill(r, 0);
                    zeros = true;
                }
            }
            case PACKED -> {
                return most == 0 ? 0 : packed.next(r, most);
            }
            case PLANES -> System.arraycopy(whole(), done, r, 0, most);
            case BINS -> {
                // Streams take turns by fours.
                int n = most == residuals - done ? most : most & -BinStage.STEP;
                binStage.next(n, r);
                if (plainBits > 0) {
                    long[] low = whole();
                    for (int i = 0; i < n; i++) {
                        r[i] = r[i] << plainBits | low[done + i];
                    }
                }
                return n;
            }
            case CONTEXTS -> {
                int n = most == residuals - done ? most : most & -ContextStage.BLOCK;
                contexts.next(n, r);
                return n;
            }
        }
        return most;
    }

    private void applyPatches(int n) {
        int end = done + n;
        int first = patch;
        while (patch < patches.size() && patches.place(patch) < end) {
            r[patches.place(patch) - done] = patches.value(patch);
            patch++;
        }
        zeros &= patch == first;
    }

    /**
     * Bounds of the integers that the column's head tells, without decoding any: after {@link #open}.
     *
     * @param bounds takes an integer that none is below and one that none is above
     * @return whether it tells any: only columns of plain offsets without patches do
     */
    public boolean bounds(long[] bounds) {
        if (patches.size() > 0) {
            return false;
        }
        long largest =
                switch (stage) {
                    case ZERO -> 0;
                    case PACKED -> packed.largest();
                    case BINS -> plainBits == 0 ? bins.end() - 1 : -1;
                    case CONTEXTS -> contexts.codes().end() - 1;
                    case PLANES -> -1;
                };
        return largest >= 0 && restorer.bounds(residuals, largest, bounds);
    }

    /** Ends a column of which all has been decoded. */
    public void close(PageReader in) {
        if (stage == Stage.BINS) {
            binStage.close(in);
        } else if (stage == Stage.CONTEXTS) {
            contexts.close(in);
        }
    }

    private long[] whole() {
        long[] kept = whole;
        if (kept == null) {
            kept = new long[capacity];
            whole = kept;
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
        ColumnDecoder columns = lists;
        if (columns == null) {
            columns = new ColumnDecoder(capacity, true);
            lists = columns;
        }
        columns.open(in, size);
        long[] part = columns.part;
        for (int i = 0; i < size; ) {
            int n = columns.next(part, 0);
            for (int k = 0; k < n; k++) {
                if (part[k] < 0 || part[k] > count - 1 - next) {
                    throw in.malformed("rule: 0 <= gap <= " + (count - 1 - next) + ", gap=" + part[k]);
                }
                list.add(next + (int) part[k], 0);
                next += (int) part[k] + 1;
            }
            i += n;
        }
        columns.close(in);
        columns.open(in, size);
        for (int i = 0; i < size; ) {
            int n = columns.next(part, 0);
            list.values(i, part, n);
            i += n;
        }
        columns.close(in);
    }
}
