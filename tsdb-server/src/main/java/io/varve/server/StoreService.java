package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Querier;
import io.varve.query.QueryEngine;
import io.varve.server.api.MetricMetadata;
import io.varve.server.api.StoreContext;
import io.varve.server.config.ServerConfig;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.write.MetadataStore;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store at work: the engine over it, what is known of its metrics, its queries. The caller closes the store. */
final class StoreService {

    private final Tsdb store;
    private final Engines engines;
    private final MetadataStore metadata;
    private volatile @Nullable QueryEngine engine;

    /**
     * Of an open store; {@link #apply} gives it an engine.
     *
     * @param engines makes its engines
     * @param metadata what senders say of its metrics while the process runs
     */
    StoreService(Tsdb store, Engines engines, MetadataStore metadata) {
        this.store = store;
        this.engines = engines;
        this.metadata = metadata;
    }

    /** Makes an engine for a configuration; queries that run go on with the limits that they began with. */
    void apply(ServerConfig as) {
        engine = engines.over(store, as);
    }

    /** The engine with the limits in force. */
    QueryEngine engine() {
        QueryEngine now = engine;
        if (now == null) {
            throw new AssertionError("BUG: no configuration was applied");
        }
        return now;
    }

    Tsdb store() {
        return store;
    }

    MetadataStore metadata() {
        return metadata;
    }

    /**
     * What the doors of the API need.
     *
     * @param gate lets so many of its queries work at once
     * @param active its queries that are being answered
     */
    StoreContext context(ConcurrencyGate gate, ActiveQueries active) {
        return new StoreContext(
                store,
                store::status,
                new EngineQueries(this::engine),
                new StoreOperations(store),
                this::known,
                gate,
                active);
    }

    /** What the store keeps, and over it what was said since the start: text imports say it to this process alone. */
    private SortedMap<String, MetricMetadata> known() {
        SortedMap<String, MetricMetadata> all = new TreeMap<>();
        try (Querier querier = store.querier(TimeRange.ALL)) {
            querier.metadata("")
                    .found()
                    .forEach((name, m) ->
                            all.put(name, new MetricMetadata(m.type().label(), m.help(), m.unit())));
        }
        metadata.snapshot().forEach((name, m) -> all.put(name, new MetricMetadata(m.type(), m.help(), m.unit())));
        return all;
    }
}
