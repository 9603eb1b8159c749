package io.varve.core.head;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.varve.core.index.KeyedHash;
import io.varve.core.model.Labels;
import io.varve.core.slab.SlabMemory;
import io.varve.core.slab.SlabPool;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** The registry under its readers: who finds a series, a symbol or a posting finds all that belongs to it. */
public final class RegistryStress {

    /** Entries of a structure before the next state begins another one. */
    private static final int ROUNDS = 20_000;

    private static final int WRONG = -1;

    private RegistryStress() {}

    /** A series comes. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "not yet, or with its labels and postings")
    @Outcome(expect = FORBIDDEN, desc = "a series without its labels, or found and not indexed")
    @State
    public static class NewSeries {

        private static final AtomicInteger NUMBERS = new AtomicInteger();

        private static SeriesRegistry shared = new SeriesRegistry(1, new Random(1));

        private final SeriesRegistry registry;
        private final Labels labels;

        /** Labels of which one pair is new, and one is known. */
        public NewSeries() {
            registry = withRoom();
            labels = Labels.of("__name__", "up", "host", "h" + NUMBERS.incrementAndGet());
        }

        private static synchronized SeriesRegistry withRoom() {
            if (shared.numbers() > ROUNDS) {
                shared = new SeriesRegistry(1, new Random(1));
            }
            return shared;
        }

        /** Adds it. */
        @Actor
        public void agent() {
            registry.add(labels);
        }

        /** Looks for it, then in the index. */
        @Actor
        public void reader(II_Result r) {
            long ref = registry.find(labels);
            if (ref < 0) {
                r.r1 = 0;
            } else {
                int number = registry.number(ref);
                r.r1 = number >= 0 && registry.labels(number).equals(labels) ? 1 : WRONG;
            }
            ImmutableRoaringBitmap hosts = registry.index().postings("host", labels.get("host"));
            r.r2 = hosts == null ? 0 : hosts.getCardinality();
        }
    }

    /** A text comes. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "not yet, or with its text")
    @Outcome(expect = FORBIDDEN, desc = "a number with another text")
    @State
    public static class NewSymbol {

        private static final AtomicInteger NUMBERS = new AtomicInteger();

        private static int count;
        private static Symbols shared = fresh();

        private final Symbols symbols;
        private final String text;

        /** A text that is not there. */
        public NewSymbol() {
            symbols = withRoom();
            text = "symbol-" + NUMBERS.incrementAndGet();
        }

        private static synchronized Symbols withRoom() {
            if (++count % ROUNDS == 0) {
                shared = fresh();
            }
            return shared;
        }

        private static Symbols fresh() {
            return new Symbols(KeyedHash.withSecret(new Random(1)), new SlabMemory(new SlabPool()));
        }

        private int found() {
            int number = symbols.find(text);
            return number < 0 ? 0 : symbols.text(number).equals(text) ? 1 : WRONG;
        }

        /** Adds it. */
        @Actor
        public void agent() {
            symbols.add(text);
        }

        /** Looks for it. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = found();
        }

        /** Looks once more. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = found();
        }
    }

    /** Numbers join the list of a pair, whose chunk is full. */
    @JCStressTest
    @Outcome(id = "(9|10|11), 11", expect = ACCEPTABLE, desc = "a prefix; in the end all")
    @Outcome(expect = FORBIDDEN, desc = "numbers that nobody added")
    @State
    public static class Postings {

        private static int count;
        private static PostingLists shared = new PostingLists(new SlabMemory(new SlabPool()));

        private final Place place = take();

        private record Place(PostingLists lists, int pair) {}

        /** The first number and eight differences: the first chunk has no room any more. */
        private static synchronized Place take() {
            if (++count % ROUNDS == 0) {
                shared = new PostingLists(new SlabMemory(new SlabPool()));
            }
            Place place = new Place(shared, count % ROUNDS);
            for (int i = 0; i < 9; i++) {
                place.lists.append(place.pair, i * 3);
            }
            return place;
        }

        /** Adds two. */
        @Actor
        public void agent() {
            place.lists.append(place.pair, 9 * 3);
            place.lists.append(place.pair, 10 * 3);
        }

        private int numbers() {
            ImmutableRoaringBitmap numbers = place.lists.bitmap(place.pair, number -> true);
            int[] all = numbers.toArray();
            for (int i = 0; i < all.length; i++) {
                if (all[i] != i * 3) {
                    return WRONG;
                }
            }
            return all.length;
        }

        /** Reads. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = numbers();
        }

        /** Reads once more. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = numbers();
        }
    }

    /** An object comes on a page that comes with it. */
    @JCStressTest
    @Outcome(
            id = {"0, 7", "7, 7"},
            expect = ACCEPTABLE,
            desc = "not yet, or whole")
    @Outcome(expect = FORBIDDEN, desc = "an object without its content")
    @State
    public static class Sparse {

        private final SparseObjects<int[]> objects = new SparseObjects<>();

        /** Sets it. */
        @Actor
        public void agent() {
            objects.set(300, new int[] {7});
        }

        private int found() {
            int[] object = objects.get(300);
            return object == null ? 0 : object[0];
        }

        /** Gets it. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = found();
        }

        /** Gets it once more. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = found();
        }
    }

    /** Forms of histograms come, and with them slabs. */
    @JCStressTest
    @Outcome(id = "[0-2], 2", expect = ACCEPTABLE, desc = "a prefix; in the end all")
    @Outcome(expect = FORBIDDEN, desc = "a size without its forms")
    @State
    public static class Histograms {

        private static final byte[] FORM = {0, 6, 0, 0, 0, 0, 0, 0};

        private final HistogramSeries series = new HistogramSeries(new FormSlabs());

        /** Two of them. */
        @Actor
        public void agent() {
            series.append(10, FORM, 0, FORM.length);
            series.append(20, FORM, 0, FORM.length);
        }

        private int count() {
            int size = series.size();
            for (int i = 0; i < size; i++) {
                if (series.time(i) != 10L * (i + 1) || !series.isEqual(i, FORM, 0, FORM.length)) {
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
}
