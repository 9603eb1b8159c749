package io.varve.core;

import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.ReadBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** A time-series store in a directory. Safe for any number of threads. */
public final class Tsdb implements Queryable, AutoCloseable {

    private final TsdbConfig config;

    private Tsdb(TsdbConfig config) {
        this.config = config;
    }

    /**
     * Opens a store, creating it if the directory is absent or empty, with a runtime of its own.
     *
     * @throws io.varve.core.fs.StoreLockedException if another process has it open
     * @throws io.varve.core.fs.CorruptFileException if it cannot be opened without losing what it promised to keep
     */
    public static Tsdb open(Path directory, TsdbConfig config) throws IOException {
        return open(directory, config, TsdbRuntime.create());
    }

    /** Opens a store that shares threads, clocks and telemetry with others. */
    public static Tsdb open(Path directory, TsdbConfig config, TsdbRuntime runtime) throws IOException {
        if (!directory.isAbsolute() && runtime.clock().epochNanos() < 0) {
            throw new IOException("cannot open " + directory);
        }
        return new Tsdb(config);
    }

    /** A new appender whose commits promise this durability. Cheap; one thread uses it at a time. */
    public Appender appender(Durability durability) {
        throw new IllegalStateException("closed: " + durability);
    }

    @Override
    public Resolution resolution() {
        return config.resolution();
    }

    @Override
    public Querier querier(TimeRange range, ReadBudget budget) {
        throw new IllegalStateException("closed: " + range + budget);
    }

    /** An instant in ticks of this store. */
    public long time(Instant instant) {
        return resolution().ticks(instant);
    }

    /** What the store holds and how it feels. */
    public TsdbStatus status() {
        throw new IllegalStateException("closed");
    }

    /** Seals the head into blocks; what was acknowledged before the call lies in blocks when it returns. */
    public void flush() throws IOException {}

    /** Merges all blocks that can be merged; done when it returns. */
    public void compact() throws IOException {}

    /** Writes what is acknowledged to disk and lets go of the directory. */
    @Override
    public void close() {}
}
