package io.varve.core.ingest;

import io.varve.core.model.Deletion;
import io.varve.core.wal.DeletionRecord;
import io.varve.core.wal.IngestLog;
import io.varve.core.wal.RecordKind;

/** A deletion on its way to the log, with the payload of its record. Immutable. */
final class DeletionRequest {

    private final Deletion deletion;
    private final byte[] payload;

    /** @throws IllegalArgumentException if the matchers take more room than a record has */
    DeletionRequest(Deletion asked) {
        payload = DeletionRecord.encode(asked);
        deletion = DeletionRecord.decode(0, payload, 0, payload.length); // exactly what a replay will read
    }

    /** Bytes of the record's payload. */
    int bytes() {
        return payload.length;
    }

    /** Appends the record; returns the deletion with its position. */
    Deletion appendTo(IngestLog log) {
        return deletion.at(log.append(RecordKind.DELETION, payload, 0, payload.length));
    }
}
