package io.varve.benchmarks.codec;

import io.varve.codec.PageCodec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Cuts a column in pages and measures them: bytes, and the speeds of encoding and decoding these same pages. Everything
 * decoded is compared with the original, bit by bit, before and after the speeds are taken.
 */
final class PageMeasure {

    private final String name;
    private final PagedColumn column;
    private final int pageSamples;
    private final byte[] bytes;
    /** Where each page starts in the bytes, and the end of the last. */
    private final int[] starts;

    /**
     * A measurement to come.
     *
     * @param name of the series
     * @param column at least one sample
     * @param pageSamples of all pages but the last, 1 to {@link PageCodec#MAX_SAMPLES}
     */
    PageMeasure(String name, PagedColumn column, int pageSamples) {
        this.name = name;
        this.column = column;
        this.pageSamples = Math.min(pageSamples, column.count());
        int pages = (column.count() - 1) / pageSamples + 1;
        this.starts = new int[pages + 1];
        this.bytes = new byte[Math.multiplyExact(pages, PageCodec.maxEncodedBytes(this.pageSamples))];
    }

    /** How long to measure: the warm-up of each speed, and the repetitions whose median it is. */
    record Timing(long warmUpNanos, long repetitionNanos, int repetitions) {

        static final Timing USUAL = new Timing(50_000_000, 10_000_000, 15);
    }

    /** What was measured; speeds in million samples a second; statistics are no part of the bytes. */
    record Result(
            String name,
            int samples,
            long bytes,
            long statisticsBytes,
            String description,
            double encodeSpeed,
            double decodeSpeed) {

        double bits() {
            return 8.0 * bytes / samples;
        }
    }

    /** What was decoded is not what was encoded. */
    static final class LostBitsException extends RuntimeException {

        private static final long serialVersionUID = 1;

        LostBitsException(String message) {
            super(message);
        }
    }

    String name() {
        return name;
    }

    /** Runs the codec over this series, so that the speeds of the first series do not differ from those of the last. */
    void warmUp(Timing timing) {
        repeat(timing.warmUpNanos(), this::encode);
        repeat(timing.warmUpNanos(), this::decode);
    }

    /**
     * Measures.
     *
     * @throws LostBitsException if what was decoded differs from the original
     */
    Result run(Timing timing) {
        encode();
        verify();
        double encodeSpeed = speed(timing, this::encode);
        double decodeSpeed = speed(timing, this::decode);
        verify();
        return new Result(
                name,
                column.count(),
                starts[starts.length - 1],
                statisticsBytes(),
                description(),
                encodeSpeed,
                decodeSpeed);
    }

    private long statisticsBytes() {
        long sum = 0;
        for (int page = 0; page < starts.length - 1; page++) {
            int offset = page * pageSamples;
            sum += column.statisticsBytes(offset, Math.min(pageSamples, column.count() - offset));
        }
        return sum;
    }

    private void encode() {
        int position = 0;
        for (int page = 0; page < starts.length - 1; page++) {
            int offset = page * pageSamples;
            starts[page] = position;
            position += column.encode(offset, Math.min(pageSamples, column.count() - offset), bytes, position);
        }
        starts[starts.length - 1] = position;
    }

    private void decode() {
        int offset = 0;
        for (int page = 0; page < starts.length - 1; page++) {
            offset += column.decode(bytes, starts[page], starts[page + 1] - starts[page], offset);
        }
        if (offset != column.count()) {
            throw new LostBitsException(
                    "not lossless: series=" + name + ", samples=" + column.count() + ", decoded=" + offset);
        }
    }

    private void verify() {
        column.forget();
        decode();
        for (int i = 0; i < column.count(); i++) {
            if (column.decoded(i) != column.original(i)) {
                throw new LostBitsException("not lossless: series=" + name + ", index=" + i + ", original=0x"
                        + Long.toHexString(column.original(i)) + ", decoded=0x" + Long.toHexString(column.decoded(i)));
            }
        }
    }

    /** The description of most pages; a plus says that there are others. */
    private String description() {
        Map<String, Integer> counts = new HashMap<>();
        String most = "";
        for (int page = 0; page < starts.length - 1; page++) {
            String description = column.describe(bytes, starts[page], starts[page + 1] - starts[page]);
            int count = counts.merge(description, 1, Integer::sum);
            if (count > counts.getOrDefault(most, 0)) {
                most = description;
            }
        }
        return counts.size() > 1 ? most + "+" : most;
    }

    private double speed(Timing timing, Runnable pass) {
        double nanosPerPass = repeat(timing.warmUpNanos(), pass);
        int passes = (int) Math.max(1, Math.ceil(timing.repetitionNanos() / nanosPerPass));
        double[] speeds = new double[timing.repetitions()];
        for (int i = 0; i < speeds.length; i++) {
            long begin = System.nanoTime();
            for (int p = 0; p < passes; p++) {
                pass.run();
            }
            long nanos = Math.max(1, System.nanoTime() - begin);
            speeds[i] = 1e3 * column.count() * passes / nanos;
        }
        Arrays.sort(speeds);
        return speeds[speeds.length / 2];
    }

    /** Runs for so long, at least once; returns nanoseconds a pass in the later half. */
    private static double repeat(long nanos, Runnable pass) {
        long begin = System.nanoTime();
        long half = begin;
        int passes = 0;
        long now;
        do {
            pass.run();
            passes++;
            now = System.nanoTime();
            if (now - begin < nanos / 2) {
                half = now;
                passes = 0;
            }
        } while (now - begin < nanos);
        return Math.max(1, (double) (now - half) / Math.max(1, passes));
    }
}
