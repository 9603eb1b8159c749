package io.varve.codec.entropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the probe says of repeats is what a search through all runs finds. */
class RepeatProbeTest {

    private final RepeatProbe probe = new RepeatProbe();

    @Test
    void agreesWithASearchThroughAllRuns() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            int n = 1 + random.nextInt(1_200);
            double bits = 0.5 + random.nextInt(12);
            int alphabet = 1 + random.nextInt(50);
            long[] r = random.longs(n, 0, alphabet).toArray();
            for (int copies = random.nextInt(6); copies > 0 && n > 100; copies--) {
                int length = random.nextInt(80);
                System.arraycopy(r, random.nextInt(n - length), r, random.nextInt(n - length), length);
            }
            double expected = searched(r, bits);
            // A slot that another run has taken hides a repeat now and then.
            assertThat(probe.share(r, n, bits)).isLessThanOrEqualTo(expected + 1e-9);
            assertThat(probe.share(r, n, bits)).isCloseTo(expected, within(0.02 + 0.1 * expected));
        }
    }

    @Test
    void noiseHasNoRepeatsAndCyclesAreNothingElse() {
        long[] noise = new Random(1).longs(4_000, 0, 1_000).toArray();
        assertThat(probe.share(noise, noise.length, 10)).isLessThan(0.01);
        long[] cycle = new long[4_000];
        Arrays.setAll(cycle, i -> noise[i % 60]);
        assertThat(probe.share(cycle, cycle.length, 10)).isGreaterThan(0.98);
    }

    private static double searched(long[] r, double bits) {
        int length = (int) Math.min(24, Math.max(3, Math.ceil(20 / bits)));
        if (r.length < 4 * length) {
            return 0;
        }
        Set<String> seen = new HashSet<>();
        boolean[] covered = new boolean[r.length];
        for (int end = length; end <= r.length; end++) {
            if (!seen.add(Arrays.toString(Arrays.copyOfRange(r, end - length, end)))) {
                Arrays.fill(covered, end - length, end, true);
            }
        }
        int sum = 0;
        for (boolean c : covered) {
            sum += c ? 1 : 0;
        }
        return (double) sum / r.length;
    }
}
