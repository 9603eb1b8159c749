package io.varve.core.wal;

/** Takes the records of a log in their order. */
public interface RecordHandler {

    /**
     * Records of a generation follow. Called for each segment, so possibly more than once for a generation.
     *
     * @param position where the segment starts
     */
    void generation(long generation, long position);

    /**
     * One record; the array is only lent for the call.
     *
     * @throws MalformedRecordException if the payload does not follow its format; the record is then damage
     */
    void record(long position, RecordKind kind, byte[] payload, int offset, int length);
}
