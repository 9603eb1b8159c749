package io.varve.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DevopsLoadTest {

    @Test
    void the_same_seed_gives_the_same_bits_and_another_seed_others() {
        double[] first = at(1, 50);
        assertThat(at(1, 50)).isEqualTo(first);
        assertThat(at(2, 50)).isNotEqualTo(first);
    }

    @Test
    void a_host_has_a_hundred_and_one_series_in_the_stated_shares() {
        Set<String> names = new HashSet<>();
        DevopsFields.ALL.forEach(field -> names.add(field.name()));
        assertThat(names).hasSize(101).contains("cpu_usage_user", "net_bytes_sent", "mem_used", "mem_total");
        assertThat(DevopsFields.ALL.stream().filter(field -> field.unit() >= 1)).hasSize(87);
        assertThat(DevopsFields.ALL.stream().filter(field -> field.unit() == 0.01))
                .hasSize(5);
        assertThat(DevopsFields.ALL.stream().filter(field -> field.unit() == 0.0001))
                .hasSize(6);
        assertThat(DevopsFields.ALL.stream().filter(field -> field.shape() == Field.Shape.FULL))
                .hasSize(3);
    }

    @Test
    void series_differ_and_their_labels_are_in_order() {
        DevopsLoad load = new DevopsLoad(1, 100);
        Set<List<Map.Entry<String, String>>> seen = new HashSet<>();
        for (int i = 0; i < load.seriesCount(); i++) {
            List<Map.Entry<String, String>> labels = load.labels(i);
            assertThat(labels).hasSizeGreaterThanOrEqualTo(11);
            assertThat(labels).isSortedAccordingTo(Map.Entry.comparingByKey());
            seen.add(labels);
        }
        assertThat(seen).hasSize(10_100);
    }

    @Test
    void values_keep_to_their_shapes() {
        DevopsLoad load = new DevopsLoad(1, 3);
        double[] before = new double[load.seriesCount()];
        double[] after = new double[load.seriesCount()];
        load.next(before);
        for (int step = 0; step < 200; step++) {
            load.next(after);
            for (int i = 0; i < after.length; i++) {
                Field field = DevopsLoad.field(i);
                int decimals = Math.max(
                        0,
                        new BigDecimal(Double.toString(after[i]))
                                .stripTrailingZeros()
                                .scale());
                switch (field.shape()) {
                    case COUNTER, RARE -> assertThat(after[i]).isGreaterThanOrEqualTo(before[i]);
                    case CONSTANT -> assertThat(after[i]).isEqualTo(before[i]);
                    case WALK, FULL -> assertThat(after[i]).isGreaterThanOrEqualTo(0);
                }
                if (field.shape() != Field.Shape.FULL) {
                    assertThat(decimals).isLessThanOrEqualTo((int) Math.round(-Math.log10(Math.min(1, field.unit()))));
                }
            }
            System.arraycopy(after, 0, before, 0, after.length);
        }
    }

    private static double[] at(long seed, int steps) {
        DevopsLoad load = new DevopsLoad(seed, 2);
        double[] values = new double[load.seriesCount()];
        for (int i = 0; i < steps; i++) {
            load.next(values);
        }
        return values;
    }
}
