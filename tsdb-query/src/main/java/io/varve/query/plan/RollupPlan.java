package io.varve.query.plan;

import io.varve.core.model.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which width of rollups may answer for which range of time, and where samples alone do. Ranges are whole buckets, none
 * overlaps another.
 *
 * @param segments by time
 * @param first whether rollups answer wherever they are exact; else only where samples have expired
 */
public record RollupPlan(List<Segment> segments, boolean first) {

    /** Samples alone answer. */
    public static final RollupPlan NONE = new RollupPlan(List.of(), false);

    /** A range, in ticks with both ends included, for which buckets of a width may answer. */
    public record Segment(long width, long from, long to) {

        /** Whether a bucket lies in it. */
        public boolean holds(long bucketEnd) {
            return bucketEnd <= to && bucketEnd - width + 1 >= from;
        }
    }

    /** What there is of a width: where there are buckets that the answer can be had from. */
    public record Width(long ticks, List<TimeRange> ranges) {}

    /**
     * A plan. Widths that windows are made of come first, the widest of them before others; then the narrowest, since
     * windows cut fewer of its buckets.
     *
     * @param merges whether series are merged, so that buckets are worth more than samples
     */
    public static RollupPlan of(List<Width> widths, Spans spans, boolean merges) {
        List<Width> fitting = new ArrayList<>();
        List<Width> others = new ArrayList<>();
        for (Width width : widths) {
            if (width.ticks() <= spans.length() && !width.ranges().isEmpty()) {
                (spans.areWholeBuckets(width.ticks()) ? fitting : others).add(width);
            }
        }
        fitting.sort(Comparator.comparingLong(Width::ticks).reversed());
        others.sort(Comparator.comparingLong(Width::ticks));
        boolean whole = others.isEmpty() && !fitting.isEmpty();
        fitting.addAll(others);
        List<Segment> taken = new ArrayList<>();
        for (Width width : fitting) {
            for (TimeRange range : width.ranges()) {
                add(width.ticks(), range, spans, taken);
            }
        }
        taken.sort(Comparator.comparingLong(Segment::from));
        return new RollupPlan(List.copyOf(taken), merges && whole);
    }

    /**
     * Adds what no segment covers yet of a range, as whole buckets. A bucket of which segments cover a part is taken
     * from them where a window has a tick of the rest, for which nothing would answer else.
     */
    private static void add(long width, TimeRange range, Spans spans, List<Segment> taken) {
        for (TimeRange part : uncovered(range, taken)) {
            long from = bucketsFrom(part.from(), width);
            if (from > part.from() && from - width >= range.from() && spans.reach(part.from(), from - 1)) {
                from -= width;
            }
            long to = Math.floorDiv(part.to(), width) * width;
            if (to < part.to() && to + width <= range.to() && spans.reach(to + 1, part.to())) {
                to += width;
            }
            if (to >= from) {
                giveWay(from, to, taken);
                taken.add(new Segment(width, from, to));
            }
        }
    }

    /** The first tick of the first bucket that begins at a tick or later. */
    private static long bucketsFrom(long tick, long width) {
        return -Math.floorDiv(-(tick - 1), width) * width + 1;
    }

    /** The parts of a range that no segment covers. */
    private static List<TimeRange> uncovered(TimeRange range, List<Segment> taken) {
        List<TimeRange> left = new ArrayList<>(List.of(range));
        for (Segment segment : taken) {
            List<TimeRange> rest = new ArrayList<>();
            for (TimeRange part : left) {
                if (!part.overlaps(segment.from(), segment.to())) {
                    rest.add(part);
                    continue;
                }
                addUnlessEmpty(part.from(), segment.from() - 1, rest);
                addUnlessEmpty(segment.to() + 1, part.to(), rest);
            }
            left = rest;
        }
        return left;
    }

    /** Takes a range from segments, in whole buckets of theirs. */
    private static void giveWay(long from, long to, List<Segment> taken) {
        List<Segment> kept = new ArrayList<>();
        for (Segment segment : taken) {
            if (segment.to() < from || segment.from() > to) {
                kept.add(segment);
                continue;
            }
            long width = segment.width();
            long before = Math.floorDiv(from - 1, width) * width;
            if (before >= segment.from()) {
                kept.add(new Segment(width, segment.from(), before));
            }
            long behind = bucketsFrom(to + 1, width);
            if (behind <= segment.to()) {
                kept.add(new Segment(width, behind, segment.to()));
            }
        }
        taken.clear();
        taken.addAll(kept);
    }

    private static void addUnlessEmpty(long from, long to, List<TimeRange> ranges) {
        if (to >= from) {
            ranges.add(TimeRange.of(from, to));
        }
    }

    /** The parts of a range for which samples are read. */
    public List<TimeRange> samples(long from, long to) {
        List<TimeRange> parts = new ArrayList<>();
        long next = from;
        for (Segment segment : first ? segments : List.<Segment>of()) {
            addUnlessEmpty(next, Math.min(to, segment.from() - 1), parts);
            next = Math.max(next, segment.to() + 1);
        }
        addUnlessEmpty(next, to, parts);
        return parts;
    }

    /** The parts of a range for which no rollups answer. */
    public List<TimeRange> uncovered(TimeRange range) {
        return range.isEmpty() ? List.of() : uncovered(range, segments);
    }

    /** Widths that have a segment. */
    public List<Long> widths() {
        return segments.stream().map(Segment::width).distinct().sorted().toList();
    }

    /** Whether a bucket of a width may answer. */
    public boolean holds(long width, long bucketEnd) {
        for (Segment segment : segments) {
            if (segment.width() == width && segment.holds(bucketEnd)) {
                return true;
            }
        }
        return false;
    }
}
