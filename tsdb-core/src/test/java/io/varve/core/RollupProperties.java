package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.block.RollupSpan;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramSamples;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.RollupRule;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.RollupHistograms;
import io.varve.core.storage.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Rollups say what the samples said from which they were made, bit for bit: whatever late samples, repetitions,
 * corrections, deletions, seals, merges, restarts and expired samples there are.
 */
class RollupProperties {

    private static final int SERIES = 5;
    private static final long START = 1_700_000_000_000L;
    private static final long NARROW = 10_000;
    private static final long WIDE = 60_000;
    private static final Duration RAW = Duration.ofMinutes(9);
    private static final Duration SHORT = Duration.ofMinutes(5);

    private static final TsdbConfig CONFIG = TsdbConfig.defaults()
            .ringBytes(1 << 16)
            .blockSpan(Duration.ofMinutes(2))
            .retention(RAW)
            .retentionRules(List.of(new RetentionRule(List.of(Matcher.equal("zone", "z0")), SHORT)))
            .rollups(List.of(
                    new RollupRule(Duration.ofMillis(NARROW), Duration.ZERO, false),
                    new RollupRule(Duration.ofMillis(WIDE), Duration.ZERO, true)));

    private final Map<Labels, TreeMap<Long, Object>> model = new TreeMap<>();

    /** Ends of buckets of which a part may have been deleted when its samples had expired, by width. */
    private final Map<Long, Map<Labels, Set<Long>>> cut = new TreeMap<>();

    private SettableTime time = new SettableTime(START);
    private long clock = START;

    private static Labels labels(int series) {
        return Labels.of("__name__", "m", "host", "h" + series, "zone", "z" + series % 2);
    }

    private static long cutoff(Labels labels, long now) {
        return now - ("z0".equals(labels.get("zone")) ? SHORT : RAW).toMillis();
    }

    @Property(tries = 60)
    void rollupsSayWhatSamplesSaid(@ForAll Random random) throws IOException {
        model.clear();
        cut.clear();
        time = new SettableTime(START);
        clock = START;
        SimulatedFileSystem disk = new SimulatedFileSystem();
        Tsdb db = open(disk);
        try {
            write(db, random);
            for (int step = 0; step < 25; step++) {
                switch (random.nextInt(9)) {
                    case 0, 1, 2 -> write(db, random);
                    case 3 -> db.flush();
                    case 4 -> {
                        db.flush();
                        db.compact();
                        check(db, true, "compacted, step " + step);
                    }
                    case 5 -> delete(db, random);
                    case 6 -> {
                        db.flush();
                        pass(Duration.ofSeconds(random.nextInt(300)));
                    }
                    case 7 -> {
                        db.close();
                        db = open(disk);
                    }
                    default -> check(db, false, "step " + step);
                }
            }
            db.flush();
            db.compact();
            check(db, true, "in the end");
            db.close();
            db = open(disk);
            check(db, true, "after a restart");
            db.cleanTombstones();
            assertThat(db.liveDeletions()).isZero();
            check(db, true, "after cleaning");
        } finally {
            db.close();
        }
        assertThat(Verification.verify(disk).findings()).isEmpty();
    }

