package io.varve.codec.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search for the cheapest window agrees with counting. */
class PackedSearchTest {

    private final PackedSearch search = new PackedSearch();

    @Test
    void theWindowCostsWhatTheSearchSaysAndNoOtherIsCheaper() {
        Random random = new Random(3);
        for (int round = 0; round < 2_000; round++) {
            int n = 1 + random.nextInt(round % 10 == 0 ? 3_000 : 100);
            int wide = random.nextInt(64);
            int outliers = 1 + random.nextInt(200);
            long[] sorted = new long[n];
            for (int i = 0; i < n; i++) {
                long value = random.nextLong() >>> wide;
                sorted[i] = random.nextInt(outliers) == 0 ? value : value >>> random.nextInt(12);
            }
            sorted[0] = 0;
            sorted = unsignedSorted(sorted);
            search.search(sorted, n);
            assertThat(search.bits())
                    .isCloseTo(cost(sorted, n, search.base(), search.width()), within(1e-6 * search.bits() + 1e-9));
            for (int part : new int[] {n, 1_024, 256, 64, 32}) {
                long low = sorted[part == n ? 0 : n / part];
                for (int width = 0; width <= Long.SIZE; width++) {
                    if (beyond(sorted, n, low, width) * 4 <= n) {
                        assertThat(search.bits()).isLessThanOrEqualTo(cost(sorted, n, low, width) * (1 + 1e-9));
                    }
                }
            }
        }
    }

    private static long[] unsignedSorted(long[] values) {
        return Arrays.stream(values)
                .map(v -> v ^ Long.MIN_VALUE)
                .sorted()
                .map(v -> v ^ Long.MIN_VALUE)
                .toArray();
    }

    private static long beyond(long[] sorted, int n, long low, int width) {
        long limit = width == 0 ? 0 : -1L >>> (Long.SIZE - width);
        return Arrays.stream(sorted)
                .limit(n)
                .filter(v -> Long.compareUnsigned(v, low) >= 0 && Long.compareUnsigned(v - low, limit) > 0)
                .count();
    }

    private static double cost(long[] sorted, int n, long low, int width) {
        long below = Arrays.stream(sorted)
                .limit(n)
                .filter(v -> Long.compareUnsigned(v, low) < 0)
                .count();
        // Those equal to the low end may count as skipped; they are cheaper to keep.
        double cost = (double) n * width + beyond(sorted, n, low, width) * patchBits(sorted[n - 1] - low);
        return cost + below * patchBits(low);
    }

    private static double patchBits(long value) {
        return 16 + 8 * ((Long.SIZE - Long.numberOfLeadingZeros(value)) / 7.0);
    }
}
