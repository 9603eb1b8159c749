package io.varve.core.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramSamples;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Forms come back bit for bit, are equal if what they stand for is, and survive damage with an error of their own. */
class HistogramFormProperties {

    private static byte[] form(Histogram histogram) {
        ByteSink out = new ByteSink();
        HistogramForm.write(histogram, out);
        assertThat(out.size()).isLessThanOrEqualTo(HistogramForm.MAX_BYTES);
        return out.toArray();
    }

    @Property(tries = 300)
    void formsComeBack(@ForAll long seed) {
        Random random = new Random(seed);
        HistogramForm.Reader reader = new HistogramForm.Reader();
        Histogram before = Histogram.stale(true);
        for (int i = 0; i < 8; i++) {
            Histogram histogram = random.nextInt(3) == 0 ? before : HistogramSamples.random(random);
            byte[] form = form(histogram);
            byte[] inside = new byte[form.length + 9];
            System.arraycopy(form, 0, inside, 5, form.length);
            assertThat(reader.read(inside, 5, form.length)).isEqualTo(histogram);
            assertThat(HistogramForm.isStale(inside, 5)).isEqualTo(histogram.isStale());
            assertThat(form(before)).satisfies(other -> assertThat(java.util.Arrays.equals(other, form))
                    .isEqualTo(histogram.equals(reader.read(other, 0, other.length))));
            before = histogram;
        }
    }

    @Property(tries = 300)
    void damageIsAnErrorOrAnotherHistogram(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] form = form(HistogramSamples.random(random));
        HistogramForm.Reader reader = new HistogramForm.Reader();
        for (int i = 0; i < 50; i++) {
            byte[] damaged = form.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(form.length + 1) : form.length;
            try {
                assertThat(reader.read(damaged, 0, length)).isNotNull();
            } catch (MalformedPageException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
