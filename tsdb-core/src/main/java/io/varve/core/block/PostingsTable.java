package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * The postings of a block, by the number of the pair of name and value: from the mapped section, or rebuilt from the
 * series if that section is damaged. Any number of threads.
 */
abstract class PostingsTable {

    static final int DELTAS = 0;
    static final int ROARING = 1;
    static final int RUNS = 2;

    /** The series of a pair; not to be changed. */
    abstract ImmutableRoaringBitmap get(int pair);

    /** Postings in a mapped section, whose checksum was right. */
    static PostingsTable mapped(RunTable table, int seriesCount) {
        return new PostingsTable() {
            @Override
            ImmutableRoaringBitmap get(int pair) {
                ByteSource source = table.run(pair);
                for (int skip = pair % BlockFormat.STEP; skip > 0; skip--) {
                    source.seek(source.varint() / 4 + source.position());
                }
                return unpack(source, seriesCount);
            }
        };
    }

    private static ImmutableRoaringBitmap unpack(ByteSource source, int seriesCount) {
        int head = source.varint(4L * source.remaining());
        int length = head >>> 2;
        int end = source.position() + length;
        int shape = head & 3;
        if (shape == ROARING) {
            ByteBuffer bytes = source.slice(length);
            try {
                return new ImmutableRoaringBitmap(bytes);
            } catch (RuntimeException e) { // what the library throws on a wrong cookie or count is not specified
                throw new MalformedPageException(end - length, "a Roaring bitmap: " + e.getMessage());
            }
        }
        if (shape != DELTAS && shape != RUNS) {
            throw new MalformedPageException(source.position(), "a shape of postings: found=" + shape);
        }
        MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
        int[] some = new int[Math.min(length, 1_024)];
        int filled = 0;
        long next = 0;
        while (source.position() < end) {
            long first = next + source.varint(seriesCount);
            long last = first + (shape == RUNS ? source.varint(seriesCount) : 0);
            if (last >= seriesCount) {
                throw new MalformedPageException(
                        source.position(), "a series below " + seriesCount + ": found=" + last);
            }
            if (shape == RUNS) {
                bitmap.add(first, last + 1);
            } else {
                some[filled++] = (int) first;
                if (filled == some.length) {
                    bitmap.addN(some, 0, filled);
                    filled = 0;
                }
            }
            next = last + 1;
        }
        bitmap.addN(some, 0, filled);
        return bitmap;
    }

    /** Postings rebuilt from all series. */
    static PostingsTable rebuilt(SeriesTable series, int pairCount) {
        List<MutableRoaringBitmap> all = new ArrayList<>(pairCount);
        for (int i = 0; i < pairCount; i++) {
            all.add(new MutableRoaringBitmap());
        }
        SeriesTable.Walk walk = series.walk(0);
        for (int i = 0; i < series.count(); i++) {
            int index = i;
            Arrays.stream(walk.pairsOf(i)).forEach(pair -> all.get(pair).add(index));
        }
        all.forEach(MutableRoaringBitmap::runOptimize);
        return new PostingsTable() {
            @Override
            ImmutableRoaringBitmap get(int pair) {
                return all.get(pair);
            }
        };
    }
}
