package io.varve.server.api;

import io.varve.core.TsdbStatus;
import io.varve.core.storage.Queryable;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.queries.ActiveQueries;
import java.util.function.Supplier;

/**
 * A store that can be asked, with what its queries share.
 *
 * @param store what is read
 * @param status how it feels
 * @param queries the query engine over it
 * @param admin what an operator may ask of it
 * @param metadata what is known of its metrics
 * @param gate lets so many queries work at once
 * @param active its queries that are being answered
 */
public record StoreContext(
        Queryable store,
        Supplier<TsdbStatus> status,
        QueryService queries,
        AdminDoors.Operations admin,
        MetricMetadata.Source metadata,
        ConcurrencyGate gate,
        ActiveQueries active) {

    /** The same for another store whose status, operations and queries at work are those of this one. */
    public StoreContext over(Queryable other, QueryService engine, MetricMetadata.Source known) {
        return new StoreContext(other, status, engine, admin, known, gate, active);
    }
}
