package io.varve.core.head;

import io.varve.core.index.KeyedHash;
import io.varve.core.model.Labels;
import io.varve.core.slab.IntSlabs;
import io.varve.core.slab.LongSlabs;
import io.varve.core.slab.SlabMemory;
import io.varve.core.slab.SlabPool;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The series that this process knows. Each has a number, by which everything else keeps what it knows of it, and a
 * reference, {@code epoch × 2³² + number}, by which callers name it. Numbers are used again; references never are,
 * since each time that numbers are freed a new epoch begins (ADR 0001, ADR 0013).
 *
 * <p>A series dies in three steps. {@link #unlink}: nothing finds it any more; labels and number stay for readers that
 * have found it. {@link #beginCopy}, {@link #copy}, {@link #endCopy}: the living are copied to where it is not.
 * {@link #free}: its number is another's. {@code SeriesReaper} knows when each is safe.
 *
 * <p>Written by the agent alone; read by any thread. A reader may ask only for numbers that it got from here, while it
 * keeps the view pinned with which it got them.
 */
public final class SeriesRegistry {

    /** Most numbers. */
    private static final int MAX_NUMBERS = 1 << 26;

    private static final int WORDS_AT_A_TIME = 64;
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final KeyedHash hash;
    private final long secret;
    private final SlabPool pool = new SlabPool();
    private final SlabMemory memory = new SlabMemory(pool);
    private final HeadIndex index = new HeadIndex(this);
    private final IntPredicate isLiving = this::isLiving;
    private volatile SeriesLabels labels;

    /** Where the living are copied to, if they are. */
    private volatile @Nullable SeriesLabels next;

    private int copied;

    /** Lower half of the epoch of each number, 0 for one that names no series. */
    private final IntSlabs epochs = new IntSlabs(memory);

    /** Newest time of each series, for the out-of-order window; the agent's alone. */
    private final LongSlabs newest = new LongSlabs(memory);

    /** A bit for each number whose series lives. */
    private volatile long[] living = new long[WORDS_AT_A_TIME];

    /** A bit for each number whose series had a sample since {@link #markIdle}; the agent's alone. */
    private long[] awake = new long[WORDS_AT_A_TIME];

    private volatile int numbers;
    private volatile int size;
    private volatile long epoch;
    private int[] free = new int[16];
    private int freeCount;

    /**
     * An empty registry.
     *
     * @param epoch upper half of the first references, at least 1 and above every one ever used
     * @param secrets what hashes are keyed with, so that no client can aim for collisions
     */
    public SeriesRegistry(long epoch, Random secrets) {
        this.epoch = epoch;
        hash = KeyedHash.withSecret(secrets);
        secret = secrets.nextLong();
        labels = new SeriesLabels(hash, secret);
    }

    /** Number of series that live. */
    public int size() {
        return size;
    }

    /** The end of the numbers that were ever given out. */
    public int numbers() {
        return numbers;
    }

    /** Upper half of the references that are given out now; another whenever numbers were freed. */
    public long epoch() {
        return epoch;
    }

    /** Number of the series with a reference, or -1 if it names none that lives. */
    public int number(long ref) {
        int number = (int) ref;
        return names(ref) && isLiving(number) ? number : -1;
    }

    /** Whether a reference names a series that lives, or one that is dead and can be brought back. Any thread. */
    public boolean names(long ref) {
        int number = (int) ref;
        return ref > 0 && number >= 0 && number < numbers && epochs.getAcquire(number) == (int) (ref >>> Integer.SIZE);
    }

    /** Whether the series with a number lives. */
    public boolean isLiving(int number) {
        long[] words = living;
        int word = number >> 6;
        return word < words.length && ((long) WORDS.getAcquire(words, word) >>> number & 1) != 0;
    }

    /** Labels of a dead series whose number is not freed yet, or null. The agent alone. */
    public @Nullable Labels labelsOfDead(long ref) {
        int number = (int) ref;
        return names(ref) && !isLiving(number) && labels.has(number) ? labels(number) : null;
    }

    /** Reference of a numbered series. */
    public long ref(int number) {
        return Integer.toUnsignedLong(epochs.getAcquire(number)) << Integer.SIZE | number;
    }

    /** Reference of a series that lives, or -1 if it is not known. Any thread. */
    public long find(Labels wanted) {
        while (true) {
            SeriesLabels current = labels;
            int number = current.find(wanted, isLiving);
            if (number < 0) {
                return -1;
            }
            long ref = ref(number);
            if (current == labels) { // only then no other series can have the number yet
                return ref;
            }
        }
    }

    /**
     * Number of a series that lives, or -1. The agent alone; to {@link #add} the same labels next costs little more.
     */
    public int lookUp(Labels wanted) {
        return labels.lookUp(wanted, isLiving);
    }

    /** Labels of a numbered series, built anew; their texts are shared with those of others where they are frequent. */
    public Labels labels(int number) {
        return labels.labels(number);
    }

    /** Numbers of series in the order of their labels. */
    public int[] sorted(int[] some) {
        return SeriesOrder.sorted(labels, some);
    }

    /** Where the generations over this registry take their memory from. */
    SlabPool pool() {
        return pool;
    }

    /** The labels as they are now; a reader uses one of them for one answer. */
    SeriesLabels current() {
        return labels;
    }

    /**
     * Adds a series if it is not there. Called by the agent alone.
     *
     * @return its number
     */
    public int add(Labels wanted) {
        int known = lookUp(wanted);
        if (known >= 0) {
            return known;
        }
        int number = freeCount > 0 ? free[--freeCount] : newNumber();
        newest.set(number, 0);
        wake(number);
        labels.add(number, wanted);
        SeriesLabels copy = next;
        if (copy != null) {
            copy.add(number, wanted);
        }
        epochs.setRelease(number, (int) epoch);
        numbers = Math.max(numbers, number + 1); // publishes the labels and the postings
        setLiving(number, true);
        resize(1);
        return number;
    }

    private int newNumber() {
        int number = numbers;
        if (number == MAX_NUMBERS) {
            throw new IllegalStateException("so many series have a number: series=" + MAX_NUMBERS);
        }
        epochs.ensure(number + 1);
        newest.ensure(number + 1);
        if (number >> 6 >= living.length) {
            awake = Arrays.copyOf(awake, awake.length * 2);
            living = Arrays.copyOf(living, living.length * 2);
        }
        return number;
    }

    private void resize(int more) {
        int before = size; // one writer: no other thread adds
        size = before + more;
    }

    private void setLiving(int number, boolean lives) {
        long[] words = living;
        long bit = 1L << number;
        long word = words[number >> 6];
        WORDS.setRelease(words, number >> 6, lives ? word | bit : word & ~bit);
    }

    /** A copy of the bits of the living. */
    long[] livingWords() {
        long[] words = living;
        long[] copy = new long[words.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = (long) WORDS.getAcquire(words, i);
        }
        return copy;
    }

    /**
     * Lets series die: nothing finds them any more, and their references name nothing. Readers that have found them
     * before can go on. The agent alone.
     */
    public void unlink(int[] dead, int from, int to) {
        for (int i = from; i < to; i++) {
            setLiving(dead[i], false);
        }
        resize(from - to);
    }

    /** Begins to copy all series but dead ones, whose labels nobody asks for any more. The agent alone. */
    public void beginCopy(int[] dead, int from, int to) {
        for (int i = from; i < to; i++) {
            epochs.setRelease(dead[i], 0);
        }
        next = new SeriesLabels(hash, secret);
        copied = 0;
    }

    /**
     * Copies some more. The agent alone.
     *
     * @param most how many numbers to look at
     * @return whether there are more
     */
    public boolean copy(int most) {
        SeriesLabels target = next;
        if (target == null) {
            throw new AssertionError("BUG: no copy was begun");
        }
        int end = Math.min(numbers, copied + most);
        for (int number = copied; number < end; number++) {
            if (epochs.get(number) != 0 && !target.has(number)) {
                target.add(number, labels.labels(number));
            }
        }
        copied = end;
        return end < numbers;
    }

    /** The copy takes the place of what it was made of. The agent alone. */
    public void endCopy() {
        SeriesLabels target = next;
        if (target == null) {
            throw new AssertionError("BUG: no copy was begun");
        }
        labels = target;
        next = null;
    }

    /**
     * Uses the numbers of dead series again, which a copy has left behind. The agent alone, when no reader is left that
     * may have begun before the end of the copy.
     *
     * @param newEpoch above every epoch so far
     */
    public void free(int[] dead, int from, int to, long newEpoch) {
        if (newEpoch <= epoch) {
            throw new AssertionError("BUG: epoch " + newEpoch + " behind " + epoch);
        }
        epoch = newEpoch;
        for (int i = from; i < to; i++) {
            if (freeCount == free.length) {
                free = Arrays.copyOf(free, freeCount * 2);
            }
            free[freeCount++] = dead[i];
        }
    }

    /** Takes each series that lives. */
    @FunctionalInterface
    public interface Visitor {
        /** One series. */
        void series(long ref, Labels labels);
    }

    /** Visits the series that live, in order of their numbers. Any thread that has pinned a view before. */
    public void forEachLiving(Visitor visitor) {
        int end = numbers;
        for (int number = 0; number < end; number++) {
            if (isLiving(number)) {
                visitor.series(ref(number), labels(number));
            }
        }
    }

    /** Remembers a sample's time. The agent alone. */
    public void seen(int number, long time) {
        if (time > newest.get(number)) {
            newest.set(number, time);
        }
        wake(number);
    }

    /** Newest time seen of a series in this process, or 0. The agent alone. */
    public long newestTime(int number) {
        return newest.get(number);
    }

    /** Remembers that something of a series came. The agent alone. */
    public void wake(int number) {
        awake[number >> 6] |= 1L << number;
    }

    /** Whether a series had no sample since {@link #markIdle}. The agent alone. */
    public boolean isIdle(int number) {
        return (awake[number >> 6] >>> number & 1) == 0;
    }

    /** Begins to watch whether a series gets samples. The agent alone. */
    public void markIdle(int number) {
        awake[number >> 6] &= ~(1L << number);
    }

    /** The inverted index over these series. */
    public HeadIndex index() {
        return index;
    }

    /** Memory in bytes of what is known of series. */
    public long seriesBytes() {
        return memory.bytes() + labels.bytes() + living.length * 16L;
    }

    /** The same with the copy that is being made, and slabs that generations have left to those that follow. */
    public long bytes() {
        SeriesLabels copy = next;
        return seriesBytes() + (copy == null ? 0 : copy.bytes()) + pool.freeBytes();
    }
}
