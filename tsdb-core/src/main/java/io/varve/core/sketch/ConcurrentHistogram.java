package io.varve.core.sketch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What many threads record whole numbers into (nanoseconds, bytes), lock-free, at a fixed schema.
 *
 * <p>Threads are spread over places, as many as there are processors at most. The first thread of a place has a
 * stripe of its own there, into which it writes without atomic operations; all others of that place share another. In
 * a stripe counts lie in one page for each power of two, made when its first value comes; after that recording
 * allocates nothing. Every record is counted exactly once. A reader that runs beside recorders sees each record in
 * full or, for a moment, in part (in its bucket and not yet in the sum); when recorders have stopped, all is there.
 */
public final class ConcurrentHistogram {

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle PAGES = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle STRIPES = MethodHandles.arrayElementVarHandle(Stripe[].class);

    private static final int PLACE_LIMIT = 8;
    private static final int PAGE_COUNT = 64;
    private static final int MASK = Math.min(
                    PLACE_LIMIT,
                    Integer.highestOneBit(Math.max(1, 2 * Runtime.getRuntime().availableProcessors() - 1)))
            - 1;

    private final BucketScale scale;
    private final int schema;

    /** Of each place the stripe of one thread, then of each the one that is shared. */
    private final @Nullable Stripe[] stripes = new Stripe[2 * (MASK + 1)];

    /**
     * An empty histogram.
     *
     * @param schema from 0 to {@link BucketScale#MAX_SCHEMA}
     */
    public ConcurrentHistogram(int schema) {
        if (schema < 0) {
            throw new IllegalArgumentException("schema from 0 to " + BucketScale.MAX_SCHEMA + ": schema=" + schema);
        }
        this.scale = BucketScale.of(schema);
        this.schema = schema;
    }

    /** What one thread, or several, have recorded. */
    private static final class Stripe {

        static final long SHARED = -1;

        /** Cells lie behind a cache line of nothing, so that stripes do not share one. */
        static final int ZEROS = 8;

        /** The sum of all modulo 2^64: some days of a busy server. */
        static final int SUM = 9;

        /** The sum of all without its low bits, so that its lowest byte is the highest of {@link #SUM}. */
        static final int CARRIES = 10;

        static final int MIN = 11;
        static final int MAX = 12;
        static final int CELL_COUNT = 21;
        static final int CARRY_SHIFT = Long.SIZE - Byte.SIZE;
        static final long LOW_BITS = (1L << CARRY_SHIFT) - 1;

        /** The only thread that writes, or {@link #SHARED}. */
        final long owner;

        final long[] cells = new long[CELL_COUNT];

        /** Page p holds the buckets of {@code (2^(p-1), 2^p]}, p from 0 to 63; a slot is null until it is needed. */
        final long[][] pages = new long[PAGE_COUNT][];

        Stripe(long owner) {
            this.owner = owner;
            cells[MIN] = Long.MAX_VALUE;
            cells[MAX] = Long.MIN_VALUE;
        }

        /** Adds to a cell or count; what it was before. */
        long add(long[] array, int index, long amount) {
            if (owner == SHARED) {
                return (long) CELLS.getAndAdd(array, index, amount);
            }
            long before = array[index];
            CELLS.setRelease(array, index, before + amount);
            return before;
        }

        /** First, since a reader takes the range last: what it has counted is then within the range. */
        void extend(long value) {
            long seen = (long) CELLS.getVolatile(cells, MAX);
            while (value > seen && !CELLS.compareAndSet(cells, MAX, seen, value)) {
                seen = (long) CELLS.getVolatile(cells, MAX);
            }
            seen = (long) CELLS.getVolatile(cells, MIN);
            while (value < seen && !CELLS.compareAndSet(cells, MIN, seen, value)) {
                seen = (long) CELLS.getVolatile(cells, MIN);
            }
        }

        void addToSum(long value, long weight) {
            long product = value * weight;
            long before = add(cells, SUM, product);
            long carries = (Math.multiplyHigh(value, weight) << Byte.SIZE)
                    + (product >>> CARRY_SHIFT)
                    + ((before & LOW_BITS) + (product & LOW_BITS) >>> CARRY_SHIFT);
            if (carries != 0) {
                add(cells, CARRIES, carries);
            }
        }

        /** As it was when its low word was read: a carry on its way to the high one shows in the byte they share. */
        double sum() {
            long low = (long) CELLS.getVolatile(cells, SUM);
            long carries = (long) CELLS.getVolatile(cells, CARRIES);
            carries += (byte) ((low >>> CARRY_SHIFT) - carries);
            return (double) (1L << CARRY_SHIFT) * carries + (low & LOW_BITS);
        }

        long[] page(int page, int length) {
            long[] there = (long[]) PAGES.getAcquire(pages, page);
            if (there != null) {
                return there;
            }
            long[] fresh = new long[length];
            long[] witness = (long[]) PAGES.compareAndExchange(pages, page, (long[]) null, fresh);
            return witness == null ? fresh : witness;
        }
    }

    private Stripe stripe() {
        long thread = Thread.currentThread().getId();
        int place = (int) thread & MASK;
        Stripe own = stripe(place, thread);
        return own.owner == thread ? own : stripe(MASK + 1 + place, Stripe.SHARED);
    }

