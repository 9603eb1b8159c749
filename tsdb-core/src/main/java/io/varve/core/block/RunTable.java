package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A section of entries in runs of {@link BlockFormat#STEP}, the places of which are known. Any number of threads. */
final class RunTable {

    private final ByteBuffer bytes;
    private final int count;
    private final int restarts;
    private final int entries;

    /**
     * Reads the frame of a section.
     *
     * @param section its bytes, little-endian
     * @throws MalformedPageException if it is no such section
     */
    RunTable(ByteBuffer section) {
        this.bytes = section;
        ByteSource source = new ByteSource(section, 0);
        this.count = source.varint(Integer.MAX_VALUE - BlockFormat.STEP);
        this.restarts = source.position();
        source.seek(restarts + 4L * ((count + BlockFormat.STEP - 1) / BlockFormat.STEP));
        int length = source.varint(source.remaining());
        this.entries = source.position();
        if (length != source.remaining()) {
            throw new MalformedPageException(entries, length + " bytes of entries: found=" + source.remaining());
        }
    }

    /** A table of no entries. */
    static RunTable empty() {
        return new RunTable(ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN));
    }

    int count() {
        return count;
    }

    /** A source at the first entry of the run that holds an index. */
    ByteSource run(int index) {
        if (index < 0 || index >= count) {
            throw new MalformedPageException(0, "an entry below " + count + ": found=" + index);
        }
        return new ByteSource(
                bytes, entries + (bytes.getInt(restarts + 4 * (index / BlockFormat.STEP)) & 0xffff_ffffL));
    }
}
