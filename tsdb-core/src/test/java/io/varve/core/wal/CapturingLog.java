package io.varve.core.wal;

import java.util.Arrays;
import java.util.function.BiConsumer;

/** A log that hands over what is appended and keeps nothing. */
final class CapturingLog extends SilentLog {

    private final BiConsumer<RecordKind, byte[]> records;

    CapturingLog(BiConsumer<RecordKind, byte[]> records) {
        this.records = records;
    }

    @Override
    public long append(RecordKind kind, byte[] payload, int offset, int length) {
        records.accept(kind, Arrays.copyOfRange(payload, offset, offset + length));
        return 0;
    }
}
