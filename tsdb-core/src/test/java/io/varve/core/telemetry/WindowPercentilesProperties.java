package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Percentiles of a window, merged from several nodes, are the exact ones within the bound that is promised. */
class WindowPercentilesProperties {

    private static final double BOUND = 0.011;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99};

    /** What latencies look like; all in nanoseconds. */
    enum Shape {
        /** Pareto's law with an exponent down to 0.7: neither mean nor variance exist. */
        HEAVY_TAILED {
            @Override
            LongSupplier values(Random random) {
                double exponent = 0.7 + random.nextDouble();
                return () -> (long) Math.min(3e17, 50_000 * Math.pow(1 - random.nextDouble(), -1 / exponent));
            }
        },
        /** Answered from memory or by the disk, a thousand times apart. */
        BIMODAL {
            @Override
            LongSupplier values(Random random) {
                double slow = random.nextDouble();
                return () -> random.nextDouble() < slow
                        ? 50_000_000 + random.nextInt(5_000_000)
                        : 40_000 + random.nextInt(4_000);
            }
        },
        CONSTANT {
            @Override
            LongSupplier values(Random random) {
                long value = 1 + (long) Math.exp(random.nextDouble() * 40);
                return () -> value;
            }
        },
        LOGNORMAL {
            @Override
            LongSupplier values(Random random) {
                double spread = 0.05 + 2 * random.nextDouble();
                return () -> (long) (1_000_000 * Math.exp(spread * random.nextGaussian()));
            }
        };

        abstract LongSupplier values(Random random);
    }

    @Property(tries = 300)
    void percentilesAreExactWithinTheBound(
            @ForAll Shape shape,
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 3) int nodes,
            @ForAll @IntRange(min = 1, max = 3_000) int count) {
        LongSupplier values = shape.values(random);
        LongStream.Builder recorded = LongStream.builder();
        List<Window> windows = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            ManualTime time = new ManualTime();
            try (Telemetry telemetry =
                    Telemetry.create(TelemetryConfig.defaults().clock(time).ticking(false))) {
                Distribution latency = telemetry.latency(Metric.of("force_seconds", "Force"));
                latency.record(shape.values(random).getAsLong());
                time.advanceSeconds(61); // that one is gone
                telemetry.tick();
                for (int i = 0; i < count; i++) {
                    long value = values.getAsLong();
                    recorded.add(value);
                    latency.record(value);
                    if (random.nextInt(100) == 0) {
                        time.advanceSeconds(0.01);
                        telemetry.tickIfDue();
                    }
                }
                windows.add(Window.of(latency.recent(MINUTE).toBytes()));
            }
        }
        long[] sorted = recorded.build().sorted().toArray();
        Window merged = Window.merge(windows);
        assertThat(merged.view().count()).isEqualTo(sorted.length);
        for (double q : QUANTILES) {
            double exact = exact(sorted, q) * 1e-9;
            assertThat(merged.quantile(q))
                    .as("quantile %s of %s %s values", q, sorted.length, shape)
                    .isCloseTo(exact, within(exact * BOUND));
        }
    }

    /** The quantile by interpolation between the two nearest ranks. */
    private static double exact(long[] sorted, double q) {
        double rank = q * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (double) (sorted[above] - sorted[below]) * (rank - below);
    }
}
