package io.varve.server.api;

import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.Router;

/** Registers every route of this package. */
public final class ApiRoutes {

    private static final long QUERY_WAIT_MILLIS = 5_000;

    private ApiRoutes() {}

    /** Adds the API, metrics, health and the page to a router. */
    public static void register(Router router, ApiContext context) {
        ConcurrencyGate gate =
                new ConcurrencyGate("queries", context.config().limits().queryConcurrency(), QUERY_WAIT_MILLIS);
        QueryDoors queries = new QueryDoors(context, gate);
        SeriesDoors series = new SeriesDoors(context, gate);
        StatusDoors status = new StatusDoors(context);
        AdminDoors admin = new AdminDoors(context);
        router.query("/api/v1/query", queries::query)
                .query("/api/v1/query_range", queries::queryRange)
                .query("/api/v1/query_exemplars", series::exemplars)
                .query("/api/v1/format_query", queries::format)
                .query("/api/v1/percentiles", queries::percentiles)
                .query("/api/v1/series", series::series)
                .query("/api/v1/labels", series::labels)
                .route("GET", "/api/v1/label/{name}/values", series::labelValues)
                .route("GET", "/api/v1/metadata", series::metadata)
                .route("GET", "/api/v1/rules", status::rules)
                .route("GET", "/api/v1/alerts", status::alerts)
                .route("GET", "/api/v1/status/buildinfo", status::buildInfo)
                .route("GET", "/api/v1/status/config", status::config)
                .route("GET", "/api/v1/status/flags", status::flags)
                .route("GET", "/api/v1/status/runtimeinfo", status::runtimeInfo)
                .route("GET", "/api/v1/status/tsdb", status::tsdb)
                .route("POST", "/api/v1/admin/tsdb/flush", admin.flush())
                .route("POST", "/api/v1/admin/tsdb/compact", admin.compact())
                .route("POST", "/api/v1/admin/tsdb/snapshot", admin.snapshot())
                .route("POST", "/api/v1/admin/tsdb/confirm_clock", admin.confirmClock())
                .route("POST", "/api/v1/admin/tsdb/delete_series", admin::deleteSeries)
                .route("PUT", "/api/v1/admin/tsdb/delete_series", admin::deleteSeries)
                .route("POST", "/api/v1/admin/tsdb/clean_tombstones", admin.cleanTombstones())
                .route("PUT", "/api/v1/admin/tsdb/clean_tombstones", admin.cleanTombstones())
                .route("GET", "/metrics", new MetricsDoor(context.metrics()))
                .route("GET", "/-/healthy", status::healthy)
                .route("GET", "/-/ready", status::ready)
                .route("GET", "/favicon.ico", exchange -> exchange.respond(HttpAnswer.empty(204)))
                .route("GET", "/", new PageDoor("index.html", "text/html; charset=utf-8"))
                .route("GET", "/ui/page.js", new PageDoor("page.js", "text/javascript; charset=utf-8"))
                .route("GET", "/ui/page.css", new PageDoor("page.css", "text/css; charset=utf-8"));
    }
}
