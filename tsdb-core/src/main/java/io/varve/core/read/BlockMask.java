package io.varve.core.read;

import io.varve.core.block.BlockMeta;
import io.varve.core.model.Deletion;
import io.varve.core.model.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** What live deletions hide of one block: for each the series that it concerns. Immutable. */
public final class BlockMask {

    /** Hides nothing. */
    public static final BlockMask NONE = new BlockMask(List.of());

    private record Part(Deletion deletion, ImmutableRoaringBitmap series) {}

    private final List<Part> parts;

    private BlockMask(List<Part> parts) {
        this.parts = parts;
    }

    BlockMask and(Deletion deletion, ImmutableRoaringBitmap series) {
        if (series.isEmpty()) {
            return this;
        }
        List<Part> more = new ArrayList<>(parts);
        more.add(new Part(deletion, series));
        return new BlockMask(more);
    }

    /** Whether nothing is hidden. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Number of deletions that hide something. */
    public int deletions() {
        return parts.size();
    }

    /**
     * The part of a block's samples that is hidden, 0 to 1, as if they were spread evenly over series and time. What
     * several deletions hide counts for each.
     */
    public double share(BlockMeta block) {
        double span = (double) block.maxTime() - block.minTime() + 1;
        double hidden = 0;
        for (Part part : parts) {
            TimeRange range = part.deletion().range();
            double ticks = (double) Math.min(range.to(), block.maxTime()) - Math.max(range.from(), block.minTime()) + 1;
            hidden += ticks / span * part.series().getCardinality() / block.series();
        }
        return Math.min(1, hidden);
    }

    /** The ranges in which samples of a series are hidden; null if there are none. */
    @Nullable
    List<TimeRange> of(int series) {
        List<TimeRange> ranges = null;
        for (Part part : parts) {
            if (part.series().contains(series)) {
                ranges = ranges == null ? new ArrayList<>(2) : ranges;
                ranges.add(part.deletion().range());
            }
        }
        return ranges;
    }

    /** The parts of a range in which no sample of a series is hidden. */
    List<TimeRange> visible(int series, TimeRange range) {
        List<TimeRange> hidden = of(series);
        if (hidden == null) {
            return List.of(range);
        }
        hidden.sort(Comparator.comparingLong(TimeRange::from));
        List<TimeRange> visible = new ArrayList<>();
        long next = range.from();
        for (TimeRange gone : hidden) {
            if (gone.from() > next) {
                visible.add(TimeRange.of(next, Math.min(range.to(), gone.from() - 1)));
            }
            if (gone.to() >= range.to()) {
                return visible;
            }
            next = Math.max(next, gone.to() + 1);
        }
        visible.add(TimeRange.of(next, range.to()));
        return visible;
    }
}
