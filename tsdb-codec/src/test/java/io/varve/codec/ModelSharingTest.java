package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.model.CodingModel;
import io.varve.codec.model.ModelTrainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A model is used by several threads at once, from its first page on: each encodes and decodes as one thread would. */
class ModelSharingTest {

    private static final int THREADS = 4;
    private static final int ROUNDS = 20;
    private static final int COUNT = 120;
    private static final ThreadLocal<PageCodec> CODEC = ThreadLocal.withInitial(PageCodec::new);

    private final ModelTrainer trainer = new ModelTrainer();

    @Test
    @Timeout(60)
    void threadsShareANewModel() throws Exception {
        double[] values = PageShapes.WALK_TWO_DECIMALS.values(COUNT, 1);
        byte[] expected = encoded(trained(), values);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                CodingModel model = trained();
                CyclicBarrier start = new CyclicBarrier(THREADS);
                List<Future<?>> running = new ArrayList<>();
                for (int t = 0; t < THREADS; t++) {
                    boolean encodes = t % 2 == 0;
                    running.add(threads.submit(() -> {
                        start.await();
                        for (int k = 0; k < 500; k++) {
                            if (encodes) {
                                assertThat(encoded(model, values)).isEqualTo(expected);
                            }
                            checkDecoding(model, expected, values);
                        }
                        return null;
                    }));
                }
                for (Future<?> each : running) {
                    each.get();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static byte[] encoded(CodingModel model, double[] values) {
        byte[] page = new byte[PageCodec.maxEncodedBytes(COUNT)];
        return Arrays.copyOf(page, CODEC.get().encodeValues(model, 1, values, 0, COUNT, page, 0));
    }

    private static void checkDecoding(CodingModel model, byte[] page, double[] values) {
        double[] decoded = new double[COUNT];
        CODEC.get().decodeValues(n -> model, page, 0, page.length, decoded, 0);
        PageChecks.sameBits("shared model", values, decoded, 0);
    }

    private CodingModel trained() {
        trainer.clear();
        for (int p = 0; p < 12; p++) {
            trainer.add(PageShapes.WALK_TWO_DECIMALS.values(COUNT, p), 0, COUNT);
        }
        CodingModel model = trainer.train();
        if (model == null) {
            throw new AssertionError("no model");
        }
        return model;
    }
}