    private Tsdb open(SimulatedFileSystem disk) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(time, new Random(1));
        return Tsdb.open(disk, CONFIG, runtime, "main", runtime);
    }

    private void pass(Duration duration) {
        time.pass(duration);
        clock += duration.toMillis();
    }

    private void write(Tsdb db, Random random) {
        boolean histograms = random.nextInt(3) == 0;
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int i = 20 + random.nextInt(150); i > 0; i--) {
                Labels labels = labels(random.nextInt(SERIES));
                if (random.nextInt(3) == 0) {
                    pass(Duration.ofMillis(500L * random.nextInt(6)));
                }
                // Late by at most half of what the samples of any series are kept for.
                long late = random.nextInt(5) == 0 ? 500L * random.nextInt((int) SHORT.toMillis() / 1_000) : 0;
                long at = Math.max(START, clock / 500 * 500 - late);
                TreeMap<Long, Object> samples = model.computeIfAbsent(labels, key -> new TreeMap<>());
                Object sample;
                if (histograms) {
                    Map.Entry<Long, Object> before = samples.lowerEntry(at);
                    Histogram last = before != null && before.getValue() instanceof Histogram one ? one : null;
                    Histogram next = HistogramSamples.next(random, last);
                    assertThat(appender.append(appender.series(labels), at, next))
                            .isEqualTo(Verdict.ACCEPTED);
                    if (i % 8 == 0) { // a batch is an eighth of the ring at most
                        assertThat(appender.commit().refused()).isZero();
                    }
                    sample = next;
                } else {
                    double value = value(random);
                    appender.append(appender.series(labels), at, value);
                    sample = Double.doubleToRawLongBits(value);
                }
                Object old = samples.get(at);
                if (old == null || !isStale(sample) || isStale(old)) {
                    samples.put(at, sample);
                }
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    private static boolean isStale(Object sample) {
        return sample instanceof Histogram histogram ? histogram.isStale() : (Long) sample == StaleMarker.BITS;
    }

    private static double value(Random random) {
        return switch (random.nextInt(14)) {
            case 0 -> StaleMarker.VALUE;
            case 1 -> Double.NaN;
            case 2 -> Double.longBitsToDouble(0x7ff8000000000123L);
            case 3 -> -0.0;
            case 4 -> Math.exp(20 * random.nextGaussian());
            case 5 -> -random.nextInt(1_000) / 8.0;
            default -> random.nextInt(10_000) / 100.0;
        };
    }

    private void delete(Tsdb db, Random random) {
        Matcher matcher = random.nextInt(3) == 0
                ? Matcher.equal("__name__", "m")
                : Matcher.equal("host", "h" + random.nextInt(SERIES));
        long from = START + random.nextInt((int) Math.max(1, clock - START));
        TimeRange range = TimeRange.of(from, from + random.nextInt(200_000));
        db.delete(List.of(matcher), range);
        model.forEach((labels, samples) -> {
            if (matcher.matches(labels.get(matcher.name()))) {
                for (long width : List.of(NARROW, WIDE)) {
                    noteCut(width, labels, range);
                }
                samples.keySet().removeIf(range::contains);
            }
        });
    }

    /** Buckets that a deletion meets, and whose samples may have gone by now. */
    private void noteCut(long width, Labels labels, TimeRange range) {
        long last = RollupSpan.endOf(range.to(), width);
        for (long end = RollupSpan.endOf(range.from(), width); end <= last; end += width) {
            if (end - WIDE <= cutoff(labels, clock) + 5_000) {
                cut.computeIfAbsent(width, key -> new TreeMap<>())
                        .computeIfAbsent(labels, key -> new HashSet<>())
                        .add(end);
            }
        }
    }

    /** @param settled whether everything was sealed and compacted just now */
    private void check(Tsdb db, boolean settled, String context) {
        for (long width : List.of(NARROW, WIDE)) {
            List<TimeRange> covered = new ArrayList<>();
            Map<Labels, RollupModel.Series> found = RollupModel.read(db, width, covered);
            if (settled) {
                checkReach(width, covered, context);
            }
            model.forEach((labels, samples) -> check(
                    width,
                    settled,
                    covered,
                    labels,
                    samples,
                    found.getOrDefault(labels, new RollupModel.Series(new TreeMap<>(), List.of())),
                    context + ", width " + width + ", " + labels));
        }
    }

    /** No sample of a bucket that has ended is outside; a stretch without samples may be. */
    private void checkReach(long width, List<TimeRange> covered, String context) {
        long newest = model.values().stream()
                .filter(samples -> !samples.isEmpty())
                .mapToLong(TreeMap::lastKey)
                .max()
                .orElse(Long.MIN_VALUE);
        model.forEach((labels, samples) -> samples.keySet().forEach(time -> {
            if (RollupSpan.endOf(time, width) <= newest) {
                assertThat(covered)
                        .as(context + ", width " + width + ", " + labels + " at " + (time - START))
                        .anyMatch(range -> range.contains(time));
            }
        }));
    }

    private void check(
            long width,
            boolean settled,
            List<TimeRange> covered,
            Labels labels,
            SortedMap<Long, Object> samples,
            RollupModel.Series found,
            String context) {
        SortedMap<Long, SortedMap<Long, Object>> expected = RollupModel.split(samples, width);
        Set<Long> cutEnds = cut.getOrDefault(width, Map.of()).getOrDefault(labels, Set.of());
        found.buckets().forEach((end, answer) -> {
            String where = context + ", bucket " + (end - START) + ", of " + expected.get(end);
            assertThat(covered).as(where).anyMatch(range -> range.contains(end));
            if (answer.exact()) {
                assertThat(expected).as(where).containsKey(end);
                RollupModel.assertSame(where, end, expected.getOrDefault(end, new TreeMap<>()), answer);
            } else {
                assertThat(!settled || cutEnds.contains(end)).as(where).isTrue();
            }
        });
        checkIncrease(context, expected, found);
        expected.forEach((end, of) -> {
            boolean rolledUp = covered.stream().anyMatch(range -> range.contains(end));
            if (rolledUp && !found.buckets().containsKey(end)) {
                assertThat(found.isTouched(end) || cutEnds.contains(end))
                        .as(context + ", no bucket " + (end - START) + ", of " + of)
                        .isTrue();
            }
        });
        if (settled) {
            assertThat(found.touched()).as(context).isEmpty();
        }
    }

    /** The increase over all buckets up to one that is not exact. */
    private static void checkIncrease(
            String context, SortedMap<Long, SortedMap<Long, Object>> expected, RollupModel.Series found) {
        SortedMap<Long, Histogram> all = new TreeMap<>();
        List<RollupHistograms> buckets = new ArrayList<>();
        for (Map.Entry<Long, SortedMap<Long, Object>> bucket : expected.entrySet()) {
            RollupModel.Answer answer = found.buckets().get(bucket.getKey());
            if (answer == null || !answer.exact()) {
                break;
            }
            bucket.getValue().forEach((at, sample) -> {
                if (sample instanceof Histogram histogram) {
                    all.put(at, histogram);
                }
            });
            if (answer.histograms() != null) {
                buckets.add(answer.histograms());
            }
        }
        RollupHistogramsModel.assertIncrease(context, all, buckets);
    }
}
