package io.varve.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** What the golden pages were made from: integer arithmetic and single roundings, the same on every machine. */
final class GoldenSeries {

    private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);
    private static final long START = 1_763_780_400_000L;
    private static final long[] EXTREME = {Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1};
    private static final double[] DECIMALS = {20.5, 20.51, 20.49, 20.5, 20.53, 20.52};
    private static final double[] FOUR = {0, 0, 0, 0, 0, 0, 0, 10, 10, 10, 10, 200, 200, 200, 3_000, 3_000};
    private static final double[] SPECIALS = {0.0, -0.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE};

    private GoldenSeries() {}

    /** Times by the name of their page. */
    static Map<String, long[]> times() {
        Map<String, long[]> all = new LinkedHashMap<>();
        all.put("regular-times", times(4, i -> START + 10_000L * i));
        all.put("times-with-gap", times(90, i -> START + 10_000L * (i + (i > 40 ? 1 : 0))));
        all.put("times-with-jitter", times(60, i -> START + 15_000L * i + i * i % 5));
        all.put("times-extreme", times(EXTREME.length, i -> EXTREME[i]));
        all.put("times-on-a-grid", times(300, i -> START + 15_000L * i + bell(i)));
        all.put("times-drifting", summed(300, i -> 10_000 + bell(i)));
        all.put("times-apart-more-and-more", summed(50, i -> 7L * i));
        all.put("times-apart-roughly-more", summed(200, i -> 70L * i + bell(i)));
        all.put("times-that-return", summed(400, i -> 1_000 + (mix(i % 37) >>> 56)));
        all.put("times-without-order", times(40, i -> START + (mix(i) >>> 44)));
        all.put("times-of-all-sizes", times(300, i -> mix(i) >>> 2 * (mix(i + 1_000) >>> 60)));
        all.put("times-of-one-divisor", summed(50, i -> 1_000_000 * (1 + (mix(i) >>> 62))));
        all.put("times-in-bursts", summed(1_200, i -> 10_000 + bell(i) * (i / 40 % 3 == 0 ? 97 : 1)));
        all.put("times-with-some-gaps", summed(300, i -> i % 40 == 17 ? 10_000 + (mix(i) >>> 52) : 10_000));
        return all;
    }

    /** Values by the name of their page. */
    static Map<String, double[]> values() {
        Map<String, double[]> all = new LinkedHashMap<>();
        all.put("decimals", DECIMALS.clone());
        all.put("constant-nan", values(2, i -> STALE));
        all.put("stale-marker", values(8, i -> i == 2 ? STALE : i + 1));
        all.put("specials", SPECIALS.clone());
        all.put("counter", values(70, i -> 1_000.0 * i + i * i % 11));
        all.put("parabola", values(40, i -> 3.0 * i * i - 17 * i + i % 2));
        all.put("multiples", values(50, i -> 4_096.0 * (i * i % 13)));
        all.put("patched", values(50, i -> i == 20 ? 1e6 : i * 7 % 10));
        all.put("mostly-still", values(400, i -> i % 57 == 5 ? mix(i) >>> 44 : 3));
        all.put("bell", values(240, i -> bell(i)));
        all.put("four-values", values(64, i -> FOUR[(int) (i * 0x9E3779B97F4A7C15L >>> 59) & 15]));
        all.put("walk", walk(240, 1));
        all.put("gauge-on-a-grid", values(240, i -> 15_000.0 * i + bell(i)));
        all.put("parabola-with-noise", values(240, i -> 500.0 * i * i + bell(i)));
        all.put("two-blocks", values(8_300, i -> i % 3));
        all.put("bursts", values(1_200, i -> (double) (bell(i) * (i / 40 % 3 == 0 ? 97 : 1))));
        all.put("returning", values(400, i -> (double) (mix(i % 37) >>> 56)));
        all.put("wide-noise", values(200, i -> Double.longBitsToDouble(0x3ff0000000000000L | mix(i) >>> 12)));
        all.put("divided-twice", values(240, i -> (5_000 + bell(i) * 31L) / 10.0 / 100));
        all.put("float32", values(240, i -> (float) ((5_000 + bell(i) * 31L) / 100.0)));
        all.put("multiples-of-a-base", values(240, i -> 1.5999998193 * (5_000 + bell(i) * 31L)));
        all.put("a-few-last-places", values(240, i -> moved((5_000 + bell(i)) / 100.0, i % 19 == 3 ? 1 : 0)));
        all.put("many-last-places", values(240, i -> moved((5_000 + bell(i)) / 100.0, (int) (mix(i) >>> 61) - 3)));
        all.put(
                "last-places-and-exceptions",
                values(240, i -> i % 30 == 7 ? STALE : moved((5_000 + bell(i)) / 100.0, i % 19 == 3 ? 1 : 0)));
        all.put("stale-markers", values(240, i -> i % 30 == 29 ? STALE : (5_000 + bell(i)) / 100.0));
        all.put("distinct-doubles", values(240, i -> Double.longBitsToDouble(mix((int) (mix(i) >>> 61)) >>> 2)));
        all.put("distinct-integers", values(240, i -> (double) (mix((int) (mix(i) >>> 61)) >>> 12)));
        all.put("distinct-decimals", values(240, i -> (mix((int) (mix(i) >>> 61)) >>> 20) / 1e9));
        return all;
    }

    /** Pages from which the model is trained. */
    static List<double[]> group() {
        List<double[]> group = new ArrayList<>();
        for (int page = 0; page < 8; page++) {
            group.add(walk(120, 100 + page));
        }
        return group;
    }

    /** Values of pages with the model, by the name of their page. */
    static Map<String, double[]> modelled() {
        Map<String, double[]> all = new LinkedHashMap<>();
        all.put("walk-with-model", walk(120, 100));
        all.put("short-walk-with-model", walk(12, 300));
        all.put("long-walk-with-model", walk(1_500, 400));
        double[] exceptions = walk(120, 301);
        exceptions[0] = STALE;
        exceptions[77] = STALE;
        all.put("exceptions-with-model", exceptions);
        double[] patches = walk(120, 302);
        patches[50] = 1e6;
        all.put("patches-with-model", patches);
        return all;
    }

    private static double[] walk(int count, int seed) {
        long[] sums = summed(count, i -> bell(i + 10_000 * seed));
        return values(count, i -> (5_000 + sums[i] - START) / 100.0);
    }

    private static long[] times(int count, IntToLongFunction time) {
        return IntStream.range(0, count).mapToLong(time).toArray();
    }

    private static long[] summed(int count, IntToLongFunction interval) {
        long[] times = new long[count];
        long time = START;
        for (int i = 0; i < count; i++) {
            times[i] = time;
            time += interval.applyAsLong(i);
        }
        return times;
    }

    private static double[] values(int count, IntToDoubleFunction value) {
        return IntStream.range(0, count).mapToDouble(value).toArray();
    }

    private static double moved(double value, int ulps) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(value) + ulps);
    }

    /** Noise whose sizes lie like those of a bell: a standard deviation of four. */
    private static int bell(int i) {
        return Long.bitCount(mix(i)) - 32;
    }

    /** Noise of 64 bits (Steele, Lea, Flood: SplitMix). */
    private static long mix(int i) {
        long z = (i + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
