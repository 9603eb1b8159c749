package io.varve.core.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is frozen, subtracted, joined and sent is what plain lists say. */
class SparseHistogramProperties {

    private static final int SCHEMA = 5;

    private static long value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(3); // zeros too
            case 1 -> 1_000 + random.nextInt(100);
            case 2 -> (long) Math.exp(random.nextDouble() * 40); // heavy tail
            default -> 50_000_000L + random.nextInt(1_000_000);
        };
    }

    private static List<Long> record(ConcurrentHistogram histogram, Random random, int count) {
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long value = value(random);
            int weight = 1 + random.nextInt(3);
            histogram.record(value, weight);
            for (int k = 0; k < weight; k++) {
                values.add(value);
            }
        }
        return values;
    }

    private static void holds(SparseHistogram found, List<Long> values) {
        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        assertThat(found.count()).isEqualTo(sorted.length);
        double sum = Arrays.stream(sorted).mapToDouble(value -> (double) value).sum();
        assertThat(found.sum()).isCloseTo(sum, within(1e3 + 1e-12 * sum)); // a difference of sums of up to 1e20
        assertThat(found.isEmpty()).isEqualTo(sorted.length == 0);
        if (sorted.length == 0) {
            return;
        }
        double error = BucketScale.of(SCHEMA).relativeError() * 2.05 + 1e-9; // an end may be a bound of its bucket
        double largest = sorted[sorted.length - 1];
        double smallest = sorted[0];
        assertThat((double) found.max()).isCloseTo(largest, within(largest * error));
        assertThat((double) found.min()).isCloseTo(smallest, within(smallest * error));
        ExponentialHistogram merged = SparseHistogram.merged(SCHEMA, List.of(found));
        for (double q : new double[] {0.01, 0.5, 0.9, 0.95, 0.99}) {
            double rank = q * (sorted.length - 1);
            int below = (int) rank;
            int above = Math.min(below + 1, sorted.length - 1);
            double exact = sorted[below] + (sorted[above] - sorted[below]) * (rank - below);
            assertThat(merged.quantile(q).value()).isCloseTo(exact, within(exact * error));
        }
    }

    @Property(tries = 200)
    void whatCameSinceAnEarlierMomentIsWhatWasRecordedSince(
            @ForAll Random random, @ForAll @IntRange(max = 200) int before, @ForAll @IntRange(max = 200) int after) {
        ConcurrentHistogram histogram = new ConcurrentHistogram(SCHEMA);
        List<Long> all = record(histogram, random, before);
        SparseHistogram then = histogram.drain();
        holds(then, all);
        long print = histogram.fingerprint();
        List<Long> more = record(histogram, random, after);
        assertThat(histogram.fingerprint() != print).isEqualTo(after > 0);
        SparseHistogram now = histogram.drain();
        holds(now.since(then), more);
        all.addAll(more);
        holds(then.plus(now.since(then)), all);
        assertThat(now.since(now).isEmpty()).isTrue();
    }

    @Property(tries = 100)
    void whatIsSentIsWhatArrives(@ForAll Random random, @ForAll @IntRange(max = 300) int count) {
        ConcurrentHistogram histogram = new ConcurrentHistogram(SCHEMA);
        record(histogram, random, count);
        SparseHistogram sent = histogram.freeze();
        ByteBuffer form = ByteBuffer.allocate(sent.formBytes());
        sent.writeTo(form);
        assertThat(form.hasRemaining()).isFalse();
        assertThat(SparseHistogram.readFrom(form.flip())).isEqualTo(sent);
        byte[] bytes = form.array();
        for (int length = 0; length < bytes.length; length += 1 + bytes.length / 20) {
            ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> SparseHistogram.readFrom(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        for (int i = 0; i < 50; i++) {
            byte[] foreign = bytes.clone();
            foreign[random.nextInt(foreign.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                SparseHistogram.merged(SCHEMA, List.of(SparseHistogram.readFrom(ByteBuffer.wrap(foreign))));
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("histogram");
            }
        }
    }
}
