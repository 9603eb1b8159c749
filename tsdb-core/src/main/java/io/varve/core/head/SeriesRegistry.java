package io.varve.core.head;

import io.varve.core.model.Labels;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The series that this process knows, numbered 0, 1, 2, … in order of creation. A series' reference is its number plus
 * a base that lies above every reference ever used in this store, so references are never reused (docs/adr/0001).
 *
 * <p>Written by the agent alone; read by any thread. A reader may ask only for numbers below a {@link #size()} it has
 * read.
 */
public final class SeriesRegistry {

    private static final int PAGE_BITS = 12;
    private static final int PAGE = 1 << PAGE_BITS;

    private final long base;
    private final ConcurrentHashMap<Labels, Integer> numbers = new ConcurrentHashMap<>();
    private final HeadIndex index;

    private volatile Labels[][] pages = new Labels[0][];
    private volatile int size;
    private volatile long bytes;

    /** Newest time of each series, for the out-of-order window; the agent's alone. */
    private long[] newest = new long[0];

    /** @param base reference of the first series, at least 1 */
    public SeriesRegistry(long base) {
        this.base = base;
        this.index = new HeadIndex(this);
    }

    /** Number of series. */
    public int size() {
        return size;
    }

    /** Number of the series with a reference, or -1 if it names none. */
    public int number(long ref) {
        long number = ref - base;
        return number >= 0 && number < size ? (int) number : -1;
    }

    /** Reference of a numbered series. */
    public long ref(int number) {
        return base + number;
    }

    /** Reference of a series, or -1 if it is not known. */
    public long find(Labels labels) {
        Integer number = numbers.get(labels);
        return number == null ? -1 : base + number;
    }

    /** Labels of a numbered series. */
    public Labels labels(int number) {
        return pages[number >> PAGE_BITS][number & (PAGE - 1)];
    }

    /**
     * Adds a series if it is not there. Called by the agent alone.
     *
     * @return its number
     */
    public int add(Labels labels) {
        Integer known = numbers.get(labels);
        if (known != null) {
            return known;
        }
        int number = size;
        ensurePage(number >> PAGE_BITS);
        pages[number >> PAGE_BITS][number & (PAGE - 1)] = labels;
        index.add(number, labels);
        bytes = bytes + 160 + 60L * labels.size(); // one writer: a plain sum is enough
        size = number + 1; // publishes the labels and the postings
        numbers.put(labels, number);
        return number;
    }

    /** Remembers a sample's time. The agent alone. */
    public void seen(int number, long time) {
        if (time > newest[number]) {
            newest[number] = time;
        }
    }

    /** Newest time seen of a series in this process, or 0. The agent alone. */
    public long newestTime(int number) {
        return newest[number];
    }

    private void ensurePage(int page) {
        Labels[][] old = pages;
        if (page >= old.length) {
            Labels @Nullable [][] grown = java.util.Arrays.copyOf(old, page + 1);
            grown[page] = new Labels[PAGE];
            pages = grown;
            newest = java.util.Arrays.copyOf(newest, (page + 1) << PAGE_BITS);
        }
    }

    /** The inverted index over these series. */
    public HeadIndex index() {
        return index;
    }

    /** Estimated memory in bytes. */
    public long bytes() {
        return bytes;
    }
}
