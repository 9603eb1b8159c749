package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.model.CodingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Committed pages of each number mode, predictor, stage and list, and with a model, decode to what they were made from,
 * for ever. What is encoded today may become smaller one day; the pages of the format document are encoded the same way
 * too.
 *
 * <p>A change of the format makes the pages, and the seeds of {@link PageFuzzTest}, anew:
 * {@code mvn test -pl tsdb-codec -Dtest=PageCodecGoldenTest -Dvarve.golden.write=true}.
 */
class PageCodecGoldenTest {

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final PageCodec codec = new PageCodec();

    @Test
    void times() {
        GoldenSeries.times().forEach((name, times) -> {
            byte[] page = GoldenPages.page(name);
            long[] decoded = new long[times.length];
            assertThat(codec.decodeTimes(page, 0, page.length, decoded, 0)).isEqualTo(times.length);
            assertThat(decoded).describedAs(name).isEqualTo(times);
        });
    }

    @Test
    void values() {
        GoldenSeries.values().forEach((name, values) -> check(CodingModel.Lookup.NONE, name, values));
    }

    @Test
    void valuesWithAModel() {
        CodingModel model = GoldenPages.model();
        GoldenSeries.modelled()
                .forEach((name, values) -> check(number -> number == GoldenPages.MODEL ? model : null, name, values));
    }

    @Test
    void everyPageOfTheFileIsChecked() {
        Set<String> names = new TreeSet<>();
        names.addAll(GoldenSeries.times().keySet());
        names.addAll(GoldenSeries.values().keySet());
        names.addAll(GoldenSeries.modelled().keySet());
        names.add(GoldenPages.MODEL_NAME);
        assertThat(GoldenPages.all().keySet()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void allThatTheFormatHasIsThere() {
        PageFeatures features = new PageFeatures();
        GoldenSeries.times().keySet().forEach(name -> features.look(GoldenPages.page(name)));
        GoldenSeries.values().keySet().forEach(name -> features.look(GoldenPages.page(name)));
        assertThat(features.seen()).containsAll(PageFeatures.all());
    }

    @Test
    void theDocumentsExamplesAreEncodedAsTheyWere() {
        for (String name : new String[] {"regular-times", "decimals"}) {
            long[] times = GoldenSeries.times().get(name);
            double[] values = GoldenSeries.values().get(name);
            byte[] page = times != null
                    ? PageChecks.times(codec, times)
                    : PageChecks.values(codec, values != null ? values : new double[1]);
            assertThat(HEX.formatHex(page)).isEqualTo(HEX.formatHex(GoldenPages.page(name)));
        }
    }

    @Test
    void theDocumentShowsTheExamples() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "format", "page.md"));
        for (String name : new String[] {"regular-times", "decimals", "four-values"}) {
            assertThat(document).contains("```hex\n" + HEX.formatHex(GoldenPages.page(name)) + "\n```");
        }
    }

    private void check(CodingModel.Lookup models, String name, double[] values) {
        byte[] page = GoldenPages.page(name);
        double[] decoded = new double[values.length];
        assertThat(codec.decodeValues(models, page, 0, page.length, decoded, 0)).isEqualTo(values.length);
        PageChecks.sameBits(name, values, decoded, 0);
    }
}
