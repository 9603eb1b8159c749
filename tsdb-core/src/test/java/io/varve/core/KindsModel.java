package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramSamples;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Found;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesExemplars;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SeriesStarts;
import io.varve.core.storage.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;

/**
 * A store of all kinds as plain maps: what was acknowledged must be found, and nothing that was never sent. Of a batch
 * whose commit failed, each part may or may not be there.
 */
final class KindsModel {

    private static final int SERIES = 6;
    private static final Matcher ALL = Matcher.equal("job", "test");

    private record Key(Labels labels, long time) {}

    private record Said<T>(Labels labels, T what) {}

    /** For each sample what may be found: bits of a float, or a histogram. */
    private final Map<Key, Set<Object>> samples = new HashMap<>();

    private final Set<Key> acknowledged = new HashSet<>();
    private final Set<Said<Exemplar>> exemplarsSent = new HashSet<>();
    private final Set<Said<Exemplar>> exemplarsKept = new HashSet<>();
    private final Set<Said<StartTime>> startsSent = new HashSet<>();
    private final Set<Said<StartTime>> startsKept = new HashSet<>();
    private final Map<String, Set<Metadata>> metadata = new HashMap<>();
    private final Set<String> metadataKept = new HashSet<>();
    private final Random random;
    private long clock = 1_000;

    KindsModel(Random random) {
        this.random = random;
    }

    static Labels labels(int series) {
        return Labels.of("__name__", "m" + series % 2, "host", "h" + series, "job", "test");
    }

    /** What one batch says. */
    private static final class Batch {
        final List<Said<Long>> floatTimes = new ArrayList<>();
        final List<Double> floats = new ArrayList<>();
        final List<Said<Long>> histogramTimes = new ArrayList<>();
        final List<Histogram> histograms = new ArrayList<>();
        final List<Said<Exemplar>> exemplars = new ArrayList<>();
        final List<Said<StartTime>> starts = new ArrayList<>();
        final Map<String, Metadata> metadata = new HashMap<>();

        int size() {
            return floats.size() + histograms.size() + exemplars.size() + starts.size() + metadata.size();
        }
    }

