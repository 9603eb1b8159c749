package io.varve.core.wal;

import io.varve.core.fs.FileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the live part of a log begins if the manifest that said it is lost. Chosen so that what is missing at its
 * beginning is named: replaying from a segment that is not there is a loss (ADR 0017). Changes nothing.
 *
 * @param sealedTo position up to which blocks hold what the log held, which is where a segment begins; 0 if there is no
 *     block
 * @param deletedTo position of the newest deletion that blocks or the list of deletions know; 0 if there is none
 * @param older whether what lies below {@code sealedTo} is wanted too, because a block cannot be read
 */
public record LogBeginning(long sealedTo, long deletedTo, boolean older) {

    /** Where the records of a segment end that has none but a mark. */
    private static final int END_OF_NOTHING =
            SegmentLayout.HEADER_BYTES + SegmentLayout.FRAGMENT_HEADER_BYTES + SegmentLayout.DURABLE_BYTES;

    /**
     * Position of the segment that the log begins with.
     *
     * @return 0 if there is neither log nor block
     * @throws io.varve.core.fs.UnsupportedFormatException if a newer version wrote the log
     */
    public long find(FileSystem files, int shard) throws IOException {
        SegmentImages images = new SegmentImages(files, shard);
        long sealed = SegmentLayout.segmentAt(sealedTo);
        for (long id : images.ids()) {
            if (older || id == sealed) {
                return SegmentLayout.position(id, 0);
            }
            if (id > sealed) {
                return SegmentLayout.position(firstWanted(images, shard, id), 0);
            }
        }
        return SegmentLayout.position(sealed, 0); // it was forced before a block that ends there was written
    }

    /**
     * The segment before the first one that is there, if it had records that no block holds; else the first itself. A
     * generation in which there was nothing but deletions is sealed into no block, so a segment with one is not missed.
     */
    private long firstWanted(SegmentImages images, int shard, long first) throws IOException {
        List<LogDamage> damages = new ArrayList<>(); // of its copy: the replay finds them again
        SegmentImages.Image image = images.read(first, damages);
        long before = new SegmentReader(image.bytes(), first, image.copiedFrom())
                .headerPosition(shard, SegmentLayout.BEFORE_AT);
        long id = SegmentLayout.segmentAt(before);
        boolean hadRecords = SegmentLayout.offsetAt(before) > END_OF_NOTHING;
        return hadRecords && before > sealedTo && id > SegmentLayout.segmentAt(deletedTo) ? id : first;
    }
}
