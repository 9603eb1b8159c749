package io.varve.core;

import io.varve.core.head.SeriesRegistry;
import io.varve.core.wal.MalformedRecordException;
import java.util.Arrays;
import java.util.BitSet;
import org.agrona.collections.Long2LongHashMap;

/**
 * From the references of earlier openings, as the log has them, to series numbers of this one. The lower half of a
 * reference is a number that few series have had (ADR 0013), so it is the place in an array; of several series with one
 * number the last has it, the others are in a map. One thread.
 */
final class SeriesNumbers {

    private static final int UNKNOWN = -1;

    /** Numbers beyond what an array could hold in a sound log. */
    private static final int MAX_NUMBER = 1 << 26;

    private long[] refs = new long[1024];
    private int[] numbers = new int[1024];
    private final Long2LongHashMap others = new Long2LongHashMap(UNKNOWN);

    /** Places that were put since the current generation began. */
    private final BitSet own = new BitSet();

    private boolean borrowed;

    /** What is put from now on belongs to another generation. */
    void beginGeneration() {
        own.clear();
        borrowed = false;
    }

    /** Whether a reference was asked for that was not put since the generation began. */
    boolean borrowed() {
        return borrowed;
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
        }
        if (refs[place] != 0 && refs[place] != ref) {
            others.put(refs[place], numbers[place]);
        }
        refs[place] = ref;
        numbers[place] = number;
        own.set(place);
    }

    /** Number of a series, or -1. */
    int get(long ref) {
        int place = (int) ref;
        if (place >= 0 && place < refs.length && refs[place] == ref && ref != 0) {
            borrowed |= !own.get(place);
            return numbers[place];
        }
        borrowed = true;
        return (int) others.get(ref);
    }

    /** Visits the series that live under the references that were put. */
    void forEachLiving(SeriesRegistry registry, SeriesRegistry.Visitor visitor) {
        for (int place = 0; place < refs.length; place++) {
            visit(refs[place], numbers[place], registry, visitor);
        }
        others.forEachLong((ref, number) -> visit(ref, (int) number, registry, visitor));
    }

    private static void visit(long ref, int number, SeriesRegistry registry, SeriesRegistry.Visitor visitor) {
        if (ref != 0 && registry.isLiving(number)) {
            visitor.series(ref, registry.labels(number));
        }
    }
}
