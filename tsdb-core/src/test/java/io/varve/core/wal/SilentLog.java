package io.varve.core.wal;

/** A log that takes everything and keeps nothing. */
public class SilentLog implements IngestLog {

    @Override
    public void reserve(int bytes, int records) {}

    @Override
    public long append(RecordKind kind, byte[] payload, int offset, int length) {
        return 0;
    }

    @Override
    public void write() {}

    @Override
    public long force() {
        return 0;
    }

    @Override
    public boolean isBroken() {
        return false;
    }

    @Override
    public void rescue() {}

    @Override
    public long durablePosition() {
        return 0;
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
        return 0;
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public boolean isDurable(long position) {
        return true;
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
