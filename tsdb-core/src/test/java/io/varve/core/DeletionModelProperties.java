package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Samples, late ones, deletions, seals, merges and starts in any order: the answers are those of a plain map. */
class DeletionModelProperties {

    private static final TsdbConfig CONFIG =
            TsdbConfig.defaults().ringBytes(1 << 16).walBytes(64 << 10).headBytes(64 << 20);

    private static final int SERIES = 9;

    private final TreeMap<Labels, TreeMap<Long, Long>> model = new TreeMap<>();

    private static Tsdb open(SimulatedFileSystem files) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(files, CONFIG, runtime, "main", runtime);
    }

    private static Labels labels(int series) {
        return Labels.of("__name__", "m", "host", "h" + series, "zone", "z" + series % 3);
    }

    @Property(tries = 40)
    void answersLikeAPlainMap(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        SimulatedFileSystem disk = new SimulatedFileSystem();
        model.clear();
        long clock = 0;
        Tsdb db = open(disk);
        try {
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> db.flush();
                    case 1 -> db.compact();
                    case 2 -> db.cleanTombstones();
                    case 3 -> {
                        db.close();
                        db = open(disk);
                    }
                    case 4, 5, 6 -> delete(db, random, clock);
                    default -> clock = append(db, random, clock);
                }
                check(db, random, "seed " + seed + ", step " + step);
            }
            db.flush();
            db.cleanTombstones();
            check(db, random, "seed " + seed + ", clean");
            assertClean(db, disk);
        } finally {
            db.close();
        }
    }

    private long append(Tsdb db, Random random, long clock) {
        long now = clock;
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int i = 1 + random.nextInt(60); i > 0; i--) {
                int series = random.nextInt(SERIES);
                now += random.nextInt(3) == 0 ? 10 : 0;
                long time = random.nextInt(4) == 0 ? 10L * random.nextInt((int) (now / 10) + 1) : now;
                double value = random.nextInt(12) == 0 ? StaleMarker.VALUE : random.nextInt(3);
                appender.append(appender.series(labels(series)), time, value);
                TreeMap<Long, Long> samples = model.computeIfAbsent(labels(series), key -> new TreeMap<>());
                Long old = samples.get(time);
                if (old == null || !StaleMarker.is(value) || old == StaleMarker.BITS) {
                    samples.put(time, Double.doubleToRawLongBits(value));
                }
            }
            assertThat(appender.commit().refused()).isZero();
        }
        return now;
    }

    private void delete(Tsdb db, Random random, long clock) {
        List<Matcher> matchers = matchers(random);
        long from = random.nextInt((int) clock + 1);
        TimeRange range =
                random.nextInt(5) == 0 ? TimeRange.ALL : TimeRange.of(from, from + random.nextInt((int) clock + 1));
        db.delete(matchers, range);
        model.forEach((labels, samples) -> {
            if (matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.name())))) {
                samples.keySet().removeIf(range::contains);
            }
        });
    }

    private static List<Matcher> matchers(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> List.of(Matcher.equal("__name__", "m"));
            case 1 -> List.of(Matcher.equal("__name__", "m"), Matcher.notEqual("zone", "z1"));
            case 2 -> List.of(Matcher.regex("host", "h[" + random.nextInt(5) + "-8]"));
            case 3 -> List.of(Matcher.equal("zone", "z0"), Matcher.notRegex("host", "h[36]"));
            default -> List.of(Matcher.equal("host", "h" + random.nextInt(SERIES)));
        };
    }

    private void check(Tsdb db, Random random, String context) {
        long from = random.nextInt(300);
        TimeRange range = random.nextBoolean() ? TimeRange.ALL : TimeRange.of(from, from + random.nextInt(300));
        Map<Labels, TreeMap<Long, Long>> expected = new TreeMap<>();
        model.forEach((labels, samples) -> {
            TreeMap<Long, Long> in = new TreeMap<>(samples);
            in.keySet().removeIf(time -> !range.contains(time));
            if (!in.isEmpty()) {
                expected.put(labels, in);
            }
        });
        Map<Labels, TreeMap<Long, Long>> found = new TreeMap<>();
        try (Querier querier = db.querier(range);
                SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                TreeMap<Long, Long> samples = new TreeMap<>();
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        samples.put(columns.times()[i], Double.doubleToRawLongBits(columns.values()[i]));
                    }
                }
                found.put(set.labels(), samples);
            }
            assertThat(set.holes()).as(context).isEmpty();
            assertThat(found).as(context).isEqualTo(expected);
            assertThat(querier.labelValues("host"))
                    .as(context)
                    .containsAll(expected.keySet().stream()
                            .map(labels -> labels.get("host"))
                            .toList());
        }
    }

    /** Nothing of what is deleted takes room any more. */
    private void assertClean(Tsdb db, SimulatedFileSystem disk) throws IOException {
        assertThat(db.liveDeletions()).isZero();
        TreeSet<String> hosts = new TreeSet<>();
        long samples = 0;
        for (Map.Entry<Labels, TreeMap<Long, Long>> series : model.entrySet()) {
            samples += series.getValue().size();
            if (!series.getValue().isEmpty()) {
                hosts.add(series.getKey().get("host"));
            }
        }
        try (Querier querier = db.querier(TimeRange.ALL)) {
            assertThat(querier.labelValues("host")).containsExactlyElementsOf(hosts);
            assertThat(querier.labelNames(Matcher.regex("host", ".+")))
                    .isEqualTo(hosts.isEmpty() ? List.of() : List.of("__name__", "host", "zone"));
        }
        db.compact();
        assertThat(db.status().blockSamples()).isEqualTo(samples);
        db.close();
        assertThat(Verification.verify(disk).findings()).isEmpty();
    }
}
