package io.varve.core.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.SampleKind;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.SeriesSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a store holds, as plain maps. */
final class StoreReading {

    static final TimeRange ALWAYS = TimeRange.of(0, Long.MAX_VALUE / 4);

    private StoreReading() {}

    /** Values by time of each series of a metric: {@link Double} or {@link Histogram}. */
    static Map<Labels, NavigableMap<Long, Object>> of(Queryable store, String metric) {
        Map<Labels, NavigableMap<Long, Object>> all = new HashMap<>();
        try (Querier querier = store.querier(ALWAYS);
                SeriesSet set = querier.select(Matcher.equal(Labels.NAME, metric))) {
            while (set.next()) {
                NavigableMap<Long, Object> samples = new TreeMap<>();
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        Object value = columns.kind() == SampleKind.FLOAT
                                ? (Object) columns.values()[i]
                                : columns.histogram(i);
                        samples.put(columns.times()[i], value);
                    }
                }
                all.put(set.labels(), samples);
            }
            assertThat(set.holes()).isEmpty();
        }
        return all;
    }

    /** The same of a metric with one series. */
    static NavigableMap<Long, Object> only(Queryable store, String metric) {
        Map<Labels, NavigableMap<Long, Object>> all = of(store, metric);
        assertThat(all).hasSize(1);
        return all.values().iterator().next();
    }

    static List<Histogram> histograms(Queryable store, String metric) {
        List<Histogram> histograms = new ArrayList<>();
        only(store, metric).values().forEach(value -> histograms.add((Histogram) value));
        return histograms;
    }
}
