package io.varve.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class K8sLoadTest {

    private static final int TARGETS = 3;

    @Test
    void a_target_has_two_hundred_series_and_all_differ() {
        K8sLoad load = new K8sLoad(1, TARGETS);
        Set<List<Map.Entry<String, String>>> seen = new HashSet<>();
        int buckets = 0;
        for (int i = 0; i < load.seriesCount(); i++) {
            List<Map.Entry<String, String>> labels = load.labels(i);
            assertThat(labels).isSortedAccordingTo(Map.Entry.comparingByKey());
            seen.add(labels);
            buckets += labels.stream().anyMatch(label -> label.getKey().equals("le")) ? 1 : 0;
        }
        assertThat(seen).hasSize(TARGETS * 200);
        assertThat(buckets).isEqualTo(TARGETS * 96);
    }

    @Test
    void buckets_are_cumulative_and_end_at_the_count() {
        K8sLoad load = new K8sLoad(1, TARGETS);
        double[] values = new double[load.seriesCount()];
        for (int step = 0; step < 50; step++) {
            load.next(values);
            for (int first = 0; first < 8 * 14; first += 14) {
                for (int bucket = 1; bucket < 12; bucket++) {
                    assertThat(values[first + bucket]).isGreaterThanOrEqualTo(values[first + bucket - 1]);
                }
                assertThat(values[first + 11]).isEqualTo(values[first + 13]);
            }
        }
        assertThat(values[11]).isPositive();
    }

    @Test
    void series_of_a_target_share_their_delay() {
        K8sLoad load = new K8sLoad(1, TARGETS);
        double[] values = new double[load.seriesCount()];
        Set<Integer> delays = new HashSet<>();
        for (int step = 0; step < 50; step++) {
            load.next(values);
            assertThat(load.delay(0)).isEqualTo(load.delay(199)).isBetween(0, 4);
            delays.add(load.delay(0));
        }
        assertThat(delays).hasSize(5);
    }

    @Test
    void the_same_seed_gives_the_same_bits() {
        double[] first = new double[TARGETS * 200];
        double[] second = new double[TARGETS * 200];
        new K8sLoad(5, TARGETS).next(first);
        new K8sLoad(5, TARGETS).next(second);
        assertThat(second).isEqualTo(first);
    }
}
