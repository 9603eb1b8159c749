package io.varve.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class TokenBucketProperties {

    private static final double SECOND = 1e9;

    /** So many nanoseconds later so much comes. */
    private record Arrival(long afterNanos, int count) {}

    private record Admitted(long at, int count) {}

    private long now;

    private final TimeSource clock = TimeSource.of(() -> now, () -> now);

    @Provide
    Arbitrary<List<Arrival>> arrivals() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 3_000_000_000L),
                        Arbitraries.integers().between(0, 5_000))
                .as(Arrival::new)
                .list()
                .ofMaxSize(60);
    }

    private List<Admitted> admit(TokenBucket bucket, List<Arrival> arrivals) {
        List<Admitted> admitted = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            now += arrival.afterNanos;
            if (bucket.waitNanos() == 0) {
                bucket.take(arrival.count);
                admitted.add(new Admitted(now, arrival.count));
            }
        }
        return admitted;
    }

    @Property
    void in_no_span_more_is_let_in_than_its_worth_and_a_seconds_but_for_the_last(
            @ForAll("arrivals") List<Arrival> arrivals, @ForAll @IntRange(min = 1, max = 3_000) int rate) {
        now = 0;
        List<Admitted> admitted = admit(new TokenBucket(clock, () -> rate), arrivals);
        for (int from = 0; from < admitted.size(); from++) {
            long sum = 0;
            for (int to = from; to < admitted.size(); to++) {
                double seconds = (admitted.get(to).at - admitted.get(from).at) / SECOND;
                assertThat((double) sum).isLessThan(rate + seconds * rate + 1e-3); // before the last came in
                sum += admitted.get(to).count;
            }
        }
    }

    @Property
    void who_keeps_to_the_rate_is_never_refused(
            @ForAll("arrivals") List<Arrival> arrivals, @ForAll @IntRange(min = 1, max = 3_000) int rate) {
        now = 0;
        TokenBucket bucket = new TokenBucket(clock, () -> rate);
        double owed = 0;
        for (Arrival arrival : arrivals) {
            now += arrival.afterNanos;
            owed = Math.max(0, owed - arrival.afterNanos / SECOND * rate);
            if (owed + arrival.count < rate) { // a sender that keeps to it
                owed += arrival.count;
                assertThat(bucket.waitNanos()).isZero();
                bucket.take(arrival.count);
            }
        }
    }

    @Property
    void who_waits_as_long_as_told_is_let_in_and_no_moment_sooner(
            @ForAll @IntRange(min = 1, max = 1_000_000) int count, @ForAll @IntRange(min = 1, max = 3_000) int rate) {
        now = 0;
        TokenBucket bucket = new TokenBucket(clock, () -> rate);
        bucket.take(rate + count);
        long wait = bucket.waitNanos();
        assertThat((double) wait).isCloseTo(count / (double) rate * SECOND, org.assertj.core.data.Offset.offset(2.0));
        now += Math.max(0, wait - 2);
        assertThat(bucket.waitNanos()).isPositive();
        now += 4;
        assertThat(bucket.waitNanos()).isZero();
    }

    @Property
    void without_a_rate_everything_is_let_in(@ForAll("arrivals") List<Arrival> arrivals) {
        now = 0;
        assertThat(admit(new TokenBucket(clock, () -> 0), arrivals)).hasSameSizeAs(arrivals);
    }
}
