package io.varve.core.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.index.ByteSink;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExemplarFormTest {

    /** One bit in each byte of the reversed double, so that its varint is as long as any. */
    private static final double LONGEST = Double.longBitsToDouble(0x0101_0101_0101_01ffL);

    private static String[] shortLabels(int count) {
        String[] pairs = new String[2 * count];
        for (int i = 0; i < count; i++) {
            pairs[2 * i] = Character.toString(0x4e00 + i);
            pairs[2 * i + 1] = "é";
        }
        return pairs;
    }

    @Test
    void the_longest_exemplars_come_back_and_keep_to_the_bound() {
        List<Labels> longest = List.of(
                Labels.of("trace_id", "x".repeat(Exemplar.MAX_CODE_POINTS - 8)),
                Labels.of("trace_id", "\ud83d\ude00".repeat((Exemplar.MAX_BYTES - 12) / 4)),
                Labels.of(shortLabels(Exemplar.MAX_BYTES / 9)));
        for (Labels labels : longest) {
            Exemplar exemplar = new Exemplar(labels, 5, LONGEST);
            ByteSink form = new ByteSink();
            ExemplarForm.write(exemplar, form);
            assertThat(form.size()).isBetween(512, ExemplarForm.MAX_BYTES - 12);
            assertThat(ExemplarForm.read(5, form.array(), 0, form.size())).isEqualTo(exemplar);
        }
    }
}
