package io.varve.server.demo.latency.node;

import io.varve.core.index.ByteSink;
import io.varve.core.kind.ExemplarForm;
import io.varve.core.kind.HistogramForm;
import io.varve.core.kind.MetadataForm;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.Resolution;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import io.varve.core.storage.WireLabels;
import io.varve.core.storage.Writable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The command's store as a node sees it: what is committed travels as one message, which {@link SamplesReplay} writes
 * there. A commit is done when the message is sent, and promises no more.
 *
 * <pre>
 *   entry 1: kind, body
 *     BEGIN      an appender is new: what was numbered before is forgotten
 *     SERIES     labels; series are numbered from 0 in the order in which they come
 *     FLOAT      series, time, bits
 *     HISTOGRAM  series, time, length, form      EXEMPLAR  series, time, length, form
 *     METADATA   length, form                    START     series, time, start
 * </pre>
 */
final class StoreOverWire implements Writable {

    static final int SERIES = 1;
    static final int FLOAT = 2;
    static final int HISTOGRAM = 3;
    static final int EXEMPLAR = 4;
    static final int METADATA = 5;
    static final int START = 6;
    static final int BEGIN = 7;

    private static final int FULL = 8 << 20;

    private final FrameWriter out;
    private final Resolution resolution;

    StoreOverWire(FrameWriter out, Resolution resolution) {
        this.out = out;
        this.resolution = resolution;
    }

    @Override
    public Resolution resolution() {
        return resolution;
    }

    @Override
    public Appender appender(Durability durability) {
        return new Batch(durability);
    }

    /** One thread. */
    private final class Batch implements Appender {

        private final Durability durability;
        private final Map<Labels, Long> series = new HashMap<>();
        private final ByteSink bytes = new ByteSink();
        private final ByteSink form = new ByteSink();
        private int pending;

        Batch(Durability durability) {
            this.durability = durability;
            bytes.u8(BEGIN);
        }

        @Override
        public long series(Labels labels) {
            if (labels.size() == 0) {
                throw new IllegalArgumentException("a series has labels");
            }
            Long known = series.get(labels);
            if (known != null) {
                return known;
            }
            long ref = series.size();
            series.put(labels, ref);
            bytes.u8(SERIES);
            NodeReport.writeLabels(labels, bytes);
            return ref;
        }

        @Override
        public long series(byte[] wire, int offset, int length, WireLabels decoder) {
            return series(decoder.decode(wire, offset, length));
        }

        @Override
        public Verdict append(long ref, long time, double value) {
            if (entry(FLOAT, ref, time).isRefusal()) {
                return Verdict.BATCH_FULL;
            }
            bytes.u64(Double.doubleToRawLongBits(value));
            return Verdict.ACCEPTED;
        }

        @Override
        public Verdict append(long ref, long time, Histogram histogram) {
            form.clear();
            HistogramForm.write(histogram, form);
            return entry(HISTOGRAM, ref, time).isRefusal() ? Verdict.BATCH_FULL : addForm();
        }

        @Override
        public Verdict exemplar(long ref, Exemplar exemplar) {
            form.clear();
            ExemplarForm.write(exemplar, form);
            return entry(EXEMPLAR, ref, exemplar.time()).isRefusal() ? Verdict.BATCH_FULL : addForm();
        }

        @Override
        public Verdict metadata(String metric, Metadata metadata) {
            form.clear();
            MetadataForm.write(metric, metadata, form);
            bytes.u8(METADATA);
            pending++;
            return addForm();
        }

        @Override
        public Verdict startTime(long ref, long time, long start) {
            if (entry(START, ref, time).isRefusal()) {
                return Verdict.BATCH_FULL;
            }
            bytes.zigzag(start);
            return Verdict.ACCEPTED;
        }

        private Verdict entry(int kind, long ref, long time) {
            if (bytes.size() > FULL) {
                return Verdict.BATCH_FULL;
            }
            bytes.u8(kind);
            bytes.varint(ref);
            bytes.zigzag(time);
            pending++;
            return Verdict.ACCEPTED;
        }

        private Verdict addForm() {
            bytes.varint(form.size());
            bytes.put(form.array(), 0, form.size());
            return Verdict.ACCEPTED;
        }

        @Override
        public int pending() {
            return pending;
        }

        @Override
        public Commit commit() {
            int sent = pending;
            try {
                out.send(Wire.SAMPLES, bytes.array(), bytes.size());
            } catch (IOException e) {
                throw new CommitException(CommitException.Reason.CLOSED, "cannot send samples: " + e.getMessage(), e);
            } finally {
                pending = 0;
                bytes.clear();
            }
            return new Commit(sent, 0, Verdict.ACCEPTED, durability);
        }

        @Override
        public CompletionStage<Commit> commitAsync() {
            try {
                return CompletableFuture.completedFuture(commit());
            } catch (CommitException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public Durability durability() {
            return durability;
        }

        @Override
        public void close() {
            bytes.clear();
        }
    }
}
