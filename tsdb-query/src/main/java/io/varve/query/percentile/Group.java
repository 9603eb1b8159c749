package io.varve.query.percentile;

import io.varve.core.model.Histogram;
import io.varve.core.sketch.BucketScale;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.query.Percentiles;
import io.varve.query.Percentiles.Source;
import io.varve.query.plan.Notes;
import io.varve.query.plan.QueryBudget;
import io.varve.query.plan.Spans;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of the observations of a group: samples, sketches, native histograms and classic buckets, each kept
 * in its own way until a window is asked for. What a window has of several kinds is ranked together. One thread.
 */
final class Group {

    private final Spans spans;
    private final QueryBudget budget;
    private final Notes notes;
    private final RawWindows raw;
    private @Nullable WindowSketches sketches;
    private @Nullable WindowHistograms histograms;
    private @Nullable ClassicBuckets classic;

    Group(Spans spans, QueryBudget budget, Notes notes) {
        this.spans = spans;
        this.budget = budget;
        this.notes = notes;
        boolean overlaps = spans.count() > 1 && spans.steps().step() <= spans.length() / 2;
        this.raw = new RawWindows(overlaps, budget);
    }

    RawWindows raw() {
        return raw;
    }

    WindowSketches sketches() {
        WindowSketches there = sketches;
        if (there == null) {
            there = new WindowSketches(spans, budget);
            sketches = there;
        }
        return there;
    }

    WindowHistograms histograms() {
        WindowHistograms there = histograms;
        if (there == null) {
            there = new WindowHistograms(spans.count(), budget);
            histograms = there;
        }
        return there;
    }

    ClassicBuckets classic() {
        ClassicBuckets there = classic;
        if (there == null) {
            there = new ClassicBuckets(spans.count());
            classic = there;
        }
        return there;
    }

    /** The points of all windows that hold something. */
    List<Percentiles.Point> points(List<Double> q) {
        List<Percentiles.Point> points = new ArrayList<>();
        for (int step = 0; step < spans.count(); step++) {
            budget.check();
            Percentiles.Point point = point(step, q);
            if (point != null) {
                budget.charge(0, 64 + 48L * q.size());
                points.add(point);
            }
        }
        return List.copyOf(points);
    }

    private Percentiles.@Nullable Point point(int step, List<Double> q) {
        long samples = raw.count(step);
        WindowSketches ofRollups = sketches;
        ExponentialHistogram whole = ofRollups == null ? null : ofRollups.whole(step);
        ExponentialHistogram cut = ofRollups == null ? null : ofRollups.cut(step);
        Observed observed = new Observed();
        addBuckets(step, observed);
        if (whole == null && cut == null && observed.isEmpty()) {
            return samples == 0
                    ? null
                    : new Percentiles.Point(
                            spans.end(step), samples, Source.RAW, Growing.of(q, raw.quantiles(step, q)));
        }
        if (samples > 0) {
            whole = whole == null ? ExponentialHistogram.ofSchema(BucketScale.MAX_SCHEMA) : whole;
            raw.recordInto(step, whole);
        }
        if (whole != null) {
            observed.addSketch(whole, ofRollups != null);
        }
        if (cut != null) {
            observed.addCut(cut);
            notes.info(
                    "windows cut buckets of rollups whose samples have expired: their intervals are wider; let start, "
                            + "step and window be multiples of the buckets' width");
        }
        return observed.point(spans.end(step), q);
    }

    private void addBuckets(int step, Observed observed) {
        WindowHistograms sums = histograms;
        if (sums != null) {
            Histogram exponential = sums.exponential(step);
            if (exponential != null) {
                observed.addHistogram(exponential);
            }
            Histogram custom = sums.custom(step);
            if (custom != null) {
                observed.addHistogram(custom);
            }
        }
        ClassicBuckets buckets = classic;
        if (buckets != null) {
            ClassicBuckets.Window window = buckets.window(step);
            if (window != null && window.count() > 0) {
                observed.addClassic(window);
            } else if (buckets.lacksLast(step)) {
                notes.warn("classic histograms without a bucket le=\"+Inf\" were passed over: it says how many "
                        + "observations there are");
            }
        }
    }
}
