package io.varve.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever is done to a store, in whatever order, whatever its disk does: its answers are those of plain maps. A seed
 * decides what is done; the threads of the engine decide at which of their steps a fault meets them, so a seed that
 * failed may have to be run some times to fail again.
 */
@ExtendWith(ExpectedCrashes.class)
class RandomOperationsTest {

    private static final long FIRST = Long.getLong("varve.operations.first", 1);
    private static final long SEEDS = Long.getLong("varve.operations.seeds", 200);
    private static final int TIMES = Integer.getInteger("varve.operations.times", 1);
    private static final int THREADS =
            Integer.getInteger("varve.operations.threads", Runtime.getRuntime().availableProcessors());

    @Test
    void answersLikePlainMaps() throws InterruptedException, ExecutionException {
        AtomicLong next = new AtomicLong(FIRST);
        AtomicBoolean failed = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                done.add(threads.submit(() -> run(next, failed)));
            }
            for (Future<?> some : done) {
                some.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void run(AtomicLong next, AtomicBoolean failed) {
        for (long seed = next.getAndIncrement(); seed < FIRST + SEEDS && !failed.get(); seed = next.getAndIncrement()) {
            for (int i = 0; i < TIMES; i++) {
                try {
                    new RandomOperations(seed).run();
                } catch (IOException | RuntimeException | Error e) {
                    failed.set(true);
                    throw new AssertionError(
                            "seed " + seed + " failed; repeat it with: mvn test -pl tsdb-core -am"
                                    + " -Dtest=RandomOperationsTest -Dsurefire.failIfNoSpecifiedTests=false"
                                    + " -Dvarve.operations.seeds=1 -Dvarve.operations.times=50"
                                    + " -Dvarve.operations.first=" + seed,
                            e);
                }
            }
        }
    }
}
