package io.varve.server;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A store that never ends: one series after the other, each with a sample, slowly, until the budget says stop. */
final class EndlessStore implements Queryable {

    private static final long MILLI = 1_000_000L;

    private final CountDownLatch read = new CountDownLatch(5);
    private final AtomicInteger open = new AtomicInteger();
    private final long bytes;

    /** @param bytes what each series takes of the budget */
    EndlessStore(long bytes) {
        this.bytes = bytes;
    }

    /** Waits until a reader is well under way. */
    void awaitReader() throws InterruptedException {
        read.await();
    }

    int open() {
        return open.get();
    }

    @Override
    public Resolution resolution() {
        return Resolution.MILLIS;
    }

    @Override
    public Querier querier(TimeRange range, ReadBudget budget) {
        open.incrementAndGet();
        return new Querier() {
            @Override
            public SeriesSet select(Matcher... matchers) {
                return new Series(range, budget);
            }

            @Override
            public List<String> labelNames(Matcher... matchers) {
                return List.of();
            }

            @Override
            public List<String> labelValues(String name, Matcher... matchers) {
                return List.of();
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }

    private final class Series implements SeriesSet {
        private final TimeRange range;
        private final ReadBudget budget;
        private int number;

        Series(TimeRange range, ReadBudget budget) {
            this.range = range;
            this.budget = budget;
        }

        @Override
        public boolean next() {
            read.countDown();
            LockSupport.parkNanos(MILLI);
            budget.charge(0, bytes);
            number++;
            return true;
        }

        @Override
        public Labels labels() {
            return Labels.of("__name__", "m", "i", Integer.toString(number));
        }

        @Override
        public ColumnCursor columns() {
            return new ColumnCursor() {
                private boolean done;

                @Override
                public boolean nextPage() {
                    boolean first = !done;
                    done = true;
                    if (first) {
                        budget.charge(1, 0);
                    }
                    return first;
                }

                @Override
                public int size() {
                    return 1;
                }

                @Override
                public long[] times() {
                    return new long[] {range.to()};
                }

                @Override
                public double[] values() {
                    return new double[] {1};
                }
            };
        }

        @Override
        public List<Hole> holes() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
