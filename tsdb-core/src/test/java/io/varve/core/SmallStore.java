package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Stores of a few samples, for tests of what happens to their files. */
final class SmallStore {

    static final TsdbConfig CONFIG = TsdbConfig.defaults().ringBytes(1 << 16);
    static final long START = 1_700_000_000_000L;

    private SmallStore() {}

    static Tsdb open(SimulatedFileSystem files) throws IOException {
        return open(files, CONFIG, new SettableTime(START + 86_400_000L));
    }

    static Tsdb open(SimulatedFileSystem files, TsdbConfig config, SettableTime time) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(time, new Random(1));
        return Tsdb.open(files, config, runtime, "main", runtime);
    }

    /** Ten samples of each of three series, one second apart, from a second on. */
    static void write(Tsdb db, int second) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int series = 0; series < 3; series++) {
                long ref = appender.series(Labels.of("__name__", "m", "series", "s" + series));
                for (int i = 0; i < 10; i++) {
                    appender.append(ref, START + 1_000L * (second + i), second + series + i / 8.0);
                }
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    /** Two blocks (seconds 0 to 9 and 10 to 29), too few to merge, and a log (seconds 30 to 39), closed. */
    static SimulatedFileSystem filled() throws IOException {
        SimulatedFileSystem files = new SimulatedFileSystem();
        try (Tsdb db = open(files)) {
            write(db, 0);
            db.flush();
            write(db, 10);
            write(db, 20);
            db.flush();
            write(db, 30);
        }
        return files;
    }

    /** All samples as text, one each, sorted. */
    static List<String> read(Tsdb db) {
        return read(db, new ArrayList<>());
    }

    static List<String> read(Tsdb db, List<Hole> holes) {
        TreeSet<String> found = new TreeSet<>();
        int count = 0;
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        found.add(set.labels().get("series") + " " + (columns.times()[i] - START) / 1_000 + " "
                                + columns.values()[i]);
                        count++;
                    }
                }
            }
            holes.addAll(set.holes());
        }
        assertThat(found).as("each once").hasSize(count);
        return List.copyOf(found);
    }

    /** What {@link #read} answers for the given seconds. */
    static List<String> samples(int fromSecond, int toSecond) {
        TreeSet<String> expected = new TreeSet<>();
        for (int second = fromSecond; second < toSecond; second++) {
            int batch = second / 10 * 10;
            for (int series = 0; series < 3; series++) {
                expected.add("s" + series + " " + second + " " + (batch + series + second % 10 / 8.0));
            }
        }
        return List.copyOf(expected);
    }
}
