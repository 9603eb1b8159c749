package io.varve.core;

import java.util.TreeMap;

/** How many samples of a log belong to series whose record is lost, by the position of their own. One thread. */
final class OrphanSamples {

    private final TreeMap<Long, Long> counts = new TreeMap<>();

    /** The record at a position has so many. */
    void note(long position, long count) {
        if (count > 0) {
            counts.put(position, count);
        }
    }

    /** Those of records below a position. */
    long below(long position) {
        return counts.headMap(position).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
