package io.varve.core.ingest;

import io.varve.core.index.KeyedHash;
import io.varve.core.ingest.PendingCommit.NewSeries;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.SampleKind;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import io.varve.core.storage.WireLabels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Fills a batch in the form in which it travels. References of known series are the store's; a series that is not known
 * yet gets a handle below zero, which stands for its labels until the agent has created it.
 */
final class BatchAppender implements Appender {

    private static final int FIRST_CAPACITY = 16 * 1024;
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final IngestShard shard;
    private final Durability durability;
    private final KeyedHash hash;
    private final int maxBytes;

    private byte[] batch;
    private int length = BatchLayout.HEADER_BYTES;
    private List<NewSeries> newSeries = new ArrayList<>();

    /** Series asked for by labels; handle -(2i + 1) for the i-th, which stays good when the series dies and returns. */
    private final List<Labels> unresolved = new ArrayList<>();

    private final Map<Labels, Integer> handles = new HashMap<>();

    /** For each of them its reference, or its place among the batch's new series as -(place + 1), or 0. */
    private long[] resolved = new long[4];

    /** References that the batch may have, of series that have died and were looked for again since. */
    private final Map<Long, Labels> former = new HashMap<>();

    /** The batch while it may name series by references, or null. */
    private OpenBatches.@Nullable Batch open;

    /** Samples of other kinds, which stand behind the floats. */
    private final BatchForms forms = new BatchForms();

    /** Up to where floats may be put: the end of the array, or where the forms' share of the batch begins. */
    private int floatLimit;

    /** What the label cache knew of this batch's series, and what it did not. */
    private int cacheHits;

    private int cacheMisses;

    private boolean closed;

    BatchAppender(IngestShard shard, Durability durability, KeyedHash hash) {
        this.shard = shard;
        this.durability = durability;
        this.hash = hash;
        this.maxBytes = shard.maxBatchBytes();
        this.batch = new byte[Math.min(FIRST_CAPACITY, maxBytes)];
        this.floatLimit = batch.length;
    }

    @Override
    public long series(Labels labels) {
        if (labels.size() == 0) {
            throw new IllegalArgumentException("a series has at least one label: labels={}");
        }
        Integer known = handles.get(labels);
        if (known != null) {
            return -(2L * known + 1);
        }
        int handle = unresolved.size();
        unresolved.add(labels);
        handles.put(labels, handle);
        if (resolved.length <= handle) {
            resolved = Arrays.copyOf(resolved, handle * 2);
        }
        return -(2L * handle + 1);
    }

    @Override
    public long series(byte[] wire, int offset, int labelBytes, WireLabels decoder) {
        hash.hash(wire, offset, labelBytes);
        long high = hash.high();
        long low = hash.low();
        open();
        long ref = shard.commons().cache().find(high, low);
        if (shard.registry().number(ref) >= 0) {
            cacheHits++;
            return ref;
        }
        cacheMisses++;
        return newSeries(decoder.decode(wire, offset, labelBytes), high, low);
    }

    /** Begins a batch if there is none: series that live from now on can be named by it. */
    OpenBatches.Batch open() {
        OpenBatches.Batch batch = open;
        if (batch == null) {
            batch = shard.batches().begin();
            open = batch;
        }
        return batch;
    }

    /**
     * A handle for a series that the label cache does not know by a hash; valid until the next commit.
     *
     * @throws IllegalArgumentException if the labels are empty
     */
    long newSeries(Labels labels, long high, long low) {
        if (labels.size() == 0) {
            throw new IllegalArgumentException("a series has at least one label: labels={}");
        }
        newSeries.add(new NewSeries(labels, true, high, low));
        return -(2L * (newSeries.size() - 1) + 2);
    }

    @Override
    public Verdict append(long ref, long time, double value) {
        if (length + BatchLayout.SAMPLE_BYTES > floatLimit && !grow()) {
            return Verdict.BATCH_FULL;
        }
        long target = target(ref);
        if (target == UNKNOWN) {
            return Verdict.UNKNOWN_REF;
        }
        BatchLayout.putLong(batch, length, target);
        BatchLayout.putLong(batch, length + 8, time);
        BatchLayout.putLong(batch, length + 16, Double.doubleToRawLongBits(value));
        length += BatchLayout.SAMPLE_BYTES;
        return Verdict.ACCEPTED;
    }

    private boolean grow() {
        if (batch.length >= maxBytes) {
            return false;
        }
        batch = Arrays.copyOf(batch, (int) Math.min(maxBytes, batch.length * 2L));
        limitFloats();
        return length + BatchLayout.SAMPLE_BYTES <= floatLimit;
    }

    private void limitFloats() {
        floatLimit = Math.min(batch.length, maxBytes - forms.length());
    }

    /** What stands in the batch for a reference of the caller, or {@link #UNKNOWN}. */
    private long target(long ref) {
        open();
        if (ref < 0) {
            return batchReference(ref);
        }
        return shard.registry().names(ref) ? ref : UNKNOWN;
    }

    @Override
    public Verdict append(long ref, long time, Histogram histogram) {
        long target = target(ref);
        return target == UNKNOWN ? Verdict.UNKNOWN_REF : keep(forms.add(target, time, histogram));
    }

    @Override
    public Verdict exemplar(long ref, Exemplar exemplar) {
        long target = target(ref);
        return target == UNKNOWN ? Verdict.UNKNOWN_REF : keep(forms.add(target, exemplar));
    }

