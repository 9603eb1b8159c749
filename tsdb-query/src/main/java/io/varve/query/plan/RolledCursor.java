package io.varve.query.plan;

import io.varve.core.model.Histogram;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.PageSummary;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a series with buckets of rollups where samples have expired: samples in the time of a bucket that
 * answers are left out. A bucket is a page that has a summary; or, where the newest sample is asked for, its first and
 * its last sample, and behind each sample that is not seen until the next one a stale marker. One thread.
 */
final class RolledCursor implements ColumnCursor {

    private final ColumnCursor raw;
    private final List<BucketSummary> buckets;
    private final long lookback;

    private int bucket;

    /** What is left of the page of samples: from here on; null if nothing is left. */
    private int from;

    private int to;
    private boolean ended;

    private boolean whole;
    private long[] times = {};
    private double[] values = {};
    private int size;
    private int offset;
    private SampleKind kind = SampleKind.FLOAT;
    private @Nullable BucketSummary summary;

    /** Until when the newest sample that was handed out is seen, that tick excluded. */
    private long seen = Long.MAX_VALUE;

    /**
     * A cursor.
     *
     * @param raw the samples; its pages may have summaries
     * @param buckets those that answer, each with a point, by time
     * @param lookback how long a sample is seen where the newest one is asked for, ticks, that of a bucket no shorter
     *     than the bucket; 0 where windows are asked for
     */
    RolledCursor(ColumnCursor raw, List<BucketSummary> buckets, long lookback) {
        this.raw = raw;
        this.buckets = buckets;
        this.lookback = lookback;
    }

    @Override
    public boolean nextPage() {
        summary = null;
        whole = false;
        while (true) {
            if (from == to && !ended) {
                readPage();
                continue;
            }
            BucketSummary next = bucket < buckets.size() ? buckets.get(bucket) : null;
            boolean samples = from < to && (next == null || raw.times()[from] <= next.start());
            if (!samples && next == null) {
                return endsSight(Long.MAX_VALUE);
            }
            long first = samples ? raw.times()[from] : next == null ? 0 : next.firstTime();
            if (endsSight(first)) {
                return true;
            }
            if (!samples && next != null) {
                passOver(next.end());
                bucket++;
                hand(next);
                return true;
            }
            if (handSamples(next)) {
                return true;
            }
        }
    }

    private void readPage() {
        ended = !raw.nextPage();
        from = 0;
        to = ended ? 0 : raw.size();
    }

    /** Hands out a stale marker if what was handed out last is not seen until a time. */
    private boolean endsSight(long until) {
        if (seen >= until) {
            return false;
        }
        times = new long[] {seen};
        values = new double[] {StaleMarker.VALUE};
        size = 1;
        offset = 0;
        kind = SampleKind.FLOAT;
        seen = Long.MAX_VALUE;
        return true;
    }

    /** Leaves out samples up to a time. */
    private void passOver(long end) {
        while (from < to && raw.times()[to - 1] <= end || from == to && !ended) {
            readPage();
        }
        while (from < to && raw.times()[from] <= end) {
            if (!decoded()) {
                return;
            }
            from++;
        }
    }

    /** Decodes a page that is not handed out as a whole; if it cannot be, it is gone. */
    private boolean decoded() {
        if (raw.summary() == null || raw.decode()) {
            return true;
        }
        from = to;
        return false;
    }

    private void hand(BucketSummary next) {
        offset = 0;
        kind = SampleKind.FLOAT;
        boolean one = next.firstTime() == next.lastTime();
        times = one ? new long[] {next.lastTime()} : new long[] {next.firstTime(), next.lastTime()};
        size = times.length;
        if (lookback == 0) {
            summary = next;
            return;
        }
        values = one ? new double[] {next.last()} : new double[] {next.first(), next.last()};
        seen = next.lastTime() + Math.max(lookback, next.width());
        boolean goesOn = bucket < buckets.size() ? buckets.get(bucket).start() == next.end() : from < to;
        if (next.stales() > 0 && !goesOn) {
            seen = next.end() + 1;
        }
    }

    /** Hands out samples up to the start of a bucket, or as long as they follow each other; false if there are none. */
    private boolean handSamples(@Nullable BucketSummary next) {
        long before = next == null ? Long.MAX_VALUE : next.start();
        int end = to;
        if (next != null && raw.times()[to - 1] > before) {
            if (!decoded()) {
                return false;
            }
            end = behind(before);
        }
        if (lookback > 0) {
            for (int i = from + 1; i < end; i++) {
                if (raw.times()[i] - raw.times()[i - 1] > lookback) {
                    end = i;
                }
            }
            seen = raw.times()[end - 1] + lookback;
        }
        whole = from == 0 && end == to;
        kind = raw.kind();
        size = end - from;
        offset = from;
        if (whole) {
            times = raw.times();
        } else {
            times = Arrays.copyOfRange(raw.times(), from, end);
            if (kind == SampleKind.FLOAT) {
                values = Arrays.copyOfRange(raw.values(), from, end);
            }
        }
        from = end;
        return true;
    }

    private int behind(long time) {
        int found = Arrays.binarySearch(raw.times(), from, to, time);
        return found < 0 ? -found - 1 : found + 1;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long[] times() {
        return times;
    }

    @Override
    public SampleKind kind() {
        return kind;
    }

    @Override
    public double[] values() {
        return whole ? raw.values() : values;
    }

    @Override
    public Histogram histogram(int index) {
        return raw.histogram(offset + index);
    }

    @Override
    public @Nullable PageSummary summary() {
        return whole ? raw.summary() : summary;
    }

    @Override
    public boolean decode() {
        return !whole || raw.decode();
    }
}
