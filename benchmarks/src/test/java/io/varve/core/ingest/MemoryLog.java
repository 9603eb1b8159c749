package io.varve.core.ingest;

import io.varve.core.wal.IngestLog;
import io.varve.core.wal.RecordKind;

/** A log of positions alone, which are durable when they were there before a force began. */
final class MemoryLog implements IngestLog {

    private volatile long end;
    private volatile long durable;

    void append(long position) {
        end = position;
    }

    @Override
    public void reserve(int bytes, int records) {}

    @Override
    public long append(RecordKind kind, byte[] payload, int offset, int length) {
        throw new UnsupportedOperationException("positions alone");
    }

    @Override
    public void write() {}

    @Override
    public long force() {
        durable = end;
        return durable;
    }

    @Override
    public boolean isBroken() {
        return false;
    }

    @Override
    public void rescue() {}

    @Override
    public long durablePosition() {
        return durable;
    }

    @Override
    public long unforcedBytes() {
        return 0;
    }

    @Override
    public boolean mark() {
        return false;
    }

    @Override
    public long startGeneration(long generation) {
        return end;
    }

    @Override
    public long position() {
        return end;
    }

    @Override
    public boolean isDurable(long position) {
        return position <= durable;
    }

    @Override
    public long generationBytes() {
        return 0;
    }

    @Override
    public long diskBytes() {
        return 0;
    }

    @Override
    public void deleteBelow(long position) {}

    @Override
    public void close() {}
}
