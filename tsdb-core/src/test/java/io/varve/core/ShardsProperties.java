package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Exemplar;
import io.varve.core.model.HistogramSamples;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.SampleKind;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.WireLabels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever number of shards a store has, it answers as a plain map does, and as a store of one. */
class ShardsProperties {

    private static final int SERIES = 12;
    private static final int RESTART = 1;
    private static final WireLabels WIRE =
            (bytes, offset, length) -> Labels.of(new String(bytes, offset, length, StandardCharsets.UTF_8).split(","));

    private static Tsdb open(SimulatedFileSystem disk, int shards) throws IOException {
        TsdbConfig config = TsdbConfig.defaults()
                .shards(shards)
                .ringBytes(1 << 16)
                .walBytes(40_000)
                .headBytes(64 << 20);
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(disk, config, runtime, "main", runtime);
    }

    @Property(tries = 30)
    void samplesAndDeletionsAreThoseOfAPlainMap(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int shards)
            throws IOException {
        Random random = new Random(seed);
        StoreModel model = new StoreModel(random);
        SimulatedFileSystem disk = new SimulatedFileSystem();
        for (int life = 0; life < 3; life++) {
            try (Tsdb db = open(disk, shards)) {
                for (int step = 0; step < 15; step++) {
                    switch (random.nextInt(9)) {
                        case 0 -> db.flush();
                        case 1 -> db.compact();
                        case 2 -> db.cleanTombstones();
                        case 3 -> model.delete(db);
                        default -> assertThat(model.commitBatch(db)).isTrue();
                    }
                    model.check(db, "seed " + seed + ", shards " + shards + ", life " + life + ", step " + step);
                }
            }
        }
        assertThat(Verification.verify(disk).findings()).isEmpty();
    }

    @Property(tries = 30)
    void allKindsAreFoundAsTheyWereSaid(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int shards)
            throws IOException {
        Random random = new Random(seed);
        KindsModel model = new KindsModel(random);
        SimulatedFileSystem disk = new SimulatedFileSystem();
        for (int life = 0; life < 3; life++) {
            try (Tsdb db = open(disk, shards)) {
                model.check(db, "opened, seed " + seed);
                for (int step = 0; step < 8; step++) {
                    switch (random.nextInt(8)) {
                        case 0 -> db.flush();
                        case 1 -> db.compact();
                        default -> model.commitBatch(db);
                    }
                    model.check(db, "seed " + seed + ", life " + life + ", step " + step);
                    model.checkRange(db, "seed " + seed);
                }
            }
        }
        assertThat(Verification.verify(disk).findings()).isEmpty();
    }

    private static Labels labels(int series) {
        return Labels.of("__name__", "m" + series % 3, "host", "h" + series, "z" + series % 4, "\u00fc\ud83d\ude00");
    }

    /** The same work on a store of one shard and on one of several; answers are compared as texts. */
    @Property(tries = 40)
    void answersAreThoseOfOneShard(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int shards)
            throws IOException {
        SimulatedFileSystem[] disks = {new SimulatedFileSystem(), new SimulatedFileSystem()};
        Tsdb[] stores = {open(disks[0], 1), open(disks[1], shards)};
        try {
            Random random = new Random(seed);
            for (int step = 0; step < 25; step++) {
                long chosen = random.nextLong();
                int task = random.nextInt(11);
                String[] said = new String[2];
                for (int i = 0; i < 2; i++) {
                    if (task == RESTART) {
                        stores[i].close();
                        stores[i] = open(disks[i], i == 0 ? 1 : shards);
                    }
                    said[i] = work(stores[i], task, new Random(chosen), step) + answers(stores[i], new Random(chosen));
                }
                assertThat(said[1]).as("seed " + seed + ", step " + step).isEqualTo(said[0]);
            }
        } finally {
            stores[0].close();
            stores[1].close();
        }
        assertThat(Verification.verify(disks[1]).findings()).isEmpty();
    }

    private static String work(Tsdb db, int task, Random random, int step) throws IOException {
        switch (task) {
            case 0 -> {}
            case 1 -> db.flush();
            case 2 -> db.compact();
            case 3 ->
                db.delete(
                        List.of(Matcher.regex("host", "h[" + random.nextInt(9) + "-9]")),
                        TimeRange.of(10L * random.nextInt(step + 1), 10L * (step + 2)));
            default -> {
                try (Appender appender = db.appender(Durability.SYNCED)) {
                    for (int i = 0; i < 3; i++) { // the second batch finds what the first has made
                        fill(appender, random, 10L * step + 3L * i + 3);
                        Commit commit = appender.commit();
                        assertThat(commit.refused()).isZero();
                        if (i == 2) {
                            return commit.accepted() + " " + commit.others() + " " + appender.pending();
                        }
                    }
                }
            }
        }
        return "";
    }

    private static void fill(Appender appender, Random random, long time) {
        for (int i = 0; i < 10; i++) {
            Labels labels = labels(random.nextInt(SERIES));
            long ref;
            if (random.nextBoolean()) {
                ref = appender.series(labels);
            } else {
                StringBuilder wire = new StringBuilder();
                for (int at = 0; at < labels.size(); at++) {
                    wire.append(labels.name(at))
                            .append(',')
                            .append(labels.value(at))
                            .append(',');
                }
                byte[] bytes = wire.toString().getBytes(StandardCharsets.UTF_8);
                ref = appender.series(bytes, 0, bytes.length - 1, WIRE);
            }
            switch (random.nextInt(6)) {
                case 0 -> appender.append(ref, time, HistogramSamples.random(random));
                case 1 -> appender.exemplar(ref, new Exemplar(Labels.of("t", "t" + random.nextInt(9)), time, 1));
                case 2 -> appender.startTime(ref, time, time - 1);
                default -> appender.append(ref, time + 1, random.nextInt(9));
            }
        }
        if (random.nextBoolean()) {
            appender.metadata("m" + random.nextInt(3), new Metadata(Metadata.Type.byId(1), "h" + time, "s"));
        }
    }

    private static String answers(Tsdb db, Random random) {
        long from = random.nextInt(200);
        TimeRange range = random.nextBoolean() ? TimeRange.ALL : TimeRange.of(from, from + random.nextInt(100));
        Matcher matcher = random.nextBoolean() ? Matcher.regex("host", ".+") : Matcher.equal("__name__", "m1");
        StringBuilder text = new StringBuilder();
        try (Querier querier = db.querier(range);
                SeriesSet set = querier.select(matcher)) {
            while (set.next()) {
                text.append('\n').append(set.labels());
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        text.append(' ').append(columns.times()[i]).append('=');
                        text.append(columns.kind() == SampleKind.FLOAT ? columns.values()[i] : columns.histogram(i));
                    }
                }
            }
            text.append(set.holes());
            text.append('\n').append(PlainStore.listed(querier, matcher));
            text.append('\n').append(querier.labelNames()).append(querier.labelNames(matcher));
            text.append(querier.labelValues("host")).append(querier.labelValues("host", matcher));
            text.append('\n').append(querier.exemplars(matcher));
            text.append('\n').append(querier.startTimes(matcher));
            text.append('\n').append(querier.metadata("")).append(querier.metadata("m1"));
            text.append(querier.losses());
        }
        return text.toString();
    }
}
