package io.varve.benchmarks.write;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import io.varve.core.storage.WireLabels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An engine that only hashes: it stands for the label cache (two 64-bit lanes over every byte of the labels) and for a
 * batch, and keeps nothing. For one thread.
 */
final class HashingAppender implements Appender {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME_A = 0x9E3779B97F4A7C15L;
    private static final long PRIME_B = 0xC2B2AE3D27D4EB4FL;

    private long sink;
    private int pending;

    @Override
    public long series(Labels labels) {
        return labels.hashCode();
    }

    @Override
    public long series(byte[] wire, int offset, int length, WireLabels decoder) {
        long a = length * PRIME_A;
        long b = length * PRIME_B;
        int at = offset;
        int end = offset + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long word = (long) LONG.get(wire, at);
            a = Long.rotateLeft((a ^ word) * PRIME_A, 29);
            b = Long.rotateLeft((b + word) * PRIME_B, 31);
        }
        for (; at < end; at++) {
            a = (a ^ wire[at]) * PRIME_A;
            b = (b + wire[at]) * PRIME_B;
        }
        return a ^ b;
    }

    @Override
    public Verdict append(long ref, long time, double value) {
        sink = (sink ^ ref ^ time ^ Double.doubleToRawLongBits(value)) * PRIME_A;
        pending++;
        return Verdict.ACCEPTED;
    }

    @Override
    public Verdict append(long ref, long time, Histogram histogram) {
        return append(ref, time, histogram.sum());
    }

    @Override
    public Verdict exemplar(long ref, Exemplar exemplar) {
        return append(ref, exemplar.time(), exemplar.value());
    }

    @Override
    public Verdict metadata(String metric, Metadata metadata) {
        return append(metric.hashCode(), 0, 0);
    }

    @Override
    public Verdict startTime(long ref, long time, long start) {
        return append(ref, time, (double) start);
    }

    /** What everything hashed to, so that nothing is optimised away. */
    long sink() {
        return sink;
    }

    @Override
    public int pending() {
        return pending;
    }

    @Override
    public Commit commit() {
        Commit commit = new Commit(pending, 0, Verdict.ACCEPTED, Durability.MEMORY);
        pending = 0;
        return commit;
    }

    @Override
    public CompletionStage<Commit> commitAsync() {
        return CompletableFuture.completedStage(commit());
    }

    @Override
    public Durability durability() {
        return Durability.MEMORY;
    }

    @Override
    public void close() {}
}
