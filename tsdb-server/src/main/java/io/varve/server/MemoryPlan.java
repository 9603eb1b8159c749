package io.varve.server;

import io.varve.core.TsdbConfig;
import io.varve.server.config.ServerConfig;

/**
 * How one number, the memory of the process, is shared out: 45 % for the head, a 64th for the ring, the rest for
 * queries, maps' pages, HTTP and the JVM. The launcher allows 45 % for the heap and 55 % outside it. The store of own
 * metrics gets small fixed parts.
 */
final class MemoryPlan {

    private static final long HEAD_PERCENT = 45;
    private static final long LEAST_HEAD = 16L << 20;
    private static final long MOST_HEAD = 8L << 30;
    private static final int LEAST_RING = 1 << 20;
    private static final int MOST_RING = 64 << 20;
    private static final long SELF_HEAD = 8L << 20;
    private static final long SELF_WAL = 8L << 20;

    /** Own metrics may take a part of this of what the users' data may take, beside it. */
    private static final long SELF_SHARE = 16;

    private static final int SELF_SERIES = 100_000;

    private MemoryPlan() {}

    /** The configuration of the users' store. */
    static TsdbConfig store(ServerConfig config) {
        return TsdbConfig.defaults()
                .resolution(config.resolution())
                .shards(config.shards())
                .retention(config.retention().time())
                .retentionBytes(config.retention().bytes())
                .retentionRules(config.retention().rules())
                .rollups(config.retention().rollups())
                .maxSeries(config.limits().series())
                .newSeriesPerMinute(config.limits().newSeriesPerMinute())
                .headBytes(headBytes(config.memory()))
                .ringBytes(ringBytes(config.memory()));
    }

    /** The configuration of the store of own metrics. */
    static TsdbConfig self(ServerConfig config) {
        return TsdbConfig.defaults()
                .shards(1)
                .retention(config.retention().time())
                .retentionBytes(config.retention().bytes() / SELF_SHARE)
                .maxSeries(SELF_SERIES)
                .headBytes(SELF_HEAD)
                .walBytes(SELF_WAL)
                .ringBytes(LEAST_RING);
    }

    static long headBytes(long memory) {
        return Math.max(LEAST_HEAD, Math.min(MOST_HEAD, memory / 100 * HEAD_PERCENT));
    }

    static int ringBytes(long memory) {
        long share = Math.max(LEAST_RING, Math.min(MOST_RING, memory / 64));
        return (int) Long.highestOneBit(share);
    }

    /** Bytes to use when nothing says how many: what the launcher found, else what the heap's size tells. */
    static long machine(String launcher, long maxHeap) {
        try {
            if (!launcher.isEmpty()) {
                return Math.max(64L << 20, Long.parseLong(launcher));
            }
        } catch (NumberFormatException e) {
            // set by hand to something else: the heap tells enough
        }
        return Math.max(64L << 20, maxHeap / 45 * 100);
    }
}
