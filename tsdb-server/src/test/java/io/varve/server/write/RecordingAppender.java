package io.varve.server.write;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.SampleKind;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import io.varve.core.storage.WireLabels;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An engine that keeps what it is given in a list, with batches as small as a test wants them. */
public final class RecordingAppender implements Appender {

    /** A sample that was committed. */
    public record Sample(Labels labels, long time, long bits) {}

    /** A histogram that was added. */
    public record Counted(Labels labels, long time, Histogram histogram) {}

    private final Durability durability;
    private final int capacity;
    private final Map<ByteBuffer, Long> cache = new HashMap<>();
    private final List<Labels> series = new ArrayList<>();
    private final List<Sample> batch = new ArrayList<>();
    private final List<Sample> committed = new ArrayList<>();
    private final List<Counted> histograms = new ArrayList<>();
    private final List<Exemplar> exemplars = new ArrayList<>();
    private final Map<String, Metadata> metadata = new HashMap<>();
    private CompletionStage<Commit> nextCommit = new CompletableFuture<>();
    private boolean scripted;
    private int generation;
    private int decoded;
    private int commits;
    private boolean closed;
    private long dropped = -1;
    private int pendingHistograms;
    private int pendingExemplars;

    public RecordingAppender(Durability durability, int capacity) {
        this.durability = durability;
        this.capacity = capacity;
    }

    /** From now on every commit ends like this. */
    public void script(CompletionStage<Commit> answer) {
        nextCommit = answer;
        scripted = true;
    }

    /** Drops a series while the cache still knows it. */
    public void drop(int index) {
        dropped = index;
    }

    public List<Counted> histograms() {
        return histograms;
    }

    public List<Exemplar> exemplars() {
        return exemplars;
    }

    public Map<String, Metadata> metadata() {
        return metadata;
    }

    public List<Sample> committed() {
        return committed;
    }

    /** How often labels had to be read. */
    public int decoded() {
        return decoded;
    }

    public int commits() {
        return commits;
    }

    public boolean closed() {
        return closed;
    }

    @Override
    public long series(Labels labels) {
        series.add(labels);
        return (long) generation << 32 | (series.size() - 1);
    }

    @Override
    public long series(byte[] wire, int offset, int length, WireLabels decoder) {
        Long known = cache.get(ByteBuffer.wrap(wire, offset, length));
        if (known == null) {
            decoded++;
            Labels labels = decoder.decode(wire, offset, length);
            byte[] copy = new byte[length];
            System.arraycopy(wire, offset, copy, 0, length);
            series.add(labels);
            known = (long) series.size() - 1;
            cache.put(ByteBuffer.wrap(copy), known);
        }
        return (long) generation << 32 | known;
    }

    @Override
    public Verdict append(long ref, long time, double value) {
        if (ref >>> 32 != generation || (int) ref == dropped) {
            return Verdict.UNKNOWN_REF;
        }
        if (pending() == capacity) {
            return Verdict.BATCH_FULL;
        }
        if (time < 0) {
            return Verdict.BEFORE_EPOCH;
        }
        batch.add(new Sample(series.get((int) ref), time, Double.doubleToRawLongBits(value)));
        return Verdict.ACCEPTED;
    }

    @Override
    public Verdict append(long ref, long time, Histogram histogram) {
        if (ref >>> 32 != generation || (int) ref == dropped) {
            return Verdict.UNKNOWN_REF;
        }
        if (pending() == capacity) {
            return Verdict.BATCH_FULL;
        }
        if (time < 0) {
            return Verdict.BEFORE_EPOCH;
        }
        histograms.add(new Counted(series.get((int) ref), time, histogram));
        pendingHistograms++;
        return Verdict.ACCEPTED;
    }

    @Override
    public Verdict exemplar(long ref, Exemplar exemplar) {
        if (ref >>> 32 != generation || (int) ref == dropped) {
            return Verdict.UNKNOWN_REF;
        }
        if (pending() == capacity) {
            return Verdict.BATCH_FULL;
        }
        if (exemplar.time() < 0) {
            return Verdict.BEFORE_EPOCH;
        }
        exemplars.add(exemplar);
        pendingExemplars++;
        return Verdict.ACCEPTED;
    }

    @Override
    public Verdict metadata(String metric, Metadata said) {
        metadata.put(metric, said);
        return Verdict.ACCEPTED;
    }

    @Override
    public Verdict startTime(long ref, long time, long start) {
        throw new UnsupportedOperationException("no door sends start times");
    }

    @Override
    public int pending() {
        return batch.size() + pendingHistograms + pendingExemplars;
    }

    @Override
    public Commit commit() {
        return commitAsync().toCompletableFuture().join();
    }

    @Override
    public CompletionStage<Commit> commitAsync() {
        Map<SampleKind, Integer> others =
                Map.of(SampleKind.HISTOGRAM, pendingHistograms, SampleKind.EXEMPLAR, pendingExemplars);
        Commit answer = new Commit(pending(), 0, Verdict.ACCEPTED, durability, Map.of(), others);
        pendingHistograms = 0;
        pendingExemplars = 0;
        committed.addAll(batch);
        batch.clear();
        generation++;
        commits++;
        return scripted ? nextCommit : CompletableFuture.completedStage(answer);
    }

    @Override
    public Durability durability() {
        return durability;
    }

    @Override
    public void close() {
        closed = true;
    }
}
