package io.varve.core;

import io.varve.core.wal.MalformedRecordException;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * From the references of earlier openings, as the log has them, to series numbers of this one. The lower half of a
 * reference is a number that few series have had (ADR 0013), so it is the place in an array; of several series with one
 * number the last has it, the others are in a map. One thread.
 *
 * <p>It also notices a generation whose part of the log names series that it does not introduce: it builds on what lies
 * before it.
 */
final class SeriesNumbers {

    private static final int UNKNOWN = -1;

    /** Numbers beyond what an array could hold in a sound log. */
    private static final int MAX_NUMBER = 1 << 26;

    private long[] refs = new long[1024];
    private int[] numbers = new int[1024];
    private final Long2LongHashMap others = new Long2LongHashMap(UNKNOWN);

    /** In which generation a series was introduced last. */
    private int[] introduced = new int[1024];

    private int generation;
    private boolean buildsOnOthers;

    /** A part of the log begins that is to be read without those before it. */
    void beginGeneration() {
        generation++;
        buildsOnOthers = false;
    }

    /** Whether a series was asked for that was not put since the generation began. */
    boolean buildsOnOthers() {
        return buildsOnOthers;
    }

    /** @throws MalformedRecordException if no store could have given out the reference */
    void put(long ref, int number) {
        int place = (int) ref;
        if (ref <= 0 || place < 0 || place >= MAX_NUMBER) {
            throw new MalformedRecordException("series reference " + ref);
        }
        if (place >= refs.length) {
            int capacity = Math.max(place + 1, Math.min(MAX_NUMBER, refs.length * 2));
            refs = Arrays.copyOf(refs, capacity);
            numbers = Arrays.copyOf(numbers, capacity);
            introduced = Arrays.copyOf(introduced, capacity);
        }
        if (refs[place] != 0 && refs[place] != ref) {
            others.put(refs[place], numbers[place]);
        }
        refs[place] = ref;
        numbers[place] = number;
        introduced[place] = generation;
    }

    /** Number of a series, or -1. */
    int get(long ref) {
        int place = (int) ref;
        if (place >= 0 && place < refs.length && refs[place] == ref && ref != 0) {
            buildsOnOthers |= introduced[place] != generation;
            return numbers[place];
        }
        buildsOnOthers = true;
        return (int) others.get(ref);
    }

    /** Gives every reference with its number. */
    void forEach(LongIntConsumer consumer) {
        for (int place = 0; place < refs.length; place++) {
            if (refs[place] != 0) {
                consumer.accept(refs[place], numbers[place]);
            }
        }
        others.forEachLong((ref, number) -> consumer.accept(ref, (int) number));
    }

    /** Takes a reference and its number. */
    @FunctionalInterface
    interface LongIntConsumer {
        /** One series. */
        void accept(long ref, int number);
    }
}
