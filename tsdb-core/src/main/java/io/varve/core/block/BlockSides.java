package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import io.varve.core.kind.ExemplarForm;
import io.varve.core.kind.MetadataForm;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Metadata;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The exemplars, metadata and start times of a block. What is damaged is a hole and costs nothing else. Any number of
 * threads, while the block's reader is retained.
 */
public final class BlockSides {

    private final BlockReader reader;
    private final @Nullable SparseTable exemplars;
    private final @Nullable SparseTable starts;
    private final @Nullable ByteBuffer metadata;

    BlockSides(
            BlockReader reader,
            @Nullable ByteBuffer exemplars,
            @Nullable ByteBuffer starts,
            @Nullable ByteBuffer metadata) {
        this.reader = reader;
        this.exemplars = exemplars == null ? null : new SparseTable(exemplars);
        this.starts = starts == null ? null : new SparseTable(starts);
        this.metadata = metadata;
    }

    /** Whether the block has exemplars, or had some that are damaged. */
    public boolean hasExemplars() {
        return reader.sections().containsKey(BlockFormat.EXEMPLARS);
    }

    /** Whether the block has start times, or had some that are damaged. */
    public boolean hasStarts() {
        return reader.sections().containsKey(BlockFormat.START_TIMES);
    }

    /** Whether the block has metadata, or had some that are damaged. */
    public boolean hasMetadata() {
        return reader.sections().containsKey(BlockFormat.METADATA);
    }

    /**
     * Reports what is damaged as a whole, once a reading.
     *
     * @param range what is read
     */
    public void reportExemplars(TimeRange range, Consumer<Hole> holes) {
        report(BlockFormat.EXEMPLARS, "exemplars", range, holes);
    }

    /** As {@link #reportExemplars}, of start times. */
    public void reportStarts(TimeRange range, Consumer<Hole> holes) {
        report(BlockFormat.START_TIMES, "start times", range, holes);
    }

    private void report(int section, String what, TimeRange range, Consumer<Hole> holes) {
        if (reader.damaged().contains(section)) {
            hole(range, -1, what + " of all series: wrong checksum of section " + section, holes);
        }
    }

    private void hole(TimeRange range, long series, String cause, Consumer<Hole> holes) {
        long from = Math.max(range.from(), reader.meta().minTime());
        long to = Math.min(range.to(), reader.meta().maxTime());
        holes.accept(new Hole(series, TimeRange.of(from, to), reader.path() + ": " + cause));
    }

    /** Adds the exemplars of a series in a range. */
    public void exemplars(int series, TimeRange range, List<Exemplar> target, Consumer<Hole> holes) {
        SparseTable table = exemplars;
        if (table == null) {
            return;
        }
        try {
            ByteSource source = table.find(series);
            if (source != null) {
                for (Exemplar exemplar : readExemplars(source)) {
                    if (range.contains(exemplar.time())) {
                        target.add(exemplar);
                    }
                }
            }
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            hole(range, 1, "exemplars of series " + series + ": " + e.getMessage(), holes);
        }
    }

    static List<Exemplar> readExemplars(ByteSource source) {
        List<Exemplar> found = new java.util.ArrayList<>();
        long time = 0;
        for (int left = source.varint(source.remaining()); left > 0; left--) {
            time += source.zigzag();
            found.add(ExemplarForm.read(time, source));
        }
        return found;
    }

    /** Adds the start times of a series. */
    public void starts(int series, List<StartTime> target, Consumer<Hole> holes) {
        SparseTable table = starts;
        if (table == null) {
            return;
        }
        try {
            ByteSource source = table.find(series);
            if (source != null) {
                target.addAll(readStarts(source));
            }
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            hole(TimeRange.ALL, 1, "start times of series " + series + ": " + e.getMessage(), holes);
        }
    }

    static List<StartTime> readStarts(ByteSource source) {
        List<StartTime> found = new java.util.ArrayList<>();
        long start = 0;
        for (int left = source.varint(source.remaining()); left > 0; left--) {
            start += source.zigzag();
            long after = source.varint();
            if (after <= 0 || start + after <= start) {
                throw new MalformedPageException(source.position(), "a sample behind its start: found=" + after);
            }
            found.add(new StartTime(start, start + after));
        }
        return found;
    }

    /** Hands out what is known of metrics, by name. */
    public void metadata(BiConsumer<String, Metadata> target, Consumer<Hole> holes) {
        report(BlockFormat.METADATA, "metadata", TimeRange.ALL, holes);
        ByteBuffer section = metadata;
        if (section == null) {
            return;
        }
        try {
            ByteSource source = new ByteSource(section, 0);
            for (int left = source.varint(source.remaining()); left > 0; left--) {
                MetadataForm.Named said = MetadataForm.read(source);
                target.accept(said.metric(), said.metadata());
            }
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            hole(TimeRange.ALL, -1, "metadata: " + e.getMessage(), holes);
        }
    }

    @Nullable
    SparseTable exemplarTable() {
        return exemplars;
    }

    @Nullable
    SparseTable startTable() {
        return starts;
    }
}
