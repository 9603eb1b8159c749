package io.varve.core.read;

import io.varve.core.model.Exemplar;
import io.varve.core.model.StartTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** How exemplars and start times of one series from several places become one: in order, each once. */
final class Sides {

    private Sides() {}

    /** Exemplars in time order, each once. */
    static List<Exemplar> exemplars(List<Exemplar> all) {
        return all.isEmpty() ? List.of() : new ArrayList<>(new TreeSet<>(all));
    }

    /** Start times by ascending start; of equal starts the one of the earliest sample. */
    static List<StartTime> starts(List<StartTime> all) {
        if (all.isEmpty()) {
            return List.of();
        }
        TreeMap<Long, StartTime> byStart = new TreeMap<>();
        for (StartTime start : all) {
            byStart.merge(start.start(), start, (a, b) -> a.time() <= b.time() ? a : b);
        }
        return new ArrayList<>(byStart.values());
    }
}
