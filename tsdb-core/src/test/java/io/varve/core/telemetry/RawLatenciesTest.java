package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RawLatenciesTest {

    private final Pipeline pipeline = Telemetry.create(new ManualTime()).pipeline("p", "a", "b");

    @Test
    void nothing_is_lost_or_torn_or_seen_twice_between_many_threads_and_one() throws InterruptedException {
        RawLatencies ring = new RawLatencies(64);
        int each = 100_000;
        int writers = 4;
        BitSet seen = new BitSet();
        AtomicInteger torn = new AtomicInteger();
        AtomicInteger running = new AtomicInteger(writers);
        AtomicInteger refused = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int first = w * each;
            threads.add(new Thread(() -> {
                long[] stamps = new long[3];
                for (int i = first; i < first + each; i++) {
                    stamps[0] = i;
                    stamps[1] = -i;
                    while (!ring.offer(pipeline, stamps, 1)) {
                        refused.incrementAndGet();
                        Thread.onSpinWait();
                    }
                }
                running.decrementAndGet();
            }));
        }
        threads.forEach(Thread::start);
        RawLatencies.Sink sink = (from, stamps, last) -> {
            boolean right = from == pipeline && last == 1 && stamps[0] == -stamps[1] && !seen.get((int) stamps[0]);
            torn.addAndGet(right ? 0 : 1);
            seen.set((int) stamps[0]);
        };
        while (running.get() > 0) {
            ring.drain(sink);
        }
        ring.drain(sink);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(torn).hasValue(0);
        assertThat(seen.cardinality()).isEqualTo(writers * each);
        assertThat(ring.dropped()).isEqualTo(refused.get());
    }

    @Test
    void a_full_ring_drops_and_counts_and_takes_again_what_comes_after_a_drain() {
        RawLatencies ring = new RawLatencies(4);
        List<Long> drained = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 6; i++) {
                assertThat(ring.offer(pipeline, new long[] {round * 10L + i, 0}, 1))
                        .isEqualTo(i < 4);
            }
            assertThat(ring.drain((from, stamps, last) -> drained.add(stamps[0])))
                    .isEqualTo(4);
        }
        assertThat(drained).containsExactly(0L, 1L, 2L, 3L, 10L, 11L, 12L, 13L, 20L, 21L, 22L, 23L);
        assertThat(ring.dropped()).isEqualTo(6);
    }

    @Test
    void filling_allocates_nothing() {
        RawLatencies ring = new RawLatencies(1 << 10);
        long[] stamps = new long[3];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 200_000; i++) {
            if (i == 100_000) {
                before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            }
            ring.offer(pipeline, stamps, 1);
            if (i % 1_000 == 0) {
                ring.drain((from, some, last) -> {});
            }
        }
        long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(bytes / 100_000.0).isLessThan(0.5);
    }
}
