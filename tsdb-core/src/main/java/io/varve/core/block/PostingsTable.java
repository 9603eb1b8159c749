package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
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

    /** At most how many series a pair has, without reading which. */
    abstract int weight(int pair);

    /** Postings in a mapped section, whose checksum was right. */
    static PostingsTable mapped(RunTable table, int seriesCount) {
        return new PostingsTable() {
            @Override
            ImmutableRoaringBitmap get(int pair) {
                return unpack(at(pair), seriesCount);
            }

            @Override
            int weight(int pair) {
                return Math.min(seriesCount, weigh(at(pair), seriesCount));
            }

            private ByteSource at(int pair) {
                ByteSource source = table.run(pair);
                for (int skip = pair % BlockFormat.STEP; skip > 0; skip--) {
                    source.seek(source.varint() / 4 + source.position());
                }
                return source;
            }
        };
    }

    /** Differences take a byte at least, runs are added up, and a bitmap knows. */
    private static int weigh(ByteSource source, int seriesCount) {
        int head = source.varint(4L * source.remaining());
        int length = head >>> 2;
        int end = source.position() + length;
        if ((head & 3) == DELTAS) {
            return length;
        }
        if ((head & 3) != RUNS) {
            return roaring(source, length).getCardinality();
        }
        long sum = 0;
        while (source.position() < end) {
            source.varint(seriesCount);
            sum += 1 + source.varint(seriesCount);
        }
        return (int) Math.min(seriesCount, sum);
    }

    private static ImmutableRoaringBitmap roaring(ByteSource source, int length) {
        int at = source.position();
        try {
            return new ImmutableRoaringBitmap(source.slice(length));
        } catch (RuntimeException e) { // what the library throws on a wrong cookie or count is not specified
            throw new MalformedPageException(at, "a Roaring bitmap: " + e.getMessage());
        }
    }

    private static ImmutableRoaringBitmap unpack(ByteSource source, int seriesCount) {
        int head = source.varint(4L * source.remaining());
        int length = head >>> 2;
        int end = source.position() + length;
        int shape = head & 3;
        if (shape == ROARING) {
            return roaring(source, length);
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

            @Override
            int weight(int pair) {
                return all.get(pair).getCardinality();
            }
        };
    }
}
