package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.model.CodingModel;
import io.varve.codec.model.ModelTrainer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged models and damaged pages with a model. A model that is read in spite of its damage encodes pages that it
 * decodes, and decodes any page to the announced count or not at all.
 */
class ModelCorruptionTest {

    private static final int COUNT = 200;
    private static final int NUMBER = 7;

    private final PageCodec codec = new PageCodec();
    private final DecodingCheck check = new DecodingCheck(COUNT + 50);
    private final byte[] room = new byte[PageCodec.maxEncodedBytes(COUNT)];

    @ParameterizedTest
    @EnumSource(
            value = PageShapes.class,
            names = {
                "GAUGE",
                "WALK_TWO_DECIMALS",
                "COUNTER",
                "MULTIPLES",
                "PARABOLA",
                "SPIKES",
                "HEAVY_TAIL",
                "MIXED_DECIMALS",
                "STALE_MARKERS",
                "STILL_COUNTER"
            })
    @Timeout(60)
    void damagedModelsAndTheirPages(PageShapes shape) {
        double[] values = shape.values(COUNT, 3);
        CodingModel model = trained(shape);
        byte[] page = page(model, values);
        CodingModel.Lookup models = n -> n == NUMBER ? model : null;
        everyDamage(page, damaged -> check.check(models, damaged));
        everyDamage(written(model), bytes -> {
            CodingModel read = read(bytes);
            if (read != null) {
                check.check(n -> read, page);
                checkEncoding(read, values);
            }
        });
    }

    private static void everyDamage(byte[] bytes, Consumer<byte[]> check) {
        DamagedPages.flipped(bytes, check);
        DamagedPages.cut(bytes, check);
        DamagedPages.extended(bytes, check);
        DamagedPages.varintsOfAnotherLength(bytes, check);
    }

    private void checkEncoding(CodingModel model, double[] values) {
        int length = codec.encodeValues(model, NUMBER, values, 0, COUNT, room, 0);
        if (length >= 0) {
            double[] decoded = new double[COUNT];
            assertThat(codec.decodeValues(n -> model, room, 0, length, decoded, 0))
                    .isEqualTo(COUNT);
            PageChecks.sameBits("damaged model", values, decoded, 0);
        }
    }

    private static @Nullable CodingModel read(byte[] bytes) {
        PageReader in = new PageReader();
        in.reset(bytes, 0, bytes.length);
        try {
            return CodingModel.read(in);
        } catch (MalformedPageException e) {
            assertThat(e.offset()).isBetween(0, bytes.length);
            return null;
        }
    }

    private byte[] page(CodingModel model, double[] values) {
        int length = codec.encodeValues(model, NUMBER, values, 0, COUNT, room, 0);
        assertThat(length).isPositive();
        return Arrays.copyOf(room, length);
    }

    private static byte[] written(CodingModel model) {
        byte[] bytes = new byte[20_000];
        PageWriter out = new PageWriter();
        out.reset(bytes, 0);
        model.write(out);
        return Arrays.copyOf(bytes, out.length());
    }

    private static CodingModel trained(PageShapes shape) {
        ModelTrainer trainer = new ModelTrainer();
        for (int p = 0; p < 6; p++) {
            trainer.add(shape.values(COUNT, p), 0, COUNT);
        }
        CodingModel model = trainer.train();
        if (model == null) {
            throw new AssertionError("no model: " + shape);
        }
        return model;
    }
}
