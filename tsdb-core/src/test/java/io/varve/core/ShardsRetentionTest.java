package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.RollupRule;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The size that a store keeps is that of all its shards: samples, rollups and logs. */
class ShardsRetentionTest {

    private static final int SERIES = 12;
    private static final RollupRule RULE = new RollupRule(Duration.ofSeconds(10), Duration.ZERO, false);
    private static final TsdbConfig CONFIG = TsdbConfig.defaults()
            .shards(2)
            .ringBytes(1 << 23)
            .blockSpan(Duration.ofSeconds(100))
            .retention(Duration.ofDays(12))
            .rollups(List.of(RULE));

    private final SimulatedFileSystem files = new SimulatedFileSystem();

    private Tsdb open(TsdbConfig config) throws IOException {
        return SmallStore.open(files, config, new SettableTime(SmallStore.START + 9 * 86_400_000L));
    }

    /** So much that a block is large beside a log. */
    private static void write(Tsdb db, int second) {
        Random random = new Random(second);
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int i = 0; i < 4_000; i++) {
                for (int series = 0; series < SERIES; series++) {
                    Labels labels = Labels.of("__name__", "m", "series", "s" + series);
                    long time = SmallStore.START + 1_000L * (second + i) + 1;
                    appender.append(appender.series(labels), time, random.nextDouble());
                }
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    /** Bytes of all blocks' files, those of rollups too. */
    private long fileBytes() throws IOException {
        long bytes = 0;
        for (String directory : List.of("blocks", "shards/01/blocks")) {
            for (String name : files.list(directory)) {
                bytes += files.read(directory + "/" + name, 1 << 24).length;
            }
        }
        return bytes;
    }

    /** Waits for what retention does at start; nothing asks for merges here. */
    private static void waitForBlocks(Tsdb db, int blocks) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (db.status().blocks() > blocks) {
            assertThat(System.nanoTime())
                    .as("waiting for " + blocks + " blocks")
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** What the logs will take after the next opening: each begins segments. */
    private long nextLogBytes(TsdbConfig config) throws IOException {
        long[] bytes = new long[2];
        for (int i = 0; i < 2; i++) {
            try (Tsdb db = open(config)) {
                bytes[i] = db.status().walBytes();
            }
        }
        return 2 * bytes[1] - bytes[0];
    }

    @Test
    void rollupsOfAllShardsCount() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            for (int day = 0; day <= 8; day += 4) { // too far apart to merge
                write(db, day * 86_400);
                db.flush();
            }
            db.cleanTombstones(); // and rolls up
        }
        long raw;
        try (Tsdb db = open(CONFIG)) {
            db.cleanTombstones();
            assertThat(db.status().blocks()).isEqualTo(6);
            raw = db.status().blockBytes();
        }
        long log = nextLogBytes(CONFIG);
        long rollups = fileBytes() - raw;
        assertThat(rollups).isPositive();
        try (Tsdb db = open(CONFIG.retentionBytes(raw + log + rollups - rollups / 8))) {
            waitForBlocks(db, 5);
            db.cleanTombstones();
            assertThat(db.status().blocks()).as("the oldest of one shard went").isEqualTo(5);
        }
    }

    /** Both shards have as old a block: one of them goes, and both know which. */
    @Test
    void ofEquallyOldBlocksOneGoes() throws IOException {
        TsdbConfig config = CONFIG.rollups(List.of());
        try (Tsdb db = open(config)) {
            write(db, 0);
            db.flush();
            write(db, 8 * 86_400);
            db.flush();
        }
        long raw;
        try (Tsdb db = open(config)) {
            raw = db.status().blockBytes();
            assertThat(db.status().blocks()).isEqualTo(4);
        }
        try (Tsdb db = open(config.retentionBytes(raw + nextLogBytes(config) - 1))) {
            waitForBlocks(db, 3);
            db.cleanTombstones();
            assertThat(db.status().blocks()).isEqualTo(3);
        }
    }
}
