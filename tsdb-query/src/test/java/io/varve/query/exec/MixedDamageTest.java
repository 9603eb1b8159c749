package io.varve.query.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.query.QueryEngine;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A series of floats and histograms, a page of which is told by its summary, is read once more for its samples: damage
 * that is met only then is told too.
 */
class MixedDamageTest {

    private static final long START = 1_700_000_000_000L;
    private static final int FLOATS = 500;

    @TempDir
    Path directory;

    @Test
    void damageOfTheSecondReadingIsTold() throws IOException {
        assertThat(ask("floats", false).warnings()).isEmpty();
        assertThat(ask("both", false).warnings()).noneMatch(text -> text.contains("misses data"));
        QueryResult told = ask("floats-damaged", true);
        assertThat(((QueryResult.Vector) told.value()).samples()).hasSize(1);
        assertThat(told.warnings()).as("its summary answers, undecoded").isEmpty();
        assertThat(ask("both-damaged", true).warnings())
                .anyMatch(text -> text.startsWith("answer misses data of 1 series"));
    }

    private QueryResult ask(String name, boolean damaged) throws IOException {
        Path store = directory.resolve(name);
        write(store, name.startsWith("both"));
        if (damaged) {
            damage(store);
        }
        try (Tsdb db = Tsdb.open(store, TsdbConfig.defaults())) {
            return QueryEngine.over(db)
                    .query(QueryRequest.instant("sum_over_time(m[1h])", START + 1_000L * (FLOATS + 100)));
        }
    }

    private static void write(Path store, boolean histograms) throws IOException {
        Random random = new Random(7);
        try (Tsdb db = Tsdb.open(store, TsdbConfig.defaults());
                Appender appender = db.appender(Durability.WRITTEN)) {
            long ref = appender.series(Labels.of("__name__", "m"));
            for (int i = 1; i <= FLOATS; i++) {
                appender.append(ref, START + 1_000L * i, random.nextDouble());
            }
            HistogramLayout layout = HistogramLayout.exponential(2, false, 0, new int[] {0, 2}, new int[0]);
            for (int i = 1; histograms && i <= 10; i++) {
                Histogram histogram =
                        Histogram.integer(layout, ResetHint.UNKNOWN, 0, 3L * i, 2.5 * i, new long[] {i, 2L * i});
                appender.append(ref, START + 1_000L * (FLOATS + i), histogram);
            }
            appender.commit();
            db.flush();
        }
    }

    /** Changes a byte in the middle of the block, which the page of noise fills nearly whole. */
    private static void damage(Path store) throws IOException {
        Path block;
        try (Stream<Path> files = Files.list(store.resolve("blocks"))) {
            block = files.filter(file -> file.toString().endsWith(".varve"))
                    .findFirst()
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(block.toFile(), "rw")) {
            file.seek(2_000);
            int was = file.read();
            file.seek(2_000);
            file.write(was ^ 0x55);
        }
    }
}
