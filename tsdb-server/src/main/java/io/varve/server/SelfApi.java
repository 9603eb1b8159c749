package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.core.telemetry.Telemetry;
import io.varve.query.QueryEngine;
import io.varve.server.api.ApiContext;
import io.varve.server.api.ApiRoutes;
import io.varve.server.api.MetricMetadata;
import io.varve.server.http.Router;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Lets the server's own metrics be queried, apart from the users' data. */
final class SelfApi {

    /** What the paths begin with. */
    static final String PREFIX = "/self";

    private SelfApi() {}

    /**
     * Adds the routes.
     *
     * @param users the context of the users' store
     * @param engine over the store of own metrics, with the limits in force
     */
    static void register(
            Router router, ApiContext users, Tsdb self, Supplier<QueryEngine> engine, Telemetry telemetry) {
        ApiRoutes.registerSelf(
                router,
                PREFIX,
                users.over(users.data().over(self, new EngineQueries(engine), () -> metadata(telemetry))));
    }

    /** What the registry says of its metrics. */
    private static SortedMap<String, MetricMetadata> metadata(Telemetry telemetry) {
        SortedMap<String, MetricMetadata> all = new TreeMap<>();
        for (MetricSnapshot metric : telemetry.snapshot()) {
            all.put(
                    metric.name(),
                    new MetricMetadata(metric.type().name().toLowerCase(Locale.ROOT), metric.help(), metric.unit()));
        }
        return all;
    }
}
