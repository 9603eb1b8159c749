package io.varve.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Numbers are used again only when no reader is left that could take them for another series; references never are. */
class SeriesReaperTest {

    private static final long IDLE = 1_000;

    private long now = 5_000;
    private long marks;
    private long readersGoneUpTo = Long.MAX_VALUE;
    private long epoch = 1;
    private final SeriesRegistry registry = new SeriesRegistry(1, new Random(1));
    private Generation active = new Generation(1, registry);
    private List<Generation> generations = List.of(active);
    private final LabelCache cache = new LabelCache(1 << 16);

    private final OpenBatches batches = new OpenBatches();

    private final SeriesReaper reaper = new SeriesReaper(
            registry,
            cache,
            ref -> registry.number(ref) >= 0,
            new ReaderWatch() {
                @Override
                public void withGenerations(Consumer<List<Generation>> work) {
                    work.accept(generations);
                }

                @Override
                public long mark() {
                    return ++marks;
                }

                @Override
                public boolean haveGone(long mark) {
                    return mark <= readersGoneUpTo;
                }

                @Override
                public long nextEpoch() {
                    return ++epoch;
                }
            },
            batches,
            TimeSource.of(() -> now, () -> now),
            IDLE);

    private static Labels labels(int id) {
        return Labels.of("__name__", "m", "id", "i" + id, "parity", "p" + id % 2);
    }

    private int sample(int id, long time) {
        int number = registry.add(labels(id));
        active.apply(new int[] {number}, new long[] {time}, new double[] {id}, 1);
        registry.seen(number, time);
        return number;
    }

    private void seal() {
        active = active.following(active.id() + 1);
        generations = List.of(active);
        reaper.request();
    }

    /** Lets time pass and the reaper do all that it can. */
    private void work() {
        for (int i = 0; i < 4; i++) {
            now += IDLE;
            int steps = 0;
            while (reaper.step()) {
                assertThat(++steps).isLessThan(10_000);
            }
        }
    }

    @Test
    void diesWhenSealedAndIdleForAWhile() {
        int first = sample(1, 1);
        long ref = registry.ref(first);
        int second = sample(2, 1);
        reaper.request();
        work();
        assertThat(registry.size()).as("both have samples in the head").isEqualTo(2);
        seal();
        now += IDLE;
        while (reaper.step()) {
            assertThat(registry.size()).as("only now it is seen to be idle").isEqualTo(2);
        }
        sample(2, 2);
        work();
        assertThat(registry.number(ref)).isEqualTo(-1);
        assertThat(registry.find(labels(1))).isEqualTo(-1);
        assertThat(registry.find(labels(2))).isEqualTo(registry.ref(second));
        assertThat(registry.index().labelValues("id")).containsExactly("i2");
        assertThat(registry.index().labelValues("parity")).containsExactly("p0");
        assertThat(registry.index().postings("parity", "p1")).isNull();
        assertThat(registry.index().all().toArray()).containsExactly(second);
        int third = sample(3, 3);
        assertThat(third).as("the number is used again").isEqualTo(first);
        assertThat(registry.ref(third)).isNotEqualTo(ref);
        assertThat(registry.number(ref)).isEqualTo(-1);
    }

    @Test
    void readersOfOlderViewsHoldItBackTwice() {
        int number = sample(1, 1);
        long ref = registry.ref(number);
        seal();
        readersGoneUpTo = 0;
        work();
        assertThat(registry.number(ref))
                .as("a reader may have a generation with its samples")
                .isEqualTo(number);
        readersGoneUpTo = 1;
        work();
        assertThat(registry.number(ref)).isEqualTo(-1);
        assertThat(registry.labels(number))
                .as("a reader may have found its number")
                .isEqualTo(labels(1));
        assertThat(registry.labelsOfDead(ref)).isEqualTo(labels(1));
        assertThat(sample(2, 2)).isNotEqualTo(number);
        readersGoneUpTo = 2;
        work();
        assertThat(registry.labelsOfDead(ref)).isNull();
        assertThat(sample(3, 3))
                .as("a reader may look at postings that have its number")
                .isNotEqualTo(number);
        readersGoneUpTo = 3;
        work();
        assertThat(sample(4, 4)).isEqualTo(number);
    }

