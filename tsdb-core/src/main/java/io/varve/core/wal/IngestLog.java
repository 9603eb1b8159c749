package io.varve.core.wal;

import java.io.IOException;

/**
 * An ordered log of records with opaque, increasing positions. One thread appends, another forces.
 *
 * <p>The order of calls for one batch is {@link #reserve}, {@link #append}, {@link #write}, and later {@link #force}.
 * Space is found before anything is applied, so a full disk refuses a batch without leaving a trace of it.
 */
public interface IngestLog extends AutoCloseable {

    /**
     * Makes sure that so many bytes of records can be appended without asking the disk for space.
     *
     * @param bytes payload bytes of the records to come, in at most {@code records} records
     * @throws IOException if there is no room; the log is as before, unless it {@link #isBroken}
     */
    void reserve(int bytes, int records) throws IOException;

    /**
     * Adds a record; it reaches the operating system with the next {@link #write}.
     *
     * @return position of the record, larger than all before
     */
    long append(RecordKind kind, byte[] payload, int offset, int length);

    /**
     * Hands all appended records to the operating system.
     *
     * @throws IOException if the device fails; the log is broken then, and keeps what was appended
     */
    void write() throws IOException;

    /**
     * Makes durable what was written before the call. Called by one thread, beside appends.
     *
     * @return all records at positions up to this one are durable; nothing new if the log is broken
     * @throws IOException if the device fails; the log is broken then, and nothing may be assumed about records above
     *     the last returned position
     */
    long force() throws IOException;

    /** Whether a write or a force has failed: nothing is written until a {@link #rescue} has succeeded. Any thread. */
    boolean isBroken();

    /**
     * Writes what is not durable into files of its own, forces them, and goes on in a new segment, if the log is
     * broken. Positions stay as they were. What was appended is durable when it returns.
     *
     * @throws IOException if that fails too; it can be tried again at any time
     */
    void rescue() throws IOException;

    /** All records at positions up to this one are durable. Any thread. */
    long durablePosition();

    /** Memory of what was appended and is not durable, in bytes. */
    long unforcedBytes();

    /**
     * Notes in the log how far it is durable, if that is further than any record says; without it, damage to the last
     * acknowledged records could be taken for a torn tail. The agent calls it when it has nothing else to do.
     *
     * @return whether there is something to {@link #write} now
     * @throws IOException if there is no room; the log is as before
     */
    boolean mark() throws IOException;

    /**
     * Begins a new segment that belongs to a generation; later records go there.
     *
     * @return position at which the generation starts; all earlier records are below it
     * @throws IOException if there is no room; the log is as before
     */
    long startGeneration(long generation) throws IOException;

    /** Position behind the last appended record. */
    long position();

    /** Whether a record at a position will be found by the next start, whatever happens. Any thread. */
    boolean isDurable(long position);

    /** Bytes of records appended since the current generation started. */
    long generationBytes();

    /** Bytes that the log takes on disk. */
    long diskBytes();

    /** Deletes the segments that lie wholly below a position. */
    void deleteBelow(long position) throws IOException;

    /** Writes and forces what was appended, and closes the files. */
    @Override
    void close() throws IOException;
}
