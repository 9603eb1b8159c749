package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.varve.codec.model.CodingModel;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A warm codec allocates nothing for a page: {@link #TOLERANCE} bytes on average leave no room for an object a page,
 * but for a compiler that comes late. An encoder sorts samples of fixed size, and the JDK's sort takes half a kilobyte
 * of its own where it finds runs to merge: {@link #SORTING} leaves no room for an array of the page's size, or an
 * object a sample. Pages with Zstandard frames are left out: its binding allocates.
 */
class PageAllocationTest {

    private static final int COUNT = 2_000;
    private static final int WARM = 100;
    private static final int ROUNDS = 60;
    private static final int TOLERANCE = 4;
    private static final int SORTING = 8_000;

    private final PageCodec codec = new PageCodec();
    private final PageCodec fast = new PageCodec(Effort.FAST);
    private final byte[] page = new byte[PageCodec.maxEncodedBytes(COUNT)];
    private final double[] values = new double[COUNT];
    private final long[] times = new long[COUNT];

    @ParameterizedTest
    @EnumSource(value = PageShapes.class, names = "RETURNING", mode = EnumSource.Mode.EXCLUDE)
    void decodersOfEachShape(PageShapes shape) {
        byte[] ofTimes = PageChecks.times(codec, shape.times(COUNT, 1));
        byte[] ofValues = PageChecks.values(codec, shape.values(COUNT, 1));
        if (isMeasured(ofTimes)) {
            check(TOLERANCE, () -> codec.decodeTimes(ofTimes, 0, ofTimes.length, times, 0));
        }
        if (isMeasured(ofValues)) {
            check(TOLERANCE, () -> codec.decodeValues(ofValues, 0, ofValues.length, values, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(value = PageShapes.class, names = "RETURNING", mode = EnumSource.Mode.EXCLUDE)
    void encodersOfEachShape(PageShapes shape) {
        double[] source = shape.values(COUNT, 1);
        long[] sourceTimes = shape.times(COUNT, 1);
        for (PageCodec each : new PageCodec[] {codec, fast}) {
            if (isMeasured(PageChecks.times(each, sourceTimes))) {
                check(SORTING, () -> each.encodeTimes(sourceTimes, 0, COUNT, page, 0));
            }
            if (isMeasured(PageChecks.values(each, source))) {
                check(SORTING, () -> each.encodeValues(source, 0, COUNT, page, 0));
            }
        }
    }

    @Test
    void pagesWithAModel() {
        CodingModel model = GoldenPages.model();
        CodingModel.Lookup models = n -> model;
        double[] source = GoldenSeries.group().get(0);
        check(TOLERANCE, () -> {
            int n = codec.encodeValues(model, 1, source, 0, source.length, page, 0);
            codec.decodeValues(models, page, 0, n, values, 0);
        });
    }

    private static boolean isMeasured(byte[] page) {
        return !PageCodec.describe(page, 0, page.length).contains("planes");
    }

    private static void check(int tolerance, Runnable page) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        for (int i = 0; i < WARM; i++) {
            page.run();
        }
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 4 && least > (long) tolerance * ROUNDS; attempt++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < ROUNDS; i++) {
                page.run();
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertThat(least / (double) ROUNDS).isLessThanOrEqualTo(tolerance);
    }
}
