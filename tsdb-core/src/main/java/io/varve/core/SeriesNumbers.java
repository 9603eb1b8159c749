package io.varve.core;

import io.varve.core.wal.MalformedRecordException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From the references of earlier openings, as the log has them, to series numbers of this one. A reference is an epoch
 * and a number (ADR 0001), so each epoch is an array. One thread.
 */
final class SeriesNumbers {

    private static final int UNKNOWN = -1;

    /** Numbers beyond what an array could hold in a sound log. */
    private static final int MAX_NUMBER = 1 << 26;

    private static final class Epoch {
        private final long epoch;
        private int[] numbers = new int[0];

        Epoch(long epoch) {
            this.epoch = epoch;
        }
    }

    private final List<Epoch> epochs = new ArrayList<>();
    private Epoch current = new Epoch(UNKNOWN);

    /** @throws MalformedRecordException if no store could have given out the reference */
    void put(long ref, int number) {
        int place = (int) ref;
        if (place < 0 || place >= MAX_NUMBER) {
            throw new MalformedRecordException("series reference " + ref);
        }
        if (!select(ref >>> 32)) {
            current = new Epoch(ref >>> 32);
            epochs.add(current);
        }
        int length = current.numbers.length;
        if (place >= length) {
            current.numbers = Arrays.copyOf(current.numbers, Math.max(place + 1, length * 2));
            Arrays.fill(current.numbers, length, current.numbers.length, UNKNOWN);
        }
        current.numbers[place] = number;
    }

    /** Number of a series, or -1. */
    int get(long ref) {
        if (current.epoch != ref >>> 32 && !select(ref >>> 32)) {
            return UNKNOWN;
        }
        int place = (int) ref;
        int[] numbers = current.numbers;
        return place >= 0 && place < numbers.length ? numbers[place] : UNKNOWN;
    }

    private boolean select(long epoch) {
        if (current.epoch == epoch) {
            return true;
        }
        for (Epoch candidate : epochs) {
            if (candidate.epoch == epoch) {
                current = candidate;
                return true;
            }
        }
        return false;
    }
}
