package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is known of a page beside its samples: that it is the last one, and that its values are finite. */
class LastPageTest {

    private static final int SAMPLES = 100;

    private static void write(Tsdb db, int from, double odd) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            long ref = appender.series(Labels.of("__name__", "m"));
            for (int i = 0; i < SAMPLES; i++) {
                appender.append(ref, SmallStore.START + 1_000L * (from + i), i == 7 ? odd : i / 4.0);
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    /** {@code finite} and {@code last} of each page, as far as they are known. */
    private static String pages(Tsdb db) {
        StringBuilder pages = new StringBuilder();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
            assertThat(set.next()).isTrue();
            ColumnCursor cursor = set.columns();
            while (cursor.nextPage()) {
                pages.append(cursor.size())
                        .append(cursor.isFinite() ? " finite" : "")
                        .append(cursor.isLast() ? " last" : "")
                        .append(';');
            }
            assertThat(set.next()).isFalse();
        }
        return pages.toString();
    }

    @Test
    void ofTheLastBlockOfASeries() throws IOException {
        try (Tsdb db = SmallStore.open(new SimulatedFileSystem())) {
            write(db, 0, 5);
            db.flush();
            assertThat(pages(db)).isEqualTo("100 finite last;");
            write(db, SAMPLES, Double.NaN);
            db.flush();
            assertThat(pages(db)).isEqualTo("100;100 last;");
        }
    }

    @Test
    void notOfValuesThatAreNot() throws IOException {
        for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            try (Tsdb db = SmallStore.open(new SimulatedFileSystem())) {
                write(db, 0, odd);
                db.flush();
                assertThat(pages(db)).isEqualTo("100 last;");
            }
        }
    }
}
