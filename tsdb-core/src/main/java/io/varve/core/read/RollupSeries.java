package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.block.DecodeScratch;
import io.varve.core.block.RollupBuckets;
import io.varve.core.block.RollupSession;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Selected series of a block of rollups, in label order. One thread. */
final class RollupSeries {

    private final RollupSession session;
    private final PeekableIntIterator numbers;
    private int current;
    private @Nullable Labels head;

    RollupSeries(BlockReader block, ImmutableRoaringBitmap selected, DecodeScratch scratch) {
        session = new RollupSession(block, scratch);
        numbers = selected.getIntIterator();
        advance();
    }

    /** Goes to the next series. */
    void advance() {
        if (numbers.hasNext()) {
            current = numbers.next();
            head = session.labels(current);
        } else {
            head = null;
        }
    }

    /** Labels of the current series, or null behind the last one. */
    @Nullable
    Labels head() {
        return head;
    }

    /** Whether it stands on a series. */
    boolean isAt(Labels labels) {
        Labels at = head;
        return at != null && at.equals(labels);
    }

    /** Number of the current series in its block. */
    int number() {
        return current;
    }

    /** Buckets of the current series; parameters as those of {@link RollupSession#read}. */
    RollupBuckets read(TimeRange range, boolean whole, ReadBudget budget, Consumer<Hole> holes) {
        return session.read(current, range, whole, budget, holes);
    }

    /** Adds sketches of buckets of the current series; parameters as those of {@link RollupSession#addSketches}. */
    void addSketches(
            RollupBuckets known,
            ReadBudget budget,
            Consumer<Hole> holes,
            IntFunction<@Nullable ExponentialHistogram> targets) {
        session.addSketches(current, known, budget, holes, targets);
    }

    /** The least of the series that several stand on, or null if all are at their end. */
    static @Nullable Labels least(List<RollupSeries> all) {
        Labels least = null;
        for (RollupSeries one : all) {
            Labels candidate = one.head;
            if (candidate != null && (least == null || candidate.compareTo(least) < 0)) {
                least = candidate;
            }
        }
        return least;
    }

    /** Whether every tick of a range lies in one of several ranges. */
    static boolean covers(List<TimeRange> ranges, TimeRange all) {
        List<TimeRange> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingLong(TimeRange::from));
        long next = all.from();
        for (TimeRange range : sorted) {
            if (range.from() > next) {
                return false;
            }
            if (range.to() >= all.to()) {
                return true;
            }
            next = Math.max(next, range.to() + 1);
        }
        return false;
    }
}
