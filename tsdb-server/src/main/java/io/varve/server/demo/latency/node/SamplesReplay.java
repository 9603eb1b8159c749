package io.varve.server.demo.latency.node;

import io.varve.core.index.ByteSource;
import io.varve.core.kind.ExemplarForm;
import io.varve.core.kind.FormBytes;
import io.varve.core.kind.HistogramForm;
import io.varve.core.kind.MetadataForm;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Writes into a store what a node sent by {@link StoreOverWire}, each series with the node's name. One thread. */
public final class SamplesReplay implements AutoCloseable {

    /** Label with the node's name. */
    public static final String NODE = "node";

    private static final int MOST_SERIES = 100_000;

    private final Appender appender;
    private final String node;
    private final List<Long> refs = new ArrayList<>();
    private final HistogramForm.Reader histograms = new HistogramForm.Reader();

    /**
     * Nothing was sent yet.
     *
     * @param appender owned from now on
     */
    public SamplesReplay(Appender appender, String node) {
        this.appender = appender;
        this.node = node;
    }

    /**
     * Writes a message.
     *
     * @throws IllegalArgumentException if it is none
     */
    public CompletionStage<Commit> write(byte[] bytes, int length) {
        ByteSource in = FormBytes.source(bytes, 0, length);
        while (!in.isAtEnd()) {
            int kind = in.u8();
            if (kind == StoreOverWire.BEGIN) {
                refs.clear();
            } else if (kind == StoreOverWire.SERIES) {
                addSeries(NodeReport.readLabels(in));
            } else if (kind == StoreOverWire.METADATA) {
                in.varint(in.remaining());
                MetadataForm.Named named = MetadataForm.read(in);
                appender.metadata(named.metric(), named.metadata());
            } else {
                sample(kind, bytes, in);
            }
        }
        return appender.commitAsync();
    }

    private void addSeries(Labels labels) {
        if (refs.size() == MOST_SERIES) {
            throw new IllegalArgumentException("series of a node at most " + MOST_SERIES);
        }
        refs.add(appender.series(labels.with(NODE, node)));
    }

    private void sample(int kind, byte[] bytes, ByteSource in) {
        long number = in.varint();
        if (number < 0 || number >= refs.size()) {
            throw new IllegalArgumentException("a series that was told before: series=" + number);
        }
        long ref = refs.get((int) number);
        long time = in.zigzag();
        switch (kind) {
            case StoreOverWire.FLOAT -> {
                double value = Double.longBitsToDouble(in.u64());
                add(() -> appender.append(ref, time, value));
            }
            case StoreOverWire.START -> {
                long start = in.zigzag();
                add(() -> appender.startTime(ref, time, start));
            }
            case StoreOverWire.HISTOGRAM -> {
                int length = in.varint(in.remaining());
                int at = in.position();
                in.seek((long) at + length);
                Histogram histogram = histograms.read(bytes, at, length);
                add(() -> appender.append(ref, time, histogram));
            }
            case StoreOverWire.EXEMPLAR -> {
                in.varint(in.remaining());
                Exemplar exemplar = ExemplarForm.read(time, in);
                add(() -> appender.exemplar(ref, exemplar));
            }
            default -> throw new IllegalArgumentException("a kind of entry that is known: kind=" + kind);
        }
    }

    private void add(Supplier<Verdict> sample) {
        if (sample.get() == Verdict.BATCH_FULL) {
            appender.commit();
            if (sample.get() == Verdict.BATCH_FULL) {
                throw new IllegalArgumentException("a sample that an empty batch can carry: node=" + node);
            }
        }
    }

    @Override
    public void close() {
        appender.close();
    }
}
