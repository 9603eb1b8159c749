package io.varve.core.sketch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * What many threads record whole numbers into (nanoseconds, bytes), lock-free, at a fixed schema.
 *
 * <p>Counts lie in one page for each power of two, made when its first value comes; after that recording allocates
 * nothing. Every record is counted exactly once. A reader that runs beside recorders sees each record in full or,
 * for a moment, in part (in its bucket and not yet in the sum); when recorders have stopped, all is there.
 */
public final class ConcurrentHistogram {

    private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle PAGES = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle MIN;
    private static final VarHandle MAX;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MIN = lookup.findVarHandle(ConcurrentHistogram.class, "min", long.class);
            MAX = lookup.findVarHandle(ConcurrentHistogram.class, "max", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BucketScale scale;
    private final int schema;
    /** Page p holds the buckets of {@code (2^(p-1), 2^p]}, p from 0 to 63; a slot is null until it is needed. */
    private final long[][] pages = new long[64][];

    private final LongAdder zeros = new LongAdder();
    private final LongAdder sum = new LongAdder();

    @SuppressWarnings("FieldMayBeFinal")
    private volatile long min = Long.MAX_VALUE;

    @SuppressWarnings("FieldMayBeFinal")
    private volatile long max = Long.MIN_VALUE;

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

    /**
     * Records one value; any thread, no lock.
     *
     * @param value zero or more; below zero counts as zero
     */
    public void record(long value) {
        long v = Math.max(0, value);
        // First, since a reader takes the range last: what it has counted is then within the range.
        extend(v);
        if (v == 0) {
            zeros.increment();
        } else {
            int index = scale.index((double) v);
            int page = (index + (1 << schema) - 1) >> schema;
            COUNTS.getAndAdd(page(page), index - ((page - 1) << schema) - 1, 1L);
            sum.add(v);
        }
    }

    private void extend(long v) {
        long seen = max;
        while (v > seen && !MAX.compareAndSet(this, seen, v)) {
            seen = max;
        }
        seen = min;
        while (v < seen && !MIN.compareAndSet(this, seen, v)) {
            seen = min;
        }
    }

    private long[] page(int page) {
        long[] there = (long[]) PAGES.getAcquire(pages, page);
        if (there != null) {
            return there;
        }
        long[] fresh = new long[1 << schema];
        long[] witness = (long[]) PAGES.compareAndExchange(pages, page, (long[]) null, fresh);
        return witness == null ? fresh : witness;
    }

    /** Adds all counts to a histogram of the reader's own; recording may go on meanwhile. */
    public void addTo(ExponentialHistogram target) {
        for (int page = 0; page < pages.length; page++) {
            long[] counts = (long[]) PAGES.getAcquire(pages, page);
            for (int i = 0; counts != null && i < counts.length; i++) {
                long count = (long) COUNTS.getVolatile(counts, i);
                if (count != 0) {
                    target.addPositive(schema, ((page - 1) << schema) + 1 + i, count);
                }
            }
        }
        target.addZeros(zeros.sum());
        long low = min;
        long high = max;
        if (low <= high) {
            target.addSumAndRange((double) sum.sum(), (double) low, (double) high);
        }
    }
}
