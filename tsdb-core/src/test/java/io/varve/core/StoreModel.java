package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A store as a plain map: what was acknowledged must be found, and nothing that was never sent. A batch whose commit
 * failed may or may not be there, sample by sample. What was deleted must not be found.
 */
final class StoreModel {

    private static final int SERIES = 7;

    private record Key(Labels labels, long time) {}

    /** For each sample the values that may be found: the last acknowledged one, and those sent since. */
    private final Map<Key, Set<Long>> possible = new java.util.HashMap<>();

    private final Set<Key> acknowledged = new HashSet<>();
    private final Random random;
    private long clock;

    StoreModel(Random random) {
        this.random = random;
    }

    static Labels labels(int series) {
        return Labels.of("__name__", "m" + series % 2, "host", "h" + series, "job", "test");
    }

    private record Sample(int series, long time, double value) {}

    private List<Sample> nextBatch() {
        List<Sample> batch = new ArrayList<>();
        clock += 1_000;
        for (int series = 0; series < SERIES; series++) {
            if (random.nextInt(8) > 0) {
                batch.add(new Sample(series, clock, nextValue()));
            }
        }
        if (random.nextInt(4) == 0) { // late, or a correction, or a repetition
            long time = 1_000L * random.nextInt((int) (clock / 1_000) + 1);
            batch.add(new Sample(random.nextInt(SERIES), time, nextValue()));
        }
        return batch;
    }

    private double nextValue() {
        return random.nextInt(30) == 0 ? StaleMarker.VALUE : random.nextInt(1_000) / 100.0;
    }

    /** Commits a random batch as synced, and learns what must be there from how that ends; true if it was acknowledged. */
    boolean commitBatch(Tsdb db) {
        List<Sample> batch = nextBatch();
        batch.forEach(this::sent);
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (Sample sample : batch) {
                assertThat(appender.append(appender.series(labels(sample.series())), sample.time(), sample.value()))
                        .isEqualTo(Verdict.ACCEPTED);
            }
            assertThat(appender.commit().refusals()).isEmpty();
            batch.forEach(this::acknowledged);
            return true;
        } catch (CommitException e) {
            assertThat(e.reason()).isNotNull();
            return false;
        }
    }

    /** Deletes some series in some range, and learns what must be gone from how that ends. */
    void delete(Tsdb db) {
        int chosen = random.nextInt(SERIES + 3);
        Matcher matcher = chosen < SERIES
                ? Matcher.equal("host", "h" + chosen)
                : chosen == SERIES ? Matcher.equal("job", "test") : Matcher.regex("host", "h[0-" + chosen % 4 + "]");
        long from = 1_000L * random.nextInt((int) (clock / 1_000) + 1);
        TimeRange range = random.nextInt(6) == 0 ? TimeRange.ALL : TimeRange.of(from, from + random.nextInt(8_000));
        Predicate<Key> meant = key ->
                range.contains(key.time()) && matcher.matches(key.labels().get(matcher.name()));
        acknowledged.removeIf(meant);
        try {
            db.delete(List.of(matcher), range);
            possible.keySet().removeIf(meant);
        } catch (CommitException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    private static Key key(Sample sample) {
        return new Key(labels(sample.series()), sample.time());
    }

    private void sent(Sample sample) {
        possible.computeIfAbsent(key(sample), key -> new HashSet<>()).add(Double.doubleToRawLongBits(sample.value()));
    }

    private void acknowledged(Sample sample) {
        Key key = key(sample);
        Set<Long> values = possible.get(key);
        boolean stale = StaleMarker.is(sample.value());
        boolean hadValue = values != null && values.stream().anyMatch(bits -> bits != StaleMarker.BITS);
        if (!stale || !hadValue) { // a stale marker never replaces a value, and a value is then certain
            possible.put(key, new HashSet<>(Set.of(Double.doubleToRawLongBits(sample.value()))));
        }
        acknowledged.add(key);
    }

    /** Checks every sample of the store. */
    void check(Tsdb db, String context) {
        Set<Key> missing = new HashSet<>(acknowledged);
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("job", "test"))) {
            while (set.next()) {
                Labels labels = set.labels();
                long before = Long.MIN_VALUE;
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        long time = columns.times()[i];
                        assertThat(time).as("%s: order of %s", context, labels).isGreaterThan(before);
                        before = time;
                        Key key = new Key(labels, time);
                        Set<Long> allowed = possible.get(key);
                        long bits = Double.doubleToRawLongBits(columns.values()[i]);
                        assertThat(allowed)
                                .as("%s: never sent: %s", context, key)
                                .isNotNull();
                        assertThat(bits).as("%s: value of %s", context, key).isIn(allowed);
                        missing.remove(key);
                    }
                }
            }
            assertThat(set.holes()).as("%s: holes", context).isEmpty();
        }
        assertThat(missing).as("%s: acknowledged and gone", context).isEmpty();
    }

    /**
     * What a store answers is what will be asked of it from now on: an unacknowledged sample that is there stays there.
     */
    void settle(Tsdb db) {
        Map<Key, Set<Long>> found =
                new TreeMap<>(java.util.Comparator.comparing(Key::labels).thenComparing(Key::time));
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("job", "test"))) {
            while (set.next()) {
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        found.put(
                                new Key(set.labels(), columns.times()[i]),
                                new HashSet<>(Set.of(Double.doubleToRawLongBits(columns.values()[i]))));
                    }
                }
            }
        }
        possible.clear();
        possible.putAll(found);
        acknowledged.clear();
        acknowledged.addAll(found.keySet());
    }
}