    @Test
    void aSampleWhileReadersAreWaitedForSavesIt() {
        int number = sample(1, 1);
        long ref = registry.ref(number);
        seal();
        readersGoneUpTo = 0;
        work();
        sample(1, 5);
        readersGoneUpTo = Long.MAX_VALUE;
        work();
        assertThat(registry.number(ref)).isEqualTo(number);
        assertThat(registry.size()).isEqualTo(1);
    }

    @Test
    void aBatchThatMayNameItKeepsItsNameUntilItIsJudged() {
        OpenBatches.Batch early = batches.begin();
        int number = sample(1, 1);
        long ref = registry.ref(number);
        OpenBatches.Batch batch = batches.begin();
        batches.end(early);
        seal();
        work();
        assertThat(registry.number(ref)).isEqualTo(-1);
        OpenBatches.Batch later = batches.begin();
        assertThat(registry.names(ref)).isTrue();
        assertThat(registry.labelsOfDead(ref)).isEqualTo(labels(1));
        assertThat(batches.enter(batch)).as("it is told of the death").isTrue();
        now += 2 * SeriesReaper.PATIENCE_NANOS;
        work();
        assertThat(registry.labelsOfDead(ref)).as("it is on its way").isEqualTo(labels(1));
        batches.end(batch);
        work();
        assertThat(registry.names(ref)).isFalse();
        assertThat(registry.labelsOfDead(ref)).isNull();
        assertThat(batches.enter(later))
                .as("it was begun when the series was dead")
                .isFalse();
        assertThat(sample(2, 2)).isEqualTo(number);
    }

    @Test
    void aBatchThatDoesNotComeIsWaitedForSomeTimeAlone() {
        long ref = registry.ref(sample(1, 1));
        OpenBatches.Batch batch = batches.begin();
        seal();
        work();
        now += SeriesReaper.PATIENCE_NANOS - 10 * IDLE;
        work();
        assertThat(registry.labelsOfDead(ref)).isEqualTo(labels(1));
        now += 10 * IDLE;
        work();
        assertThat(registry.names(ref)).isFalse();
        assertThat(batches.enter(batch)).as("it is told to look again").isTrue();
    }

    @Test
    void theCacheForgetsTheDead() {
        for (int id = 0; id < 5_000; id++) {
            cache.put(id + 1, id, registry.ref(sample(id, 1)));
        }
        long full = cache.bytes();
        seal();
        work();
        assertThat(registry.size()).isZero();
        assertThat(cache.bytes()).isLessThan(full);
        assertThat(cache.find(1, 0)).isEqualTo(-1);
    }

    @Test
    void noReferenceIsGivenTwiceAndNoSeriesFoundUnderAnother() {
        Random random = new Random(7);
        Map<Long, Integer> seen = new HashMap<>();
        for (int round = 0; round < 300; round++) {
            Set<Integer> ids = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                ids.add(random.nextInt(200));
            }
            for (int id : ids) {
                boolean known = registry.find(labels(id)) >= 0;
                int number = sample(id, round);
                long ref = registry.ref(number);
                Integer before = seen.put(ref, id);
                assertThat(before == null || before == id)
                        .as("reference %d", ref)
                        .isTrue();
                assertThat(before != null).isEqualTo(known);
                assertThat(registry.labels(number)).isEqualTo(labels(id));
            }
            readersGoneUpTo = random.nextInt(3) == 0 ? marks : Long.MAX_VALUE;
            if (random.nextBoolean()) {
                seal();
            }
            now += random.nextInt(3) * IDLE;
            for (int step = random.nextInt(8); step > 0; step--) {
                reaper.step();
            }
            check();
        }
        assertThat(registry.numbers()).isLessThan(600);
        assertThat(epoch).isGreaterThan(10);
    }

    private void check() {
        assertThat(registry.index().all().getCardinality()).isEqualTo(registry.size());
        registry.index().all().forEach((int number) -> {
            Labels labels = registry.labels(number);
            assertThat(registry.find(labels)).isEqualTo(registry.ref(number));
            for (int i = 0; i < labels.size(); i++) {
                var postings = registry.index().postings(labels.name(i), labels.value(i));
                assertThat(postings != null && postings.contains(number)).isTrue();
            }
        });
        for (String value : registry.index().labelValues("id")) { // those of the dead stay until the living are copied
            boolean lives = registry.find(labels(Integer.parseInt(value.substring(1)))) >= 0;
            assertThat(registry.index().postings("id", value) != null).isEqualTo(lives);
        }
    }
}
