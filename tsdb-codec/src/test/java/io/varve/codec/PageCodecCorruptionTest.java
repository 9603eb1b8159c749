package io.varve.codec;

import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged pages of every shape: each is refused, or answers with the count that it announces. Nothing beside the
 * target's range changes, no other exception leaves the decoder, and none takes long.
 */
class PageCodecCorruptionTest {

    private static final int SHORT = 30;
    private static final int COUNT = 150;
    private static final int WIDE = 1_100;

    private final PageCodec codec = new PageCodec();
    private final PageCodec fast = new PageCodec(Effort.FAST);
    private final DecodingCheck check = new DecodingCheck(WIDE + 100);

    @ParameterizedTest
    @EnumSource(PageShapes.class)
    @Timeout(30)
    void eachByteFlipped(PageShapes shape) {
        for (byte[] page : pages(shape)) {
            DamagedPages.flipped(page, check::check);
        }
    }

    @ParameterizedTest
    @EnumSource(PageShapes.class)
    @Timeout(30)
    void eachLengthCut(PageShapes shape) {
        for (byte[] page : pages(shape)) {
            DamagedPages.cut(page, check::check);
            DamagedPages.extended(page, check::check);
        }
    }

    @ParameterizedTest
    @EnumSource(PageShapes.class)
    @Timeout(30)
    void eachVarintOfAnotherLength(PageShapes shape) {
        for (byte[] page : pages(shape)) {
            DamagedPages.varintsOfAnotherLength(page, check::check);
        }
    }

    @ParameterizedTest
    @EnumSource(PageShapes.class)
    @Timeout(30)
    void randomBytesBehindAHeader(PageShapes shape) {
        Random random = new Random(shape.name().hashCode());
        for (byte[] page : pages(shape)) {
            for (int round = 0; round < 60; round++) {
                byte[] damaged = page.clone();
                for (int i = 1 + random.nextInt(8); i < damaged.length; i++) {
                    damaged[i] = (byte) random.nextInt();
                }
                check.check(damaged);
            }
        }
    }

    private byte[][] pages(PageShapes shape) {
        return new byte[][] {
            PageChecks.times(codec, shape.times(COUNT, 1)),
            PageChecks.values(codec, shape.values(SHORT, 1)),
            PageChecks.values(codec, shape.values(COUNT, 1)),
            PageChecks.values(fast, shape.values(COUNT, 1)),
            PageChecks.values(codec, shape.values(WIDE, 2))
        };
    }
}
