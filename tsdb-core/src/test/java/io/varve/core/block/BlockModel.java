package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.core.fs.FileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The content of a block in the plainest form, to write blocks from and to compare them with. */
final class BlockModel {

    /** Times and values of one series. */
    static final class Samples {
        final long[] times;
        final double[] values;

        Samples(long[] times, double[] values) {
            this.times = times;
            this.values = values;
        }

        Samples in(TimeRange range) {
            int[] rows = java.util.stream.IntStream.range(0, times.length)
                    .filter(i -> range.contains(times[i]))
                    .toArray();
            return new Samples(
                    Arrays.stream(rows).mapToLong(i -> times[i]).toArray(),
                    Arrays.stream(rows).mapToDouble(i -> values[i]).toArray());
        }

        boolean sameAs(Samples other) {
            return Arrays.equals(times, other.times) && Arrays.equals(bits(), other.bits());
        }

        long[] bits() {
            return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
        }
    }

    final TreeMap<Labels, Samples> series = new TreeMap<>();

    static BlockHeader header(String id) {
        return new BlockHeader(id, 2, 17, 4_711, 815, Resolution.MILLIS, BlockHeader.Kind.RAW, List.of("OLD1", "OLD2"));
    }

    /** Series of random shapes: shared, cut, shifted and private times; all kinds of values. */
    static BlockModel random(Random random, int count, int maxRows) {
        BlockModel model = new BlockModel();
        long[] shared = times(random, maxRows);
        for (int i = 0; i < count; i++) {
            Labels labels = Labels.of(
                    "__name__",
                    "m" + random.nextInt(3),
                    "host",
                    "host_" + random.nextInt(20),
                    "zone",
                    random.nextBoolean() ? "" : "zone/" + random.nextInt(3),
                    "naïve" + random.nextInt(2),
                    "\ud83d\ude00" + random.nextInt(5),
                    "id",
                    random.nextInt(4) == 0 ? Integer.toString(i) : "");
            int from = random.nextInt(3) == 0 ? random.nextInt(shared.length) : 0;
            int to = random.nextInt(3) == 0 ? from + 1 + random.nextInt(shared.length - from) : shared.length;
            long[] times = random.nextInt(4) == 0 ? times(random, maxRows) : Arrays.copyOfRange(shared, from, to);
            model.series.put(labels, new Samples(times, values(random, times.length)));
        }
        return model;
    }

    private static long[] times(Random random, int maxRows) {
        long[] times = new long[1 + random.nextInt(maxRows)];
        long time = random.nextInt(5) == 0 ? -random.nextLong(1L << 60) : 1_700_000_000_000L + random.nextInt(100_000);
        int jitter = random.nextBoolean() ? 1 : 900;
        for (int i = 0; i < times.length; i++) {
            time += 10_000 + random.nextInt(jitter);
            times[i] = time;
        }
        return times;
    }

    private static double[] values(Random random, int count) {
        double[] values = new double[count];
        int shape = random.nextInt(5);
        double value = random.nextInt(1_000);
        for (int i = 0; i < count; i++) {
            value += switch (shape) {
                case 0 -> 0;
                case 1 -> random.nextInt(100);
                case 2 -> random.nextInt(100) / 100.0 - 0.5;
                default -> random.nextGaussian();
            };
            values[i] = shape == 2 ? Math.round(value * 100) / 100.0 : value;
            if (shape == 4 && random.nextInt(8) == 0) {
                values[i] = random.nextBoolean()
                        ? StaleMarker.VALUE
                        : Double.longBitsToDouble(random.nextBoolean() ? random.nextLong() : 0x7ff8000000000001L);
            }
            if (shape == 1 && random.nextInt(50) == 0) {
                value = 0; // a reset of a counter
            }
        }
        return values;
    }

    BlockMeta write(FileSystem fs, String path, String id) throws IOException {
        try (BlockWriter writer = BlockWriter.create(fs, path, header(id), Effort.BEST)) {
            for (Map.Entry<Labels, Samples> entry : series.entrySet()) {
                writer.series(entry.getKey());
                Samples samples = entry.getValue();
                int half = samples.times.length / 2;
                writer.samples(samples.times, samples.values, 0, half);
                writer.samples(samples.times, samples.values, half, samples.times.length - half);
            }
            return writer.finish();
        }
    }

    static Samples read(BlockSession session, int series, TimeRange range, List<Hole> holes) {
        List<long[]> times = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        ColumnCursor cursor = session.columns(series, range, ReadBudget.UNLIMITED, holes::add);
        while (cursor.nextPage()) {
            times.add(Arrays.copyOf(cursor.times(), cursor.size()));
            values.add(Arrays.copyOf(cursor.values(), cursor.size()));
        }
        return new Samples(
                times.stream().flatMapToLong(Arrays::stream).toArray(),
                values.stream().flatMapToDouble(Arrays::stream).toArray());
    }
}
