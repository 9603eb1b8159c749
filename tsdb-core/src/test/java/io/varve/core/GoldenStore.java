package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.ResetHint;
import io.varve.core.model.RollupRule;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.RollupCursor;
import io.varve.core.storage.RollupSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * A small store with all that a data directory can hold: two shards, blocks of two levels that overlap, a log with late
 * samples and a deletion, all kinds of samples, exemplars, starts, metadata, a list of deletions, and rollups.
 */
final class GoldenStore {

    static final long START = 1_763_780_400_000L;

    private static final Pattern DECIMAL = Pattern.compile("\\d+\\.\\d+(E-?\\d+)?\\b(?!p)");
    private static final int STEP = 10_000;
    private static final long WIDTH = 100_000;
    private static final Matcher ALL = Matcher.regex("job", ".+");
    private static final TsdbConfig CONFIG = TsdbConfig.defaults()
            .shards(2)
            .retention(Duration.ofDays(3))
            .rollups(List.of(new RollupRule(Duration.ofMillis(WIDTH), Duration.ZERO, true)));

    private GoldenStore() {}

    static Tsdb open(Path store) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(new SettableTime(START + 86_400_000L), new Random(1));
        return Tsdb.open(store, CONFIG, runtime);
    }

    static void fill(Path store) throws IOException {
        try (Tsdb db = open(store)) {
            write(db, 0, 150);
            db.flush();
            write(db, 125, 200); // again, and further
            db.flush();
            delete(db, "0", 40, 45);
            db.compact(); // a block of level one, without what is deleted, and its rollups
            write(db, 200, 250);
            db.flush();
            delete(db, "1", 170, 171); // too little to write a block anew
            write(db, 25, 30); // late
            db.flush();
            write(db, 250, 262);
            write(db, 247, 249);
            delete(db, "2", 260, 260);
        }
    }

    private static void delete(Tsdb db, String host, int fromStep, int toStep) throws IOException {
        db.delete(
                List.of(Matcher.equal("host", "hôte-" + host)),
                TimeRange.of(START + (long) fromStep * STEP, START + (long) toStep * STEP));
    }

    private static Labels series(int number) {
        return Labels.of("__name__", "m" + number % 3, "host", "hôte-" + number, "job", number < 4 ? "a" : "b");
    }

    private static double value(int series, int step) {
        return switch (series) {
            case 0 -> step * 15;
            case 1 -> Math.floor(Math.abs(Math.IEEEremainder(step * 0.37, 11)) * 100) / 100;
            case 2 -> step % 50 == 49 ? StaleMarker.VALUE : 0.1 + step * 0.2;
            case 3 ->
                step % 7 == 0 ? Double.NaN : Double.longBitsToDouble(0x3ff0_0000_0000_0000L + step * 0x9e37_79b9L);
            case 4 -> step % 100 < 90 ? 0 : Double.POSITIVE_INFINITY;
            default -> -0.0;
        };
    }

    /** Integers of one schema that are once reset, floats whose schema changes, or integers with custom bounds. */
    private static Histogram histogram(int series, int step) {
        long count = step < 100 ? step : step - 100;
        return switch (series) {
            case 6 ->
                Histogram.integer(
                        HistogramLayout.exponential(3, false, 0x1p-128, new int[] {0, 2, 1, 1}, new int[] {0, 1}),
                        ResetHint.UNKNOWN,
                        count,
                        7 * count,
                        count * 1.5,
                        count,
                        2 * count,
                        2 * count,
                        count);
            case 7 ->
                Histogram.floating(
                        HistogramLayout.exponential(step < 60 ? 2 : 1, true, 0, new int[] {-1, 3}, new int[0]),
                        ResetHint.GAUGE,
                        0,
                        step * 0.75,
                        step * 2.5,
                        step * 0.25,
                        step * 0.25,
                        step * 0.25);
            default ->
                Histogram.integer(
                        HistogramLayout.custom(false, new int[] {0, 3}, new double[] {0.1, 1}),
                        ResetHint.UNKNOWN,
                        0,
                        3L * step,
                        step,
                        step,
                        step,
                        step);
        };
    }

    static void write(Tsdb db, int from, int to) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int step = from; step < to; step++) {
                for (int series = 0; series < 9; series++) {
                    long time = START + (long) step * STEP + (series == 5 ? step * 31L % 97 : 0);
                    long ref = appender.series(series(series));
                    if (series < 6) {
                        appender.append(ref, time, value(series, step));
                    } else {
                        appender.append(ref, time, histogram(series, step));
                    }
                }
                writeBeside(appender, step);
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    private static void writeBeside(Appender appender, int step) {
        long time = START + (long) step * STEP;
        if (step % 40 == 0) {
            appender.exemplar(
                    appender.series(series(0)), new Exemplar(Labels.of("trace_id", "t" + step), time, step / 4.0));
            appender.startTime(appender.series(series(6)), time, START - 5_000 + step / 100);
        }
        if (step % 100 == 0) {
            appender.metadata("m" + step / 100, new Metadata(Metadata.Type.byId(1), "Help, été " + step, "s"));
        }
    }

    /** A line with its decimals as bits: which digits stand for a number changed with JDK 19. */
    static String exact(String line) {
        return DECIMAL.matcher(line).replaceAll(number -> Double.toHexString(Double.parseDouble(number.group())));
    }

    /** All that is answered, but for rollups, as lines. */
    static List<String> answer(Path store) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Tsdb db = open(store)) {
            PlainStore all = PlainStore.read(db, ALL);
            all.samples.forEach((series, samples) -> samples.forEach((time, sample) -> lines.add("sample " + series
                    + " " + time + " " + (sample instanceof Long bits ? Long.toHexString(bits) : sample))));
            all.exemplars.forEach((series, exemplars) ->
                    exemplars.forEach(exemplar -> lines.add("exemplar " + series + " " + exemplar)));
            all.starts.forEach((series, starts) ->
                    starts.forEach((start, time) -> lines.add("start " + series + " " + start + " " + time)));
            all.metadata.forEach((metric, metadata) -> lines.add("metadata " + metric + " " + metadata));
        }
        return lines;
    }

    /** The buckets of rollups of the block that was there first, as lines. */
    static List<String> rollups(Path store) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Tsdb db = open(store);
                Querier querier = db.querier(TimeRange.of(START, START + 190 * STEP));
                RollupSet set = querier.rollups(WIDTH, ALL)) {
            while (set.next()) {
                for (RollupCursor cursor = set.buckets(); cursor.nextPage(); ) {
                    for (int i = 0; i < cursor.size(); i++) {
                        lines.add("rollup " + set.labels() + " " + cursor.ends()[i] + " " + bucket(cursor, i));
                    }
                }
            }
            assertThat(set.holes()).isEmpty();
        }
        return lines;
    }

    private static String bucket(RollupCursor cursor, int i) {
        RollupModel.Answer answer = RollupModel.answer(cursor, i);
        StringBuilder sketch = new StringBuilder();
        if (answer.sketch() != null) {
            answer.sketch().forEachBucket(true, (index, count) -> sketch.append(" -")
                    .append(index)
                    .append(':')
                    .append(count));
            answer.sketch().forEachBucket(false, (index, count) -> sketch.append(" +")
                    .append(index)
                    .append(':')
                    .append(count));
        }
        return answer.bucket() + " " + Double.toHexString(answer.sum()) + " " + Double.toHexString(answer.correction())
                + " " + answer.exact() + " [" + sketch + "] " + answer.histograms();
    }
}
