package io.varve.core.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConcurrentHistogramTest {

    @Test
    void counts_every_record_of_many_threads() throws InterruptedException {
        ConcurrentHistogram histogram = new ConcurrentHistogram(5);
        int threads = 8;
        int each = 50_000;
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int first = t;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    histogram.record((long) i * threads + first);
                }
            });
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            thread.join();
        }
        ExponentialHistogram read = ExponentialHistogram.ofSchema(5);
        histogram.addTo(read);
        long n = (long) threads * each;
        assertThat(read.count()).isEqualTo(n);
        assertThat(read.sum()).isEqualTo(n * (n - 1) / 2.0);
        assertThat(read.min()).isZero();
        assertThat(read.max()).isEqualTo(n - 1.0);
        assertThat(read.quantile(0.9).value()).isBetween(n * 0.9 * 0.989, n * 0.9 * 1.011);
    }

    /** Ten thousand requests in flight sum up to the range of a long within eleven days. */
    @Test
    void a_sum_beyond_the_range_of_a_long_is_whole() throws InterruptedException {
        ConcurrentHistogram histogram = new ConcurrentHistogram(5);
        long value = Long.MAX_VALUE / 1_000;
        int each = 10_000;
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    histogram.record(value);
                }
            });
            thread.start();
            running.add(thread);
        }
        double before = 0;
        while (running.stream().anyMatch(Thread::isAlive)) {
            double now = histogram.freeze().sum();
            assertThat(now).isBetween(before, 4.0 * each * value);
            before = now;
        }
        for (Thread thread : running) {
            thread.join();
        }
        assertThat(histogram.freeze().sum()).isCloseTo(4.0 * each * value, withinPercentage(1e-9));
        histogram.record(Long.MAX_VALUE, 1_000);
        assertThat(histogram.freeze().sum())
                .isCloseTo(4.0 * each * value + 1_000.0 * Long.MAX_VALUE, withinPercentage(1e-9));
    }

    @Test
    void puts_a_value_where_the_single_writer_would() {
        long[] values = {0, 1, 2, 3, 1_000, 1_024, 1_025, (1L << 40) + 1, Long.MAX_VALUE, -5};
        ConcurrentHistogram histogram = new ConcurrentHistogram(8);
        ExponentialHistogram expected = ExponentialHistogram.ofSchema(8, 1 << 20);
        for (long value : values) {
            histogram.record(value);
            expected.record((double) Math.max(0, value));
        }
        ExponentialHistogram read = ExponentialHistogram.ofSchema(8, 1 << 20);
        histogram.addTo(read);
        assertThat(read.count()).isEqualTo(values.length);
        assertThat(read.zeroCount()).isEqualTo(2);
        for (double q = 0; q <= 1; q += 0.0625) {
            assertThat(read.quantile(q)).isEqualTo(expected.quantile(q));
        }
    }

    @Test
    void an_empty_one_adds_nothing() {
        ExponentialHistogram read = ExponentialHistogram.ofSchema(5);
        new ConcurrentHistogram(0).addTo(read);
        assertThat(read.count()).isZero();
        assertThat(read.quantile(0.5).value()).isNaN();
        assertThatThrownBy(() -> new ConcurrentHistogram(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
