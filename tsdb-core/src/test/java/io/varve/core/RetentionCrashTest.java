package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.SimulatedFileSystem.Fault;
import io.varve.core.model.Matcher;
import io.varve.core.model.RetentionRule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Retention that is cut off at any I/O step takes nothing that is to be kept, and answers nothing that has expired. */
@ExtendWith(ExpectedCrashes.class)
class RetentionCrashTest {

    /** Seconds 0 to 9 expire for all; of seconds 10 to 29 series s1 does. */
    private static final TsdbConfig CONFIG = SmallStore.CONFIG
            .retention(Duration.ofSeconds(29))
            .retentionRules(List.of(new RetentionRule(List.of(Matcher.equal("series", "s1")), Duration.ofSeconds(9))));

    private final SettableTime time = new SettableTime(SmallStore.START + 86_400_000L);

    private static List<String> kept() {
        return SmallStore.samples(10, 40).stream()
                .filter(sample -> !sample.startsWith("s1 ") || sample.startsWith("s1 3"))
                .toList();
    }

    @Test
    void cutOffAtAnyStep() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem disk = SmallStore.filled();
            disk.failAt(step, Fault.CRASH);
            finished = work(disk);
            for (SimulatedFileSystem after :
                    List.of(step % 3 == 0 ? disk.killProcess() : disk.crash(step), SmallStore.filled())) {
                try (Tsdb db = SmallStore.open(after, CONFIG, time)) {
                    assertThat(SmallStore.read(db)).as("at once, step " + step).isEqualTo(kept());
                    db.flush();
                    db.compact();
                    assertThat(SmallStore.read(db)).as("after, step " + step).isEqualTo(kept());
                }
                try (Tsdb db = SmallStore.open(after)) {
                    assertThat(SmallStore.read(db))
                            .as("without retention, step " + step)
                            .containsAll(kept());
                    assertThat(SmallStore.read(db)).noneMatch(sample -> sample.startsWith("s1 2"));
                }
            }
        }
    }

    private boolean work(SimulatedFileSystem disk) {
        try (Tsdb db = SmallStore.open(disk, CONFIG, time)) {
            db.compact();
            db.flush();
            db.compact();
            return true;
        } catch (IOException | SimulatedCrash e) {
            return false;
        }
    }
}
