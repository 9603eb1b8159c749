package io.varve.core.compact;

import java.util.Map;
import java.util.TreeMap;

/** Before which time rollups have expired, by their width. Immutable. */
public final class RollupCutoffs {

    /** Nothing expires. */
    public static final RollupCutoffs NONE = new RollupCutoffs(Map.of());

    private final Map<Long, Long> byWidth;

    private RollupCutoffs(Map<Long, Long> byWidth) {
        this.byWidth = byWidth;
    }

    RollupCutoffs with(long width, long cutoff) {
        Map<Long, Long> more = new TreeMap<>(byWidth);
        more.put(width, cutoff);
        return new RollupCutoffs(more);
    }

    /**
     * Buckets of a width that end at this time or before have expired; {@link Long#MIN_VALUE} if none do, as for a
     * width that is not configured any more.
     */
    public long of(long width) {
        return byWidth.getOrDefault(width, Long.MIN_VALUE);
    }
}
