package io.varve.core.head;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.varve.codec.PageCodec;
import io.varve.core.model.Deletion;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.ReadBudget;
import java.util.List;
import java.util.Random;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A generation under its readers: what they see of a series are its first samples, as many as there are, with their
 * times and values, while rows are published, pages encoded and raw memory used again for other series.
 */
public final class HeadStress {

    /** Series of a generation before the next state begins another one: its memory is too large for one each. */
    private static final int SERIES = 16_000;

    private static final int WRONG = -1;
    private static final ThreadLocal<PageCodec> CODEC = ThreadLocal.withInitial(PageCodec::new);

    private HeadStress() {}

    /** A generation whose series are given out one by one. */
    private static final class Arena {

        private static Arena current = new Arena();

        private final Generation generation = new Generation(1, new SeriesRegistry(1, new Random(1)));
        private int next;

        /**
         * A series that has so many rows, and room for another one behind it. Its number is a multiple of 16, so that its
         * first page is a whole one. States are made by several threads.
         */
        static synchronized Place take(int rows) {
            if (current.next + 16 > SERIES) {
                current = new Arena();
            }
            int series = current.next;
            current.next += 16;
            apply(current.generation, series, 0, rows);
            return new Place(current.generation, series);
        }
    }

    private record Place(Generation generation, int series) {}

    private static double value(int series, int row) {
        return row % 5 == 0 ? row + series : Math.sqrt(row * 7.0 + series);
    }

    private static void apply(Generation generation, int series, int from, int to) {
        int count = to - from;
        int[] all = new int[count];
        long[] times = new long[count];
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            all[i] = series;
            times[i] = 1_000 + 10L * (from + i);
            values[i] = value(series, from + i);
        }
        generation.apply(all, times, values, count);
    }

    /** How many samples are seen; {@link #WRONG} if they are not the first so many. */
    private static int seen(Generation generation, int series) {
        ColumnCursor cursor = generation.reader(CODEC.get()).columns(series, TimeRange.ALL, ReadBudget.UNLIMITED);
        int row = 0;
        while (cursor.nextPage()) {
            for (int i = 0; i < cursor.size(); i++, row++) {
                boolean right = cursor.times()[i] == 1_000 + 10L * row
                        && Double.doubleToRawLongBits(cursor.values()[i])
                                == Double.doubleToRawLongBits(value(series, row));
                if (!right) {
                    return WRONG;
                }
            }
        }
        return row;
    }

    /** The first samples of a series, whose column and arrays come with them. */
    @JCStressTest
    @Outcome(id = "[0-3], 3", expect = ACCEPTABLE, desc = "a prefix; in the end all")
    @Outcome(expect = FORBIDDEN, desc = "a count without its samples")
    @State
    public static class FirstRows {

        private final Place place = Arena.take(0);

        /** Applies three samples. */
        @Actor
        public void agent() {
            apply(place.generation, place.series, 0, 3);
        }

        /** Reads. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = seen(place.generation, place.series);
        }

        /** Reads once more. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = seen(place.generation, place.series);
        }
    }

    /** A page is encoded, and its raw chunks are filled by another series at once, while a reader copies them. */
    @JCStressTest
    @Outcome(id = "(127|128), 128", expect = ACCEPTABLE, desc = "raw or from the page, the same values")
    @Outcome(expect = FORBIDDEN, desc = "values of the series that took the chunks")
    @State
    public static class PageUnderItsReader {

        private final Place place = Arena.take(127); // its page is full but for one row

        /** Fills the page, then another series the chunks that it leaves. */
        @Actor
        public void agent() {
            apply(place.generation, place.series, 127, 128);
            apply(place.generation, place.series + 1, 0, 64);
        }

        /** Reads. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = seen(place.generation, place.series);
        }

        /** Reads once more. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = seen(place.generation, place.series);
        }
    }

    /** Late samples, whose arrays grow. */
    @JCStressTest
    @Outcome(id = "(8|9|10), 10", expect = ACCEPTABLE, desc = "a prefix; in the end all")
    @Outcome(expect = FORBIDDEN, desc = "a size without its samples")
    @State
    public static class Late {

        private final LateSamples late = new LateSamples();

        /** Eight, which is what there is room for. */
        public Late() {
            for (int i = 0; i < 8; i++) {
                late.append(i, i * 0.5);
            }
        }

        /** Two more. */
        @Actor
        public void agent() {
            late.append(8, 4);
            late.append(9, 4.5);
        }

        private int count() {
            int size = late.size();
            for (int i = 0; i < size; i++) {
                if (late.time(i) != i || late.value(i) != i * 0.5) {
                    return WRONG;
                }
            }
            return size;
        }

        /** Reads. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = count();
        }

        /** Reads once more. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = count();
        }
    }

    /** A deletion comes: a reader sees all of what it hides, or nothing of it; what comes later is seen. */
    @JCStressTest
    @Outcome(id = "(6|0|1), 1", expect = ACCEPTABLE, desc = "before or after the deletion, whole")
    @Outcome(expect = FORBIDDEN, desc = "half a deletion, or one that hides what came later")
    @State
    public static class Deleted {

        private final SeriesRegistry registry = Deleted.known();
        private final Generation generation = new Generation(1, registry);

        private static SeriesRegistry known() {
            SeriesRegistry registry = new SeriesRegistry(1, new Random(1));
            registry.add(Labels.of("__name__", "up"));
            return registry;
        }

        /** Six samples. */
        public Deleted() {
            generation.retain();
            apply(generation, 0, 0, 6);
        }

        /** Deletes them, then a seventh comes. */
        @Actor
        public void agent() {
            Deletion deletion = new Deletion(9, List.of(Matcher.equal("__name__", "up")), TimeRange.ALL);
            HeadDeletions.apply(deletion, List.of(generation));
            apply(generation, 0, 6, 7);
        }

        private int count() {
            ColumnCursor cursor = generation.reader(CODEC.get()).columns(0, TimeRange.ALL, ReadBudget.UNLIMITED);
            return cursor.nextPage() ? cursor.size() : 0;
        }

        /** Reads. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = count();
        }

        /** Reads once more, and gives the memory back. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = count();
            generation.release();
        }
    }
}
