package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramSamples;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.StartTime;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** What one batch says, in parts: each kind is one record of the log, in this order. */
final class PlainBatch {

    private static final double[] SPECIAL = {
        Double.NaN,
        Double.longBitsToDouble(0x7ff0_0000_0000_0001L),
        Double.longBitsToDouble(0xfff8_1234_5678_9abcL),
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        -0.0,
        Double.MIN_VALUE,
        -Double.MAX_VALUE,
        0x1p63
    };

    private static final int PARTS = 5;

    /** One thing that is said: put into an appender, and into a plain store. */
    private record Said(Consumer<Appender> send, Consumer<PlainStore> keep) {}

    private final List<List<Said>> parts = new ArrayList<>();
    private long newest = Long.MIN_VALUE;

    private PlainBatch() {
        for (int i = 0; i < PARTS; i++) {
            parts.add(new ArrayList<>());
        }
    }

    /** Which times and values a batch has. */
    interface Times {

        /** A time for a sample. */
        long next();
    }

    static PlainBatch random(Random random, List<Labels> series, Times times) {
        PlainBatch batch = new PlainBatch();
        boolean floatsAlone = random.nextInt(3) == 0;
        for (int i = 1 + random.nextInt(2 * series.size()); i > 0; i--) {
            Labels labels = series.get(random.nextInt(series.size()));
            long time = times.next();
            switch (floatsAlone ? 0 : random.nextInt(9)) {
                case 5, 6 -> batch.add(labels, time, HistogramSamples.random(random));
                case 7 ->
                    batch.add(
                            labels,
                            new Exemplar(Labels.of("trace_id", "t" + random.nextInt(9)), time, random.nextInt(3)));
                case 8 -> batch.add(labels, new StartTime(time - 1 - 500L * random.nextInt(3), time));
                default -> batch.add(labels, time, value(random));
            }
        }
        if (random.nextInt(5) == 0) {
            batch.add(
                    "m" + random.nextInt(3),
                    new Metadata(Metadata.Type.byId(random.nextInt(8)), "helps " + random.nextInt(5), "s"));
        }
        return batch;
    }

    private static double value(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> StaleMarker.VALUE;
            case 1 -> SPECIAL[random.nextInt(SPECIAL.length)];
            case 2 -> Double.longBitsToDouble(random.nextLong());
            default -> random.nextInt(40) / 4.0;
        };
    }

    private void add(Labels labels, long time, double value) {
        newest = Math.max(newest, time);
        parts.get(0)
                .add(new Said(
                        appender -> accepted(appender.append(appender.series(labels), time, value)),
                        store -> store.sample(labels, time, Double.doubleToRawLongBits(value))));
    }

    private void add(Labels labels, long time, Histogram histogram) {
        newest = Math.max(newest, time);
        parts.get(1)
                .add(new Said(
                        appender -> accepted(appender.append(appender.series(labels), time, histogram)),
                        store -> store.sample(labels, time, histogram)));
    }

    private void add(Labels labels, Exemplar exemplar) {
        newest = Math.max(newest, exemplar.time());
        parts.get(2)
                .add(new Said(
                        appender -> accepted(appender.exemplar(appender.series(labels), exemplar)),
                        store -> store.exemplar(labels, exemplar)));
    }

    private void add(String metric, Metadata said) {
        parts.get(3)
                .add(new Said(
                        appender -> accepted(appender.metadata(metric, said)),
                        store -> store.metadata.put(metric, said)));
    }

    private void add(Labels labels, StartTime start) {
        newest = Math.max(newest, start.time());
        parts.get(4)
                .add(new Said(
                        appender -> accepted(appender.startTime(appender.series(labels), start.time(), start.start())),
                        store -> store.start(labels, start)));
    }

    private static void accepted(Verdict verdict) {
        assertThat(verdict).isEqualTo(Verdict.ACCEPTED);
    }

    int size() {
        return parts.stream().mapToInt(List::size).sum();
    }

    /** Newest time that anything in it has. */
    long newest() {
        return newest;
    }

    void send(Appender appender) {
        parts.forEach(part -> part.forEach(said -> said.send().accept(appender)));
        assertThat(appender.pending()).isEqualTo(size());
    }

    /** Gives each thing that is said, in its order. */
    void forEach(Consumer<Consumer<PlainStore>> visitor) {
        parts.forEach(part -> part.forEach(said -> visitor.accept(said.keep())));
    }

    void keep(PlainStore store) {
        parts.forEach(part -> part.forEach(said -> said.keep().accept(store)));
    }

    /** What a store holds when the log ends after some of this batch's records. */
    List<PlainStore> cutOff(PlainStore before) {
        List<PlainStore> all = new ArrayList<>();
        PlainStore store = before;
        for (List<Said> part : parts) {
            if (!part.isEmpty()) {
                store = store.copy();
                for (Said said : part) {
                    said.keep().accept(store);
                }
                all.add(store);
            }
        }
        return all;
    }
}