    private Batch next() {
        Batch batch = new Batch();
        clock += 1_000;
        for (int i = random.nextInt(2 * SERIES); i >= 0; i--) {
            Labels series = labels(random.nextInt(SERIES));
            // mostly now; else late, or a correction, or a repetition, also by another kind
            long time = random.nextInt(3) > 0 ? clock : 1_000L * (2 + random.nextInt((int) (clock / 1_000) - 1));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    batch.floatTimes.add(new Said<>(series, time));
                    batch.floats.add(random.nextInt(10) == 0 ? StaleMarker.VALUE : random.nextInt(100) / 4.0);
                }
                case 3, 4, 5 -> {
                    batch.histogramTimes.add(new Said<>(series, time));
                    batch.histograms.add(HistogramSamples.random(random));
                }
                case 6 ->
                    batch.exemplars.add(new Said<>(
                            series,
                            new Exemplar(Labels.of("trace_id", "t" + random.nextInt(50)), time, random.nextInt(3))));
                default -> batch.starts.add(new Said<>(series, new StartTime(time - 1 - random.nextInt(2), time)));
            }
        }
        if (random.nextInt(3) == 0) {
            batch.metadata.put(
                    "m" + random.nextInt(3),
                    new Metadata(Metadata.Type.byId(random.nextInt(8)), "helps " + random.nextInt(5), "s"));
        }
        return batch;
    }

    /** Commits a random batch as synced, and learns what must be there from how that ends. */
    void commitBatch(Tsdb db) {
        Batch batch = next();
        sent(batch);
        try (Appender appender = db.appender(Durability.SYNCED)) {
            fill(appender, batch);
            Commit commit = appender.commit();
            assertThat(commit.refused()).isZero();
            assertThat(commit.accepted()).isEqualTo(batch.size());
            assertThat(commit.accepted(SampleKind.FLOAT)).isEqualTo(batch.floats.size());
            assertThat(commit.accepted(SampleKind.HISTOGRAM)).isEqualTo(batch.histograms.size());
            assertThat(commit.accepted(SampleKind.EXEMPLAR)).isEqualTo(batch.exemplars.size());
            acknowledged(batch);
        } catch (CommitException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    private static void fill(Appender appender, Batch batch) {
        for (int i = 0; i < batch.floats.size(); i++) {
            Said<Long> at = batch.floatTimes.get(i);
            kept(appender.append(appender.series(at.labels()), at.what(), batch.floats.get(i)));
        }
        for (int i = 0; i < batch.histograms.size(); i++) {
            Said<Long> at = batch.histogramTimes.get(i);
            kept(appender.append(appender.series(at.labels()), at.what(), batch.histograms.get(i)));
        }
        for (Said<Exemplar> said : batch.exemplars) {
            kept(appender.exemplar(appender.series(said.labels()), said.what()));
        }
        for (Said<StartTime> said : batch.starts) {
            kept(appender.startTime(
                    appender.series(said.labels()),
                    said.what().time(),
                    said.what().start()));
        }
        batch.metadata.forEach((metric, said) -> kept(appender.metadata(metric, said)));
        assertThat(appender.pending()).isEqualTo(batch.size());
    }

    private static void kept(Verdict verdict) {
        assertThat(verdict).isEqualTo(Verdict.ACCEPTED);
    }

    private void sent(Batch batch) {
        for (int i = 0; i < batch.floats.size(); i++) {
            may(batch.floatTimes.get(i), Double.doubleToRawLongBits(batch.floats.get(i)));
        }
        for (int i = 0; i < batch.histograms.size(); i++) {
            may(batch.histogramTimes.get(i), batch.histograms.get(i));
        }
        exemplarsSent.addAll(batch.exemplars);
        startsSent.addAll(batch.starts);
        batch.metadata.forEach((metric, said) ->
                metadata.computeIfAbsent(metric, key -> new HashSet<>()).add(said));
    }

    private void may(Said<Long> at, Object sample) {
        samples.computeIfAbsent(new Key(at.labels(), at.what()), key -> new HashSet<>())
                .add(sample);
    }

    /** Floats of a batch come before its histograms. */
    private void acknowledged(Batch batch) {
        for (int i = 0; i < batch.floats.size(); i++) {
            wins(batch.floatTimes.get(i), Double.doubleToRawLongBits(batch.floats.get(i)));
        }
        for (int i = 0; i < batch.histograms.size(); i++) {
            wins(batch.histogramTimes.get(i), batch.histograms.get(i));
        }
        exemplarsKept.addAll(batch.exemplars);
        startsKept.addAll(batch.starts);
        batch.metadata.forEach((metric, said) -> {
            metadata.put(metric, new HashSet<>(Set.of(said)));
            metadataKept.add(metric);
        });
    }

    private static boolean isStale(Object sample) {
        return sample instanceof Histogram histogram ? histogram.isStale() : (Long) sample == StaleMarker.BITS;
    }

    private void wins(Said<Long> at, Object sample) {
        Key key = new Key(at.labels(), at.what());
        Set<Object> before = samples.get(key);
        boolean hadLive = before != null && before.stream().anyMatch(some -> !isStale(some) && !some.equals(sample));
        if (!isStale(sample) || !hadLive) {
            samples.put(key, new HashSet<>(Set.of(sample)));
        }
        acknowledged.add(key);
    }

    /** Checks everything in the store. */
    void check(Tsdb db, String context) {
        Set<Key> missing = new HashSet<>(acknowledged);
        read(db, TimeRange.ALL).forEach((key, found) -> {
            assertThat(samples.get(key)).as("%s: never sent: %s", context, key).isNotNull();
            assertThat(found).as("%s: sample of %s", context, key).isIn(samples.get(key));
            missing.remove(key);
        });
        assertThat(missing).as("%s: acknowledged and gone", context).isEmpty();
        try (Querier querier = db.querier(TimeRange.ALL)) {
            Set<Said<Exemplar>> exemplars = exemplars(querier);
            assertThat(exemplarsSent).as("%s: exemplars sent", context).containsAll(exemplars);
            assertThat(exemplars).as("%s: exemplars kept", context).containsAll(exemplarsKept);
            checkStarts(querier, context);
            SortedMap<String, Metadata> found = whole(querier.metadata(""));
            assertThat(found.keySet()).as("%s: metadata", context).containsAll(metadataKept);
            found.forEach((metric, said) ->
                    assertThat(said).as("%s: metadata of %s", context, metric).isIn(metadata.get(metric)));
        }
    }

    private static <T> T whole(Found<T> answer) {
        assertThat(answer.holes()).isEmpty();
        return answer.found();
    }

    private static Set<Said<Exemplar>> exemplars(Querier querier) {
        Set<Said<Exemplar>> found = new HashSet<>();
        for (SeriesExemplars of : whole(querier.exemplars(ALL))) {
            Exemplar before = null;
            for (Exemplar exemplar : of.exemplars()) {
                assertThat(before == null || before.compareTo(exemplar) < 0).isTrue();
                before = exemplar;
                found.add(new Said<>(of.series(), exemplar));
            }
        }
        return found;
    }

    private void checkStarts(Querier querier, String context) {
        Map<Said<Long>, Long> found = new HashMap<>();
        for (SeriesStarts of : whole(querier.startTimes(ALL))) {
            for (StartTime start : of.starts()) {
                assertThat(startsSent).as("%s: starts sent", context).contains(new Said<>(of.series(), start));
                found.put(new Said<>(of.series(), start.start()), start.time());
            }
        }
        for (Said<StartTime> kept : startsKept) {
            Long time = found.get(new Said<>(kept.labels(), kept.what().start()));
            assertThat(time).as("%s: start %s", context, kept).isNotNull();
            assertThat(time).isLessThanOrEqualTo(kept.what().time());
        }
    }

    /** All samples in a range, floats as their bits; times must increase. */
    private static Map<Key, Object> read(Tsdb db, TimeRange range) {
        Map<Key, Object> found = new HashMap<>();
        try (Querier querier = db.querier(range);
                SeriesSet set = querier.select(ALL)) {
            while (set.next()) {
                long before = Long.MIN_VALUE;
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        long time = columns.times()[i];
                        assertThat(time).isGreaterThan(before);
                        before = time;
                        Object sample = columns.kind() == SampleKind.HISTOGRAM
                                ? columns.histogram(i)
                                : (Object) Double.doubleToRawLongBits(columns.values()[i]);
                        found.put(new Key(set.labels(), time), sample);
                    }
                }
            }
            assertThat(set.holes()).isEmpty();
        }
        return found;
    }

    /** Checks that a range answers what all does in that range. */
    void checkRange(Tsdb db, String context) {
        long from = random.nextLong(clock + 2_000);
        TimeRange range = TimeRange.of(from, from + random.nextLong(clock));
        Map<Key, Object> expected = read(db, TimeRange.ALL);
        expected.keySet().removeIf(key -> !range.contains(key.time()));
        assertThat(read(db, range)).as("%s: %s", context, range).isEqualTo(expected);
    }

    /** What a store answers is what will be asked of it from now on. */
    void settle(Tsdb db) {
        samples.clear();
        acknowledged.clear();
        read(db, TimeRange.ALL).forEach((key, found) -> {
            samples.put(key, new HashSet<>(Set.of(found)));
            acknowledged.add(key);
        });
        try (Querier querier = db.querier(TimeRange.ALL)) {
            exemplarsKept.clear();
            exemplarsKept.addAll(exemplars(querier));
            startsKept.clear();
            whole(querier.startTimes(ALL))
                    .forEach(of -> of.starts().forEach(start -> startsKept.add(new Said<>(of.series(), start))));
            metadata.clear();
            metadataKept.clear();
            whole(querier.metadata("")).forEach((metric, said) -> {
                metadata.put(metric, new HashSet<>(Set.of(said)));
                metadataKept.add(metric);
            });
        }
    }
}
