package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.model.CodingModel;
import io.varve.codec.model.ModelTrainer;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Pages with a model come back bit for bit, or are refused by the encoder; models come back from their bytes. */
class ModelProperties {

    private static final int NUMBER = 300;
    private static final int PAGES = 12;

    private final PageCodec codec = new PageCodec();
    private final PageCodec decoder = new PageCodec();
    private final ModelTrainer trainer = new ModelTrainer();

    @Property(tries = 300)
    void pagesOfTheGroupAndStrangeOnesComeBack(
            @ForAll PageShapes shape,
            @ForAll PageShapes other,
            @ForAll @IntRange(min = 1, max = 400) int count,
            @ForAll @IntRange(max = 1_000_000) int seed) {
        CodingModel model = trained(shape, count, seed);
        if (model == null) {
            return;
        }
        CodingModel read = reread(model);
        for (CodingModel used : new CodingModel[] {model, read}) {
            check(used, shape.values(count, seed));
            check(used, shape.values(1 + count * 7 % 3_000, seed + PAGES));
            check(used, other.values(count, seed));
            check(used, other.values(2, seed));
        }
    }

    @Property(tries = 60)
    void aModelMakesTheGroupSmaller(@ForAll @IntRange(max = 1_000_000) int seed) {
        int count = 60;
        for (PageShapes shape : new PageShapes[] {
            PageShapes.GAUGE, PageShapes.WALK_TWO_DECIMALS, PageShapes.COUNTER, PageShapes.MULTIPLES
        }) {
            CodingModel model = trained(shape, count, seed);
            if (model == null) {
                throw new AssertionError("no model: " + shape + ", seed=" + seed);
            }
            int alone = 0;
            int together = 0;
            for (int p = 0; p < PAGES; p++) {
                double[] values = shape.values(count, seed + p);
                alone += PageChecks.values(codec, values).length;
                together += check(model, values);
            }
            assertThat(together).describedAs("%s", shape).isLessThan(alone);
        }
    }

    @Property(tries = 100)
    void modelsComeBackFromTheirBytes(
            @ForAll PageShapes shape,
            @ForAll @IntRange(min = 3, max = 400) int count,
            @ForAll @IntRange(max = 1_000_000) int seed) {
        CodingModel model = trained(shape, count, seed);
        if (model != null) {
            assertThat(written(reread(model))).isEqualTo(written(model));
            assertThat(reread(model)).hasToString(model.toString());
        }
    }

    @Example
    void anUnknownModelIsRefused() {
        CodingModel model = trained(PageShapes.GAUGE, 60, 1);
        if (model == null) {
            throw new AssertionError("no model");
        }
        double[] values = PageShapes.GAUGE.values(60, 1);
        byte[] page = new byte[PageCodec.maxEncodedBytes(60)];
        int length = codec.encodeValues(model, NUMBER, values, 0, 60, page, 0);
        assertThat(PageCodec.describe(page, 0, length)).isEqualTo("model " + NUMBER);
        assertThat(PageCodec.count(page, 0, length)).isEqualTo(60);
        assertThatThrownBy(() -> decoder.decodeValues(page, 0, length, new double[60], 0))
                .isInstanceOf(MalformedPageException.class)
                .hasMessageContaining("model=" + NUMBER);
        CodingModel.Lookup others = number -> number == NUMBER + 1 ? model : null;
        assertThatThrownBy(() -> decoder.decodeValues(others, page, 0, length, new double[60], 0))
                .isInstanceOf(MalformedPageException.class);
    }

    @Example
    void aGroupOfOnePageOrOfNoDecimalsHasNoModel() {
        trainer.clear();
        assertThat(trainer.train()).isNull();
        assertThat(trainer.add(PageShapes.GAUGE.values(60, 1), 0, 60)).isTrue();
        assertThat(trainer.train()).isNull();
        assertThat(trained(PageShapes.EVERY_PATTERN, 60, 1)).isNull();
    }

    @Example
    void aFullTrainerTakesNoMorePages() {
        trainer.clear();
        double[] page = PageShapes.COUNTER.values(10_000, 1);
        int taken = 0;
        while (trainer.add(page, 0, page.length)) {
            taken++;
        }
        assertThat(taken).isEqualTo(ModelTrainer.CAPACITY / page.length);
        assertThat(trainer.train()).isNotNull();
    }

    /** Bytes with the model, or without it if the values do not fit. */
    private int check(CodingModel model, double[] values) {
        int count = values.length;
        byte[] page = new byte[PageCodec.maxEncodedBytes(count) + 10];
        Arrays.fill(page, (byte) 0x5a);
        int length = codec.encodeValues(model, NUMBER, values, 0, count, page, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(page[i]).isEqualTo((byte) 0x5a);
            assertThat(page[page.length - 1 - i]).isEqualTo((byte) 0x5a);
        }
        if (length < 0) {
            assertThat(length).isEqualTo(-1);
            return PageChecks.values(codec, values).length;
        }
        assertThat(length).isBetween(1, PageCodec.maxEncodedBytes(count));
        double[] decoded = new double[count + 2];
        assertThat(decoder.decodeValues(n -> n == NUMBER ? model : null, page, 5, length, decoded, 1))
                .isEqualTo(count);
        PageChecks.sameBits("model", values, decoded, 1);
        if (decoder.decodedFinite()) {
            PageChecks.allFinite(values, 0, count);
        }
        assertThat(decoded[0] + decoded[count + 1]).isZero();
        return length;
    }

    private @Nullable CodingModel trained(PageShapes shape, int count, int seed) {
        trainer.clear();
        for (int p = 0; p < PAGES; p++) {
            trainer.add(shape.values(count, seed + p), 0, count);
        }
        return trainer.train();
    }

    private static byte[] written(CodingModel model) {
        byte[] bytes = new byte[20_000];
        PageWriter out = new PageWriter();
        out.reset(bytes, 0);
        model.write(out);
        return Arrays.copyOf(bytes, out.length());
    }

    private static CodingModel reread(CodingModel model) {
        byte[] bytes = written(model);
        PageReader in = new PageReader();
        in.reset(bytes, 0, bytes.length);
        CodingModel read = CodingModel.read(in);
        in.finish();
        return read;
    }
}
