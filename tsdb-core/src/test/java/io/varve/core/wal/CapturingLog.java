package io.varve.core.wal;

import java.util.Arrays;
import java.util.function.BiConsumer;

/** A log that hands over what is appended and keeps nothing. */
final class CapturingLog implements IngestLog {

    private final BiConsumer<RecordKind, byte[]> records;

    CapturingLog(BiConsumer<RecordKind, byte[]> records) {
        this.records = records;
    }

    @Override
    public void reserve(int bytes, int records) {}

    @Override
    public long append(RecordKind kind, byte[] payload, int offset, int length) {
        records.accept(kind, Arrays.copyOfRange(payload, offset, offset + length));
        return 0;
    }

    @Override
    public void write() {}

    @Override
    public long force() {
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
