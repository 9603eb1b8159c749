package io.varve.query.correlate;

import io.varve.core.model.Labels;
import java.util.List;
import java.util.Set;

/**
 * Series of one distribution: those that differ in a quantile or bucket alone, and the sums and counts beside them.
 * They move together, so one of them stands for all.
 */
record Family(String name, Labels rest) {

    private static final Set<String> PARTS = Set.of("quantile", "le");
    private static final List<String> SUFFIXES = List.of("_bucket", "_count", "_sum");

    static Family of(Labels labels) {
        String name = labels.get(Labels.NAME);
        String base = name;
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix)) {
                base = name.substring(0, name.length() - suffix.length());
            }
        }
        return new Family(base, labels.without(Labels.NAME).drop(PARTS));
    }
}
