package io.varve.core.read;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What the threads decode with that read parts of a querier's selections: as much as there are at a time, used again
 * from part to part with the times and coding models that it holds. Any thread; closed with the querier.
 */
final class PartScratches {

    private final ScratchPool pool;
    private final Deque<ReadScratch> idle = new ArrayDeque<>();
    private final List<ReadScratch> all = new ArrayList<>();

    PartScratches(ScratchPool pool) {
        this.pool = pool;
    }

    synchronized ReadScratch take() {
        ReadScratch last = idle.poll();
        if (last == null) {
            last = new ReadScratch(pool.take(), true);
            all.add(last);
        }
        return last;
    }

    synchronized void giveBack(ReadScratch scratch) {
        idle.push(scratch);
    }

    /** Gives everything back to the pool; no part is read any more. */
    synchronized void close() {
        all.forEach(scratch -> pool.giveBack(scratch.decode()));
        all.clear();
        idle.clear();
    }
}
