package io.varve.core.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.Effort;
import io.varve.codec.histogram.HistogramPageCodec;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramSamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Histograms through pages: one codec and one set of columns for many pages, in any order. */
class HistogramPagesProperties {

    private static final class Page {
        final List<Histogram> histograms;
        final byte[] bytes;

        Page(List<Histogram> histograms, byte[] bytes) {
            this.histograms = histograms;
            this.bytes = bytes;
        }
    }

    private static Page page(Random random, HistogramPageCodec codec, HistogramPages pages) {
        List<Histogram> histograms = new ArrayList<>();
        pages.clear();
        for (int i = random.nextInt(40); i >= 0; i--) {
            Histogram histogram = HistogramSamples.random(random);
            for (int same = random.nextInt(3); same >= 0; same--) {
                histograms.add(histogram);
                assertThat(pages.append(histogram)).isTrue();
            }
        }
        byte[] bytes = new byte[HistogramPageCodec.maxEncodedBytes(pages.columns())];
        return new Page(histograms, Arrays.copyOf(bytes, codec.encode(pages.columns(), bytes, 0)));
    }

    @Property(tries = 100)
    void pagesAreReadInAnyOrder(@ForAll long seed) {
        Random random = new Random(seed);
        HistogramPageCodec codec = new HistogramPageCodec(random.nextBoolean() ? Effort.BEST : Effort.FAST);
        HistogramPages pages = new HistogramPages();
        List<Page> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(page(random, codec, pages));
        }
        byte[] buffer = new byte[1 << 20];
        random.nextBytes(buffer);
        for (int i = 0; i < 30; i++) {
            Page page = all.get(random.nextInt(all.size()));
            System.arraycopy(page.bytes, 0, buffer, 0, page.bytes.length);
            pages.clear();
            codec.decode(buffer, 0, page.bytes.length, pages.columns());
            pages.checkLayouts();
            List<Histogram> found = new ArrayList<>();
            for (int sample = 0; sample < pages.columns().size(); sample++) {
                found.add(pages.get(sample));
            }
            assertThat(found).isEqualTo(page.histograms);
        }
    }
}
