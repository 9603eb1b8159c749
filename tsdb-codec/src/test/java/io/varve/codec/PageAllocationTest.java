package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.varve.codec.model.CodingModel;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A warm codec allocates nothing for a page. Allowed are {@link #TOLERANCE} bytes a page on average, which leave no
 * room for an array or an object a page, but for a compiler that comes late. Pages with Zstandard frames are left out:
 * its binding allocates.
 */
class PageAllocationTest {

    private static final int COUNT = 500;
    private static final int WARM = 300;
    private static final int ROUNDS = 200;
    private static final int TOLERANCE = 4;

    private final PageCodec codec = new PageCodec();
    private final byte[] page = new byte[PageCodec.maxEncodedBytes(COUNT)];
    private final double[] values = new double[COUNT];
    private final long[] times = new long[COUNT];

    @ParameterizedTest
    @EnumSource(value = PageShapes.class, names = "RETURNING", mode = EnumSource.Mode.EXCLUDE)
    void pagesThatStandAlone(PageShapes shape) {
        double[] source = shape.values(COUNT, 1);
        long[] sourceTimes = shape.times(COUNT, 1);
        int length = codec.encodeTimes(sourceTimes, 0, COUNT, page, 0);
        boolean frames = PageCodec.describe(page, 0, length).contains("planes");
        check(
                "times",
                () -> {
                    int n = codec.encodeTimes(sourceTimes, 0, COUNT, page, 0);
                    codec.decodeTimes(page, 0, n, times, 0);
                },
                frames);
        length = codec.encodeValues(source, 0, COUNT, page, 0);
        frames = PageCodec.describe(page, 0, length).contains("planes");
        check(
                "values",
                () -> {
                    int n = codec.encodeValues(source, 0, COUNT, page, 0);
                    codec.decodeValues(page, 0, n, values, 0);
                },
                frames);
    }

    @Test
    void pagesWithAModel() {
        CodingModel model = GoldenPages.model();
        CodingModel.Lookup models = n -> model;
        double[] source = GoldenSeries.group().get(0);
        check(
                "model",
                () -> {
                    int n = codec.encodeValues(model, 1, source, 0, source.length, page, 0);
                    codec.decodeValues(models, page, 0, n, values, 0);
                },
                false);
    }

    private static void check(String what, Runnable page, boolean frames) {
        if (frames) {
            return;
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        for (int i = 0; i < WARM; i++) {
            page.run();
        }
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 3; attempt++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < ROUNDS; i++) {
                page.run();
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertThat(least / (double) ROUNDS).describedAs(what).isLessThanOrEqualTo(TOLERANCE);
    }
}