    @Override
    public Verdict startTime(long ref, long time, long start) {
        if (start >= time) {
            return Verdict.START_NOT_BEFORE;
        }
        long target = target(ref);
        return target == UNKNOWN ? Verdict.UNKNOWN_REF : keep(forms.add(target, time, start));
    }

    @Override
    public Verdict metadata(String metric, Metadata metadata) {
        Metadata.requireName(metric);
        return keep(forms.add(metric, metadata));
    }

    /** Keeps the form that was added at the end, or takes it away if the batch has no room for it. */
    private Verdict keep(int start) {
        if (length + forms.length() <= maxBytes) {
            limitFloats();
            return Verdict.ACCEPTED;
        }
        boolean tooLarge = BatchLayout.HEADER_BYTES + forms.length() - start > maxBytes;
        forms.cut(start);
        return tooLarge ? Verdict.TOO_LARGE : Verdict.BATCH_FULL;
    }

    /** What stands in the batch for a handle: the reference by now, or a place among the batch's new series. */
    private long batchReference(long handle) {
        boolean ofWire = (handle & 1) == 0;
        if (ofWire) {
            long place = -handle / 2 - 1;
            return place < newSeries.size() ? -place - 1 : UNKNOWN;
        }
        int index = (int) (-(handle + 1) / 2);
        if (index >= unresolved.size()) {
            return UNKNOWN;
        }
        long known = resolved[index];
        if (known == 0 || known > 0 && shard.registry().number(known) < 0) {
            Labels labels = unresolved.get(index);
            if (known > 0) {
                former.put(known, labels);
            }
            long ref = shard.registry().find(labels);
            if (ref < 0) {
                newSeries.add(new NewSeries(labels, false, 0, 0));
                ref = -newSeries.size();
            }
            resolved[index] = ref;
        }
        return resolved[index];
    }

    @Override
    public int pending() {
        return (length - BatchLayout.HEADER_BYTES) / BatchLayout.SAMPLE_BYTES + forms.count();
    }

    @Override
    public Commit commit() {
        return await(commitAsync());
    }

    /** Waits for a commit. */
    static Commit await(CompletionStage<Commit> commit) {
        try {
            return commit.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CommitException refused) {
                throw new CommitException(refused.reason(), String.valueOf(refused.getMessage()), refused);
            }
            throw e;
        }
    }

    @Override
    public CompletionStage<Commit> commitAsync() {
        if (closed) {
            throw new IllegalStateException("an appender is not used after close");
        }
        if (pending() == 0) {
            reset();
            return CompletableFuture.completedFuture(Commit.empty(durability));
        }
        int all = length + forms.length();
        if (forms.length() > 0) {
            batch = batch.length < all ? Arrays.copyOf(batch, all) : batch;
            forms.copyTo(batch, length);
        }
        OpenBatches.Batch entering = open();
        if (shard.batches().enter(entering)) {
            replaceDead(all);
        }
        CompletionStage<Commit> stage = shard.submit(batch, all, length, newSeries, durability, entering);
        open = null;
        reset();
        return stage;
    }

    /** Series died since the batch began: names by its labels what is dead by now, where they are known. */
    private void replaceDead(int end) {
        Map<Long, Labels> labelsByRef = new HashMap<>(former);
        for (int i = 0; i < unresolved.size(); i++) {
            labelsByRef.put(resolved[i], unresolved.get(i));
        }
        Map<Long, Long> replacements = new HashMap<>();
        for (int at = BatchLayout.HEADER_BYTES; at < length; at += BatchLayout.SAMPLE_BYTES) {
            replaceDead(at, labelsByRef, replacements);
        }
        for (int at = length; at < end; ) {
            if (BatchLayout.formKind(batch, at) != SampleKind.METADATA) {
                replaceDead(at + 8, labelsByRef, replacements);
            }
            at += BatchLayout.FORM_HEADER_BYTES + BatchLayout.formLength(batch, at);
        }
    }

    private void replaceDead(int at, Map<Long, Labels> labelsByRef, Map<Long, Long> replacements) {
        long ref = BatchLayout.getLong(batch, at);
        Labels dead = ref >= 0 && shard.registry().number(ref) < 0 ? labelsByRef.get(ref) : null;
        if (dead != null) {
            BatchLayout.putLong(batch, at, replacements.computeIfAbsent(ref, old -> {
                newSeries.add(new NewSeries(dead, false, 0, 0));
                return (long) -newSeries.size();
            }));
        }
    }

    /** Drops what was not committed, and goes on. */
    void drop() {
        reset();
    }

    private void reset() {
        shard.commons().looked(cacheHits, cacheMisses);
        cacheHits = 0;
        cacheMisses = 0;
        shard.batches().end(open);
        open = null;
        if (!former.isEmpty()) {
            former.clear();
        }
        length = BatchLayout.HEADER_BYTES;
        if (forms.length() > 0) {
            forms.cut(0);
        }
        limitFloats();
        if (!newSeries.isEmpty()) {
            newSeries = new ArrayList<>();
        }
        for (int i = 0; i < unresolved.size(); i++) {
            if (resolved[i] < 0) {
                resolved[i] = 0;
            }
        }
    }

    @Override
    public Durability durability() {
        return durability;
    }

    @Override
    public void close() {
        closed = true;
        reset();
    }
}
