package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.core.fs.FileSystem;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramSamples;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StartTime;
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
import java.util.TreeSet;

/** The content of a block of all kinds in the plainest form. */
final class KindsBlock {

    /** What one series has. */
    static final class Series {
        final TreeMap<Long, Double> floats = new TreeMap<>();
        final TreeMap<Long, Histogram> histograms = new TreeMap<>();
        final TreeSet<Exemplar> exemplars = new TreeSet<>();
        final List<StartTime> starts = new ArrayList<>();
    }

    final TreeMap<Labels, Series> series = new TreeMap<>();
    final TreeMap<String, Metadata> metadata = new TreeMap<>(Labels::compareCodePoints);

    Series of(Labels labels) {
        return series.computeIfAbsent(labels, key -> new Series());
    }

    /** Series that have floats, histograms, both, or neither but something else. */
    static KindsBlock random(Random random, int count, int maxRows) {
        KindsBlock block = new KindsBlock();
        for (int i = 0; i < count; i++) {
            Series series = block.of(Labels.of("__name__", "m" + random.nextInt(3), "i", "s" + i));
            int shape = random.nextInt(5);
            Histogram same = HistogramSamples.random(random);
            for (int row = random.nextInt(maxRows); row >= 0 && shape < 4; row--) {
                long time = 10_000L * row + (random.nextInt(5) == 0 ? random.nextInt(9_000) : 0);
                if (shape == 0 || shape == 1 && random.nextInt(3) == 0) {
                    series.floats.put(time, random.nextInt(100) / 8.0);
                } else if (!series.floats.containsKey(time)) {
                    series.histograms.put(time, random.nextInt(3) > 0 ? same : HistogramSamples.random(random));
                }
            }
            for (int left = shape == 4 ? 1 : random.nextInt(3); left > 0; left--) {
                series.exemplars.add(new Exemplar(
                        Labels.of("trace_id", "t" + random.nextInt(99)), random.nextInt(100_000), random.nextDouble()));
                long start = 1_000L * series.starts.size() + random.nextInt(900);
                series.starts.add(new StartTime(start, start + 1 + random.nextInt(5_000)));
            }
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            block.metadata.put(
                    "m" + random.nextInt(9), new Metadata(Metadata.Type.byId(random.nextInt(8)), "hélps" + i, "s"));
        }
        return block;
    }

    BlockMeta write(FileSystem fs, String path, String id, Effort effort) throws IOException {
        try (BlockWriter writer = BlockWriter.create(fs, path, BlockModel.header(id), effort)) {
            for (Map.Entry<Labels, Series> entry : series.entrySet()) {
                writer.series(entry.getKey());
                writeSamples(entry.getValue(), writer);
                writer.exemplars(List.copyOf(entry.getValue().exemplars));
                writer.starts(entry.getValue().starts);
            }
            writer.metadata(metadata, 77);
            return writer.finish();
        }
    }

    /** In one order of times, in pages of one kind each. */
    private static void writeSamples(Series series, BlockWriter writer) throws IOException {
        TreeSet<Long> times = new TreeSet<>(series.floats.keySet());
        times.addAll(series.histograms.keySet());
        List<Long> run = new ArrayList<>();
        for (long time : times) {
            boolean changes = !run.isEmpty()
                    && series.floats.containsKey(time) != series.floats.containsKey(run.get(run.size() - 1));
            if (changes) {
                writeRun(series, run, writer);
                run.clear();
            }
            run.add(time);
        }
        writeRun(series, run, writer);
    }

    private static void writeRun(Series series, List<Long> run, BlockWriter writer) throws IOException {
        long[] times = run.stream().mapToLong(Long::longValue).toArray();
        if (times.length > 0 && series.floats.containsKey(times[0])) {
            double[] values = run.stream().mapToDouble(series.floats::get).toArray();
            writer.samples(times, values, 0, times.length);
        } else if (times.length > 0) {
            writer.histograms(
                    new Page(times, run.stream().map(series.histograms::get).toArray(Histogram[]::new)));
        }
    }

    /** What a block answers of one of its series in a range. */
    static Series read(BlockReader reader, int number, TimeRange range, List<Hole> holes) {
        BlockSession session = reader.session();
        Series found = new Series();
        // Both cursors at once, as a merge reads them.
        ColumnCursor floats = session.columns(number, range, ReadBudget.UNLIMITED, holes::add);
        ColumnCursor histograms = session.histograms(number, range, ReadBudget.UNLIMITED, holes::add);
        boolean moreFloats = floats.nextPage();
        boolean moreHistograms = histograms != null && histograms.nextPage();
        while (moreFloats || moreHistograms) {
            for (int i = 0; moreFloats && i < floats.size(); i++) {
                found.floats.put(floats.times()[i], floats.values()[i]);
            }
            for (int i = 0; moreHistograms && histograms != null && i < histograms.size(); i++) {
                found.histograms.put(histograms.times()[i], histograms.histogram(i));
            }
            moreFloats = moreFloats && floats.nextPage();
            moreHistograms = moreHistograms && histograms != null && histograms.nextPage();
        }
        List<Exemplar> exemplars = new ArrayList<>();
        reader.sides().exemplars(number, range, exemplars, holes::add);
        found.exemplars.addAll(exemplars);
        reader.sides().starts(number, found.starts, holes::add);
        return found;
    }

    Map<String, Metadata> readMetadata(BlockReader reader, List<Hole> holes) {
        Map<String, Metadata> found = new TreeMap<>(Labels::compareCodePoints);
        reader.sides().metadata(found::put, holes::add);
        return found;
    }

    long samples() {
        return series.values().stream()
                .mapToLong(s -> s.floats.size() + (long) s.histograms.size())
                .sum();
    }

    /** A page of histograms. */
    private static final class Page implements ColumnCursor {
        private final long[] times;
        private final Histogram[] histograms;

        Page(long[] times, Histogram[] histograms) {
            this.times = times;
            this.histograms = histograms;
        }

        @Override
        public boolean nextPage() {
            return false;
        }

        @Override
        public SampleKind kind() {
            return SampleKind.HISTOGRAM;
        }

        @Override
        public int size() {
            return times.length;
        }

        @Override
        public long[] times() {
            return Arrays.copyOf(times, times.length + 1); // only the first ones count
        }

        @Override
        public double[] values() {
            return new double[0];
        }

        @Override
        public Histogram histogram(int index) {
            return histograms[index];
        }
    }
}
