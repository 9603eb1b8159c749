package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A device that does not deliver pages of a mapped block: a hole in the answer, never a dead thread; writing goes on,
 * and when the device works again the answers are whole.
 */
class MapFaultTest {

    private static final int SAMPLES = 20_000;
    private static final int FEW_PAGES = 12 << 10;

    @TempDir
    private Path directory;

    @Test
    void onASimulatedDiskAnswersSayWhatIsMissing() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        try (Tsdb db = SmallStore.open(files)) {
            List<String> whole = SmallStore.samples(0, 40);
            assertThat(SmallStore.read(db)).isEqualTo(whole);
            files.failMaps(path -> path.startsWith("blocks/"));
            List<Hole> holes = new ArrayList<>();
            assertThat(SmallStore.read(db, holes)).isEqualTo(SmallStore.samples(30, 40));
            assertThat(holes).isNotEmpty();
            SmallStore.write(db, 40);
            assertThatThrownBy(db::flush).isInstanceOf(IOException.class);
            assertThat(SmallStore.read(db)).containsAll(SmallStore.samples(30, 50));
            files.failMaps(path -> false);
            db.flush();
            holes.clear();
            assertThat(SmallStore.read(db, holes)).isEqualTo(SmallStore.samples(0, 50));
            assertThat(holes).isEmpty();
            db.compact();
            assertThat(SmallStore.read(db)).isEqualTo(SmallStore.samples(0, 50));
        }
    }

    /** The file is cut behind its map, which is what a device that has gone looks like to its reader. */
    @Test
    void onARealDiskAnswersSayWhatIsMissing() throws IOException {
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults())) {
            write(db, 0);
            db.flush();
            write(db, 1);
            List<Hole> holes = new ArrayList<>();
            assertThat(read(db, holes)).isEqualTo(2 * SAMPLES);
            assertThat(holes).isEmpty();
            Path block = directory.resolve("blocks/000000000001.varve");
            byte[] bytes = Files.readAllBytes(block);
            assertThat(bytes).hasSizeGreaterThan(4 * FEW_PAGES);
            try (FileChannel file = FileChannel.open(block, StandardOpenOption.WRITE)) {
                file.truncate(FEW_PAGES);
                assertThat(read(db, holes)).isLessThan(2 * SAMPLES).isGreaterThanOrEqualTo(SAMPLES);
                assertThat(holes).isNotEmpty();
                write(db, 2);
                file.write(ByteBuffer.wrap(bytes), 0);
            }
            holes.clear();
            assertThat(read(db, holes)).isEqualTo(3 * SAMPLES);
            assertThat(holes).isEmpty();
            db.flush();
        }
    }

    private static void write(Tsdb db, int series) {
        Random random = new Random(series);
        try (Appender appender = db.appender(Durability.SYNCED)) {
            long ref = appender.series(Labels.of("__name__", "m", "series", "s" + series));
            for (int i = 0; i < SAMPLES; i++) {
                appender.append(ref, SmallStore.START + 1_000L * i, random.nextDouble());
            }
            assertThat(appender.commit().accepted()).isEqualTo(SAMPLES);
        }
    }

    private static int read(Tsdb db, List<Hole> holes) {
        int count = 0;
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    count += columns.size();
                }
            }
            holes.addAll(set.holes());
        }
        return count;
    }
}
