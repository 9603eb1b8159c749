package io.varve.codec.model;

import org.jspecify.annotations.Nullable;

/**
 * The decode tables of the models used last: a query that goes through the series of a metric finds the same few models
 * in each of its blocks. Bounded: {@link #PLACES} tables of at most 16 KiB. One thread at a time.
 */
final class ModelTables {

    private static final int PLACES = 16;
    private static final long[] NONE = {};

    private final @Nullable CodingModel[] models = new @Nullable CodingModel[PLACES];
    private final long[][] tables = new long[PLACES][];
    private int next;

    ModelTables() {
        java.util.Arrays.fill(tables, NONE);
    }

    long[] of(CodingModel model) {
        for (int i = 0; i < PLACES; i++) {
            if (models[i] == model) {
                return tables[i];
            }
        }
        int place = next;
        next = (place + 1) % PLACES;
        models[place] = null;
        tables[place] = model.bins().decodeTable(tables[place]);
        models[place] = model;
        return tables[place];
    }
}
