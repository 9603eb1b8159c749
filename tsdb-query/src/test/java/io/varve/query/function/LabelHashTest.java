package io.varve.query.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import org.junit.jupiter.api.Test;

class LabelHashTest {

    @Test
    void labelSetsAreSpreadEvenly() {
        int[] tenths = new int[10];
        for (int i = 0; i < 10_000; i++) {
            double place = LabelHash.place(Labels.of("__name__", "m", "instance", "host-" + i));
            assertThat(place).isGreaterThanOrEqualTo(0).isLessThan(1);
            tenths[(int) (place * 10)]++;
        }
        for (int tenth : tenths) {
            assertThat(tenth).isBetween(850, 1150); // five deviations of 30
        }
    }

    @Test
    void theNameAndEachBoundaryCount() {
        double place = LabelHash.place(Labels.of("__name__", "m", "a", "bc"));
        assertThat(LabelHash.place(Labels.of("__name__", "m", "a", "bc"))).isEqualTo(place);
        assertThat(LabelHash.place(Labels.of("__name__", "n", "a", "bc"))).isNotEqualTo(place);
        assertThat(LabelHash.place(Labels.of("__name__", "m", "ab", "c"))).isNotEqualTo(place);
    }
}
