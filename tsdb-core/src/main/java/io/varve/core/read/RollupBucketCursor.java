package io.varve.core.read;

import io.varve.core.block.RollupBuckets;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.core.storage.RollupCursor;
import io.varve.core.storage.RollupHistograms;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands out the buckets of a series, those of one block as one page. */
final class RollupBucketCursor implements RollupCursor {

    private static final RollupBuckets NONE = new RollupBuckets(1);

    /**
     * A page.
     *
     * @param buckets its buckets, without sketches and histograms
     * @param whole reads them, and maybe others of the series, with both
     * @param sketches adds their sketches to histograms
     */
    record Page(RollupBuckets buckets, Supplier<RollupBuckets> whole, SketchSource sketches) {}

    /** Adds the sketches of a page to histograms. */
    @FunctionalInterface
    interface SketchSource {
        void addTo(IntFunction<@Nullable ExponentialHistogram> targets);
    }

    private final List<Page> pages;
    private final List<Long> touched;
    private int next;
    private RollupBuckets page = NONE;
    private @Nullable RollupBuckets whole;

    /**
     * A cursor.
     *
     * @param pages by time, none of them empty
     * @param touched ends of buckets that do not say what samples say, ascending
     */
    RollupBucketCursor(List<Page> pages, List<Long> touched) {
        this.pages = pages;
        this.touched = touched;
    }

    @Override
    public boolean nextPage() {
        page = next < pages.size() ? pages.get(next++).buckets() : NONE;
        whole = null;
        return page.size() > 0;
    }

    @Override
    public int size() {
        return page.size();
    }

    @Override
    public long[] ends() {
        return page.ends();
    }

    @Override
    public long[] numbers() {
        return page.numbers();
    }

    @Override
    public long[] nans() {
        return page.nans();
    }

    @Override
    public long[] stales() {
        return page.stales();
    }

    @Override
    public double[] sums() {
        return page.sums();
    }

    @Override
    public double[] mins() {
        return page.mins();
    }

    @Override
    public double[] maxs() {
        return page.maxs();
    }

    @Override
    public double[] firsts() {
        return page.firsts();
    }

    @Override
    public long[] firstTimes() {
        return page.firstTimes();
    }

    @Override
    public double[] lasts() {
        return page.lasts();
    }

    @Override
    public long[] lastTimes() {
        return page.lastTimes();
    }

    @Override
    public long[] resets() {
        return page.resets();
    }

    @Override
    public double[] corrections() {
        return page.corrections();
    }

    @Override
    public boolean isExact(int index) {
        return !page.isPartial(index) && Collections.binarySearch(touched, page.ends()[index]) < 0;
    }

    @Override
    public @Nullable RollupHistograms histograms(int index) {
        if (page.histograms(index) == null) {
            return null;
        }
        RollupBuckets all = whole();
        int place = place(all, index);
        return place < 0 ? null : all.histograms(place);
    }

    @Override
    public @Nullable ExponentialHistogram sketch(int index) {
        RollupBuckets all = whole();
        int place = place(all, index);
        return place < 0 ? null : all.sketch(place);
    }

    @Override
    public void addSketches(IntFunction<@Nullable ExponentialHistogram> targets) {
        pages.get(next - 1).sketches().addTo(targets);
    }

    private RollupBuckets whole() {
        RollupBuckets all = whole;
        if (all == null) {
            all = pages.get(next - 1).whole().get();
            whole = all;
        }
        return all;
    }

    private int place(RollupBuckets all, int index) {
        return Arrays.binarySearch(all.ends(), 0, all.size(), page.ends()[index]);
    }
}
