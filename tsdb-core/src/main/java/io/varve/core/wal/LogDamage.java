package io.varve.core.wal;

/**
 * A place of the log that could not be read.
 *
 * @param position where the unreadable record starts
 * @param reason what is wrong there
 */
public record LogDamage(long position, String reason) {

    @Override
    public String toString() {
        return SegmentLayout.fileName(SegmentLayout.segmentAt(position), 0) + " at byte " + (position & 0xffff_ffffL)
                + ": " + reason;
    }
}
