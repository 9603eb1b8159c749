package io.varve.server;

import io.varve.core.TsdbConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.config.TenantQuotas;

/**
 * How one number, the memory of the process, is shared out: 45 % for the head, a 64th for the ring, a 32nd for what
 * detectors have learned, the rest for queries, maps' pages, HTTP and the JVM. The launcher allows 45 % for the heap
 * and 55 % outside it. The store of own metrics gets small fixed parts.
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

    /** Tenants that were configured may take a part of this of what heads may have. */
    private static final long TENANTS_PART = 3;

    /** Others may take a part of this of all memory, beside it. */
    private static final long UNCONFIGURED_PART = 25;

    private static final long LEAST_TENANT_HEAD = 2L << 20;
    private static final long TENANT_WAL = 16L << 20;
    private static final int TENANT_RING = 512 << 10;

    private static final long DETECTORS_PART = 32;

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
                .headBytes(standardHead(config))
                .ringBytes(ringBytes(config.memory()));
    }

    private static long standardHead(ServerConfig config) {
        long head = headBytes(config.memory());
        boolean shared = config.tenants().configured() && config.tenants().max() > 0;
        return shared ? head - head / TENANTS_PART : head;
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

    /**
     * The configuration of a tenant's store. Tenants that were configured share a third of what heads may have, and the
     * default one keeps two; where none were, they get a little beside it.
     */
    static TsdbConfig tenant(ServerConfig config, String name) {
        TenantQuotas quotas = config.tenants().of(name);
        int tenants = Math.max(1, config.tenants().max());
        long share = config.tenants().configured()
                ? headBytes(config.memory()) / TENANTS_PART / tenants
                : config.memory() / UNCONFIGURED_PART / tenants;
        return TsdbConfig.defaults()
                .resolution(config.resolution())
                .shards(1)
                .retention(config.retention().time())
                .retentionRules(config.retention().rules())
                .rollups(config.retention().rollups())
                .maxSeries(
                        quotas.series() > 0 ? quotas.series() : config.limits().series())
                .newSeriesPerMinute(quotas.newSeriesPerMinute())
                .headBytes(Math.max(LEAST_TENANT_HEAD, share))
                .walBytes(TENANT_WAL)
                .ringBytes(TENANT_RING);
    }

    static long headBytes(long memory) {
        return Math.max(LEAST_HEAD, Math.min(MOST_HEAD, memory / 100 * HEAD_PERCENT));
    }

    static int ringBytes(long memory) {
        long share = Math.max(LEAST_RING, Math.min(MOST_RING, memory / 64));
        return (int) Long.highestOneBit(share);
    }

    /** What detectors keep between queries. */
    static long detectorBytes(long memory) {
        return memory / DETECTORS_PART;
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
