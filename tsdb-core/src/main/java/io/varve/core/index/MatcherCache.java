package io.varve.core.index;

import io.varve.core.model.Matcher;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * The series that matchers name in something that does not change, so that its symbols are looked at once for each
 * matcher. Bounded in bytes; what was asked for longest ago goes first. Any number of threads.
 */
public final class MatcherCache {

    private static final int ENTRY_BYTES = 256;

    private final int mostBytes;
    private final Map<Matcher, ImmutableRoaringBitmap> known = new LinkedHashMap<>(16, 0.75f, true);
    private int bytes;

    /** @param mostBytes what it may take; what is larger by itself is not kept */
    public MatcherCache(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Nullable
    synchronized ImmutableRoaringBitmap get(Matcher matcher) {
        return known.get(matcher);
    }

    /** Keeps a bitmap, which nobody changes any more. */
    synchronized void put(Matcher matcher, MutableRoaringBitmap series) {
        int size = size(matcher, series);
        if (size > mostBytes || known.putIfAbsent(matcher, series) != null) {
            return;
        }
        bytes += size;
        Iterator<Map.Entry<Matcher, ImmutableRoaringBitmap>> oldest =
                known.entrySet().iterator();
        while (bytes > mostBytes) {
            Map.Entry<Matcher, ImmutableRoaringBitmap> entry = oldest.next();
            bytes -= size(entry.getKey(), entry.getValue());
            oldest.remove();
        }
    }

    private static int size(Matcher matcher, ImmutableRoaringBitmap series) {
        long size = ENTRY_BYTES
                + 16L * matcher.value().length() // what is known of an expression is larger than the expression
                + series.getSizeInBytes();
        return (int) Math.min(Integer.MAX_VALUE, size);
    }

    /** Bytes that it takes, about. */
    synchronized int bytes() {
        return bytes;
    }
}
