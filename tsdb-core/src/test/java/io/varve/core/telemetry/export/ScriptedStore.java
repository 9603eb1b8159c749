package io.varve.core.telemetry.export;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A store that works, or fails as it is told to. */
final class ScriptedStore implements Writable {

    private final Writable store;
    private final AtomicInteger appenders = new AtomicInteger();

    /** Why commits fail. */
    volatile CommitException.@Nullable Reason reason;

    /** Whether every call of an appender throws what no store should. */
    volatile boolean broken;

    volatile boolean closed;
    volatile long commitNanos;

    ScriptedStore(Writable store) {
        this.store = store;
    }

    int appenders() {
        return appenders.get();
    }

    @Override
    public Resolution resolution() {
        return store.resolution();
    }

    @Override
    public Appender appender(Durability durability) {
        if (closed) {
            throw new IllegalStateException("a store is not used after close");
        }
        appenders.incrementAndGet();
        return new Scripted(store.appender(durability));
    }

    private final class Scripted implements Appender {

        private final Appender real;

        Scripted(Appender real) {
            this.real = real;
        }

        private Appender real() {
            if (broken) {
                throw new UnsupportedOperationException("broken");
            }
            return real;
        }

        @Override
        public long series(Labels labels) {
            return real().series(labels);
        }

        @Override
        public long series(byte[] wire, int offset, int length, WireLabels decoder) {
            return real().series(wire, offset, length, decoder);
        }

        @Override
        public Verdict append(long ref, long time, double value) {
            return real().append(ref, time, value);
        }

        @Override
        public Verdict append(long ref, long time, Histogram histogram) {
            return real().append(ref, time, histogram);
        }

        @Override
        public Verdict exemplar(long ref, Exemplar exemplar) {
            return real().exemplar(ref, exemplar);
        }

        @Override
        public Verdict metadata(String metric, Metadata metadata) {
            return real().metadata(metric, metadata);
        }

        @Override
        public Verdict startTime(long ref, long time, long start) {
            return real().startTime(ref, time, start);
        }

        @Override
        public int pending() {
            return real.pending();
        }

        @Override
        public Commit commit() {
            if (commitNanos > 0) {
                LockSupport.parkNanos(commitNanos);
            }
            if (closed) {
                throw new IllegalStateException("an appender is not used after close");
            }
            CommitException.Reason why = reason;
            if (why != null) {
                throw new CommitException(why, "told to", null);
            }
            return real().commit();
        }

        @Override
        public CompletionStage<Commit> commitAsync() {
            return CompletableFuture.completedFuture(commit());
        }

        @Override
        public Durability durability() {
            return real.durability();
        }

        @Override
        public void close() {
            real().close();
        }
    }
}