    private Stripe stripe(int place, long owner) {
        Stripe there = (Stripe) STRIPES.getAcquire(stripes, place);
        return there == null ? make(place, owner) : there;
    }

    private Stripe make(int place, long owner) {
        Stripe fresh = new Stripe(owner);
        Stripe witness = (Stripe) STRIPES.compareAndExchange(stripes, place, (Stripe) null, fresh);
        return witness == null ? fresh : witness;
    }

    /**
     * Records one value; any thread, no lock.
     *
     * @param value zero or more; below zero counts as zero
     */
    public void record(long value) {
        record(value, 1);
    }

    /**
     * Records one value for several; any thread, no lock.
     *
     * @param value zero or more; below zero counts as zero
     * @param weight how many it stands for, 1 or more
     */
    public void record(long value, long weight) {
        Stripe stripe = stripe();
        long v = Math.max(0, value);
        stripe.extend(v);
        if (v == 0) {
            stripe.add(stripe.cells, Stripe.ZEROS, weight);
        } else {
            int index = scale.index((double) v);
            int page = (index + (1 << schema) - 1) >> schema;
            stripe.add(stripe.page(page, 1 << schema), index - ((page - 1) << schema) - 1, weight);
            stripe.addToSum(v, weight);
        }
    }

    /** Zeros and sum in one number, which differs whenever something was recorded: cheaper than all counts. */
    public long fingerprint() {
        long print = 0;
        for (int i = 0; i < stripes.length; i++) {
            Stripe stripe = (Stripe) STRIPES.getAcquire(stripes, i);
            if (stripe != null) {
                print += (long) CELLS.getVolatile(stripe.cells, Stripe.ZEROS)
                        + (long) CELLS.getVolatile(stripe.cells, Stripe.CARRIES)
                        + (long) CELLS.getVolatile(stripe.cells, Stripe.SUM);
            }
        }
        return print;
    }

    /** All counts since the beginning, with the range since the last {@link #drain}; recording may go on meanwhile. */
    public SparseHistogram freeze() {
        return freeze(false);
    }

    /** As {@link #freeze}; the range begins anew. */
    public SparseHistogram drain() {
        return freeze(true);
    }

    private SparseHistogram freeze(boolean newRange) {
        int[] indexes = new int[64];
        long[] counts = new long[64];
        int size = 0;
        for (int page = 0; page < PAGE_COUNT; page++) {
            for (int i = 0; i < 1 << schema && hasPage(page); i++) {
                long count = count(page, i);
                if (count != 0) {
                    if (size == indexes.length) {
                        indexes = Arrays.copyOf(indexes, 2 * size);
                        counts = Arrays.copyOf(counts, 2 * size);
                    }
                    indexes[size] = ((page - 1) << schema) + 1 + i;
                    counts[size++] = count;
                }
            }
        }
        long zeros = 0;
        double sum = 0;
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (int i = 0; i < stripes.length; i++) {
            Stripe stripe = (Stripe) STRIPES.getAcquire(stripes, i);
            if (stripe != null) {
                zeros += (long) CELLS.getVolatile(stripe.cells, Stripe.ZEROS);
                sum += stripe.sum();
                min = Math.min(min, end(stripe, Stripe.MIN, newRange, Long.MAX_VALUE));
                max = Math.max(max, end(stripe, Stripe.MAX, newRange, Long.MIN_VALUE));
            }
        }
        return new SparseHistogram(
                schema, Arrays.copyOf(indexes, size), Arrays.copyOf(counts, size), zeros, sum, min, max);
    }

    private static long end(Stripe stripe, int cell, boolean newRange, long none) {
        return newRange
                ? (long) CELLS.getAndSet(stripe.cells, cell, none)
                : (long) CELLS.getVolatile(stripe.cells, cell);
    }

    private boolean hasPage(int page) {
        for (int i = 0; i < stripes.length; i++) {
            Stripe stripe = (Stripe) STRIPES.getAcquire(stripes, i);
            if (stripe != null && PAGES.getAcquire(stripe.pages, page) != null) {
                return true;
            }
        }
        return false;
    }

    private long count(int page, int slot) {
        long count = 0;
        for (int i = 0; i < stripes.length; i++) {
            Stripe stripe = (Stripe) STRIPES.getAcquire(stripes, i);
            long[] counts = stripe == null ? null : (long[]) PAGES.getAcquire(stripe.pages, page);
            count += counts == null ? 0 : (long) CELLS.getVolatile(counts, slot);
        }
        return count;
    }

    /** Adds all counts to a histogram of the reader's own; recording may go on meanwhile. */
    public void addTo(ExponentialHistogram target) {
        freeze().addTo(target);
    }

    /** Bytes of memory, as the JVM lays them out with compressed references. */
    public long bytes() {
        long bytes = 48 + 4L * stripes.length;
        for (int i = 0; i < stripes.length; i++) {
            Stripe stripe = (Stripe) STRIPES.getAcquire(stripes, i);
            if (stripe != null) {
                bytes += 32 + 16 + 8L * Stripe.CELL_COUNT + 16 + 4L * PAGE_COUNT;
                for (int page = 0; page < PAGE_COUNT; page++) {
                    bytes += PAGES.getAcquire(stripe.pages, page) == null ? 0 : 16 + (8L << schema);
                }
            }
        }
        return bytes;
    }
}
