package io.varve.core.read;

import io.varve.core.block.DecodeScratch;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Scratch memory between two readings: a few are kept, more are made when many read at once. Any thread. */
public final class ScratchPool {

    private static final int KEPT = 8;

    private final ArrayBlockingQueue<DecodeScratch> idle = new ArrayBlockingQueue<>(KEPT);

    private final LongAdder modelHits = new LongAdder();
    private final LongAdder modelMisses = new LongAdder();

    /** Coding models that readings asked for and that had been read before; counted when a reading ends. */
    public long modelHits() {
        return modelHits.sum();
    }

    /** Coding models that readings had to read. */
    public long modelMisses() {
        return modelMisses.sum();
    }

    DecodeScratch take() {
        @Nullable DecodeScratch kept = idle.poll();
        return kept == null ? new DecodeScratch() : kept;
    }

    void giveBack(DecodeScratch scratch) {
        modelHits.add(scratch.takeModelHits());
        modelMisses.add(scratch.takeModelMisses());
        idle.offer(scratch); // beyond what is kept it is garbage
    }
}
