package io.varve.server;

import io.varve.core.model.TimeSource;
import io.varve.query.QueryMemory;
import io.varve.server.config.LimitsConfig;
import io.varve.server.health.RequestPeaks;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.write.MetadataStore;
import java.util.function.LongSupplier;

/**
 * What requests share and are bounded by, so that its use can be told.
 *
 * @param peaks the largest that single requests asked for
 * @param queries lets so many queries work at once
 * @param writes lets so many writes work at once
 * @param memory what all queries together hold
 * @param metadata what was said of metrics
 */
record ServerUse(
        RequestPeaks peaks,
        ConcurrencyGate queries,
        ConcurrencyGate writes,
        QueryMemory memory,
        MetadataStore metadata) {

    static final int METADATA_NAMES = 100_000;

    private static final long QUERY_WAIT_MILLIS = 5_000;
    private static final long WRITE_WAIT_MILLIS = 2_000;

    /**
     * Nothing in use yet.
     *
     * @param queriesBytes what all queries together may hold, at the moment of asking
     */
    static ServerUse of(LimitsConfig limits, TimeSource clock, LongSupplier queriesBytes) {
        return new ServerUse(
                new RequestPeaks(clock),
                new ConcurrencyGate("queries", limits.queryConcurrency(), QUERY_WAIT_MILLIS),
                new ConcurrencyGate("writes", limits.writeConcurrency(), WRITE_WAIT_MILLIS),
                new QueryMemory(queriesBytes),
                new MetadataStore(METADATA_NAMES));
    }
}
