package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Over all shapes an encoder chooses every mode, predictor, stage and list: what none needs is not tested elsewhere. */
class PageCoverageTest {

    private static final int[] COUNTS = {5, 60, 240, 720, 4_320};

    private final PageCodec codec = new PageCodec();

    @Test
    void everythingIsChosenForSomeShape() {
        PageFeatures features = new PageFeatures();
        for (PageShapes shape : PageShapes.values()) {
            for (int count : COUNTS) {
                for (int seed = 0; seed < 3; seed++) {
                    features.look(PageChecks.values(codec, shape.values(count, seed)));
                    features.look(PageChecks.times(codec, shape.times(count, seed)));
                }
            }
        }
        assertThat(features.seen()).containsAll(PageFeatures.all());
    }
}
