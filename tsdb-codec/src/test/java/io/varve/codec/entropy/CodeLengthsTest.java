package io.varve.codec.entropy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lengths are those of Huffman's code where they fit, and a complete code where they do not. */
class CodeLengthsTest {

    private final CodeLengths lengths = new CodeLengths();

    @Test
    void anyCountsHaveACompleteCode() {
        Random random = new Random(20_261);
        for (int round = 0; round < 2_000; round++) {
            int n = round % 7 == 0 ? 1 + random.nextInt(Bins.MAX_BINS) : 1 + random.nextInt(60);
            double skew = 6 * random.nextDouble();
            int[] counts = new int[n];
            for (int i = 0; i < n; i++) {
                counts[i] = 1 + (int) Math.min(10_000, Math.exp(skew * Math.abs(random.nextGaussian())));
            }
            check(counts);
        }
    }

    @Test
    void steepCountsAreLimited() {
        int[] fibonacci = new int[24];
        fibonacci[0] = 1;
        fibonacci[1] = 1;
        for (int i = 2; i < fibonacci.length; i++) {
            fibonacci[i] = fibonacci[i - 1] + fibonacci[i - 2];
        }
        check(fibonacci);
        int[] powers = new int[20];
        for (int i = 0; i < powers.length; i++) {
            powers[i] = 1 << i;
        }
        check(powers);
        int[] one = new int[Bins.MAX_BINS];
        Arrays.fill(one, 1);
        one[77] = 1_000_000;
        check(one);
    }

    private void check(int[] counts) {
        byte[] found = new byte[counts.length];
        lengths.compute(counts, counts.length, Bins.MAX_CODE, found);
        if (counts.length == 1) {
            assertThat(found).containsOnly(0);
            return;
        }
        long kraft = 0;
        long cost = 0;
        for (int i = 0; i < counts.length; i++) {
            assertThat(found[i]).isBetween((byte) 1, (byte) Bins.MAX_CODE);
            kraft += 1L << (Bins.MAX_CODE - found[i]);
            cost += (long) counts[i] * found[i];
        }
        assertThat(kraft).isEqualTo(1L << Bins.MAX_CODE);
        long optimum = huffmanCost(counts);
        assertThat(cost).isGreaterThanOrEqualTo(optimum);
        int longest = 0;
        for (byte length : found) {
            longest = Math.max(longest, length);
        }
        if (longest < Bins.MAX_CODE) {
            assertThat(cost).isEqualTo(optimum);
        } else {
            // The limit is near enough to the optimum to be no loss worth another algorithm.
            assertThat(cost).isLessThanOrEqualTo(optimum + optimum / 8);
        }
    }

    private static long huffmanCost(int[] counts) {
        PriorityQueue<Long> heap = new PriorityQueue<>();
        for (int count : counts) {
            heap.add((long) count);
        }
        long cost = 0;
        while (heap.size() > 1) {
            long joined = heap.remove() + heap.remove();
            cost += joined;
            heap.add(joined);
        }
        return cost;
    }
}
