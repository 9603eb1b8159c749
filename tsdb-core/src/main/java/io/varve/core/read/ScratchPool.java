package io.varve.core.read;

import io.varve.core.block.DecodeScratch;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Scratch memory between two readings: a few are kept, more are made when many read at once. Any thread. */
public final class ScratchPool {

    private static final int KEPT = 8;

    private final ArrayBlockingQueue<DecodeScratch> idle = new ArrayBlockingQueue<>(KEPT);

    DecodeScratch take() {
        @Nullable DecodeScratch kept = idle.poll();
        return kept == null ? new DecodeScratch() : kept;
    }

    void giveBack(DecodeScratch scratch) {
        idle.offer(scratch); // beyond what is kept it is garbage
    }
}
