package io.varve.query.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {

    @Test
    void numbersWithinTextsCountAsNumbers() {
        List<String> inOrder = List.of(
                "",
                "007",
                "7",
                "10",
                "99999999999999999999998",
                "99999999999999999999999",
                "a",
                "a-1",
                "a1b10",
                "a2",
                "a2b3",
                "a2b20",
                "a10",
                "b",
                "\uffee1",
                "\uD83D\uDE00");
        List<String> shuffled = new ArrayList<>(inOrder);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.sort(NaturalOrder.INSTANCE);
        assertThat(shuffled).isEqualTo(inOrder);
    }

    @Test
    void onlyEqualTextsAreEqual() {
        assertThat(NaturalOrder.INSTANCE.compare("a1", "a1")).isZero();
        assertThat(NaturalOrder.INSTANCE.compare("a01", "a1")).isNegative();
        assertThat(NaturalOrder.INSTANCE.compare("a1", "a01")).isPositive();
    }
}
