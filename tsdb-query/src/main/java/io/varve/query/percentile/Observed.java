package io.varve.query.percentile;

import io.varve.core.model.Histogram;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.query.Percentiles;
import io.varve.query.Percentiles.Bounded;
import io.varve.query.Percentiles.Source;
import io.varve.query.percentile.Pieces.Rank;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The observations of one window, as far as they are known, and the percentiles that follow. The source is the coarsest
 * of those that take part: buckets, histogram, rollup. One thread.
 */
final class Observed {

    private final Pieces whole = new Pieces();
    private final Pieces cut = new Pieces();
    private final Pieces all = new Pieces();
    private int parts;
    private @Nullable NativeBuckets histogram;
    private ClassicBuckets.@Nullable Window classic;
    private Source source = Source.RAW;

    boolean isEmpty() {
        return parts == 0;
    }

    private void begin(Source of) {
        parts++;
        source = rank(of) > rank(source) ? of : source;
    }

    private static int rank(Source source) {
        return switch (source) {
            case RAW -> 0;
            case ROLLUP -> 1;
            case HISTOGRAM -> 2;
            case BUCKETS -> 3;
        };
    }

    /** Adds what a sketch holds, of rollups or of samples beside other kinds. */
    void addSketch(ExponentialHistogram sketch, boolean ofRollups) {
        begin(ofRollups ? Source.ROLLUP : Source.RAW);
        whole.add(sketch);
    }

    /** Adds a sketch of which a part lies in the window. */
    void addCut(ExponentialHistogram sketch) {
        begin(Source.ROLLUP);
        cut.add(sketch);
    }

    void addHistogram(Histogram observed) {
        NativeBuckets buckets = new NativeBuckets(observed);
        if (buckets.observations() > 0) {
            begin(Source.HISTOGRAM);
            histogram = buckets;
            buckets.addTo(whole);
        }
    }

    void addClassic(ClassicBuckets.Window window) {
        begin(Source.BUCKETS);
        classic = window;
        window.addTo(whole);
    }

    /** The point of the window; null if nothing surely lies in it and nothing may. */
    Percentiles.@Nullable Point point(long time, List<Double> q) {
        all.add(whole);
        all.add(cut);
        if (!(all.total() > 0)) {
            return null;
        }
        whole.order();
        cut.order();
        all.order();
        List<Bounded> values = new ArrayList<>(q.size());
        for (double one : q) {
            values.add(cut.total() > 0 ? cutQuantile(one) : quantile(one));
        }
        return new Percentiles.Point(time, Math.max(1, Math.round(all.total())), source, Growing.of(q, values));
    }

    private Bounded quantile(double q) {
        Rank rank = Rank.of(q, whole.total());
        if (whole.isNan(rank.below())) {
            return new Bounded(Double.NaN, Double.NaN, Double.NaN);
        }
        boolean interpolatesInfinity = rank.above() > rank.below() && whole.isSurelyInfinite(rank.above());
        if (rank.weight() == 0 && interpolatesInfinity) {
            return new Bounded(Double.NaN, Double.NaN, Double.NaN); // as of samples: infinity times 0 takes part
        }
        boolean buckets = rank(source) > rank(Source.ROLLUP);
        double low = buckets ? whole.low(rank.below()) : whole.low(rank);
        double high = buckets ? whole.high(rank.weight() == 0 ? rank.below() : rank.above()) : whole.high(rank);
        return bounded(value(q, rank), low, high);
    }

    private double value(double q, Rank rank) {
        NativeBuckets only = histogram;
        ClassicBuckets.Window buckets = classic;
        if (parts == 1 && only != null) {
            return only.quantile(q);
        }
        if (parts == 1 && buckets != null) {
            return buckets.quantile(q);
        }
        return whole.middle(rank);
    }

    /**
     * A quantile of what surely lies in the window and of any part of what may: as many may lie below it, or above it,
     * as there are of those.
     */
    private Bounded cutQuantile(double q) {
        double sure = whole.total();
        double maybe = cut.total();
        Rank most = Rank.of(q, sure + maybe);
        double lowRank = most.below() - maybe;
        double highRank = most.weight() == 0 ? most.below() : most.above();
        if (all.isOnlyNan() || sure > 0 && whole.isNan(highRank)) {
            return new Bounded(Double.NaN, Double.NaN, Double.NaN);
        }
        double low = sure > 0 && lowRank >= 0 ? whole.low(lowRank) : all.low(0);
        double high = sure > 0 && highRank < sure ? whole.high(highRank) : all.high(sure + maybe - 1);
        return bounded(all.middle(most), low, high);
    }

    private static Bounded bounded(double value, double low, double high) {
        return new Bounded(Math.max(low, Math.min(high, value)), low, high);
    }
}
