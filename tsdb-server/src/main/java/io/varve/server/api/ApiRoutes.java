package io.varve.server.api;

import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.Router;

/** Registers every route of this package. */
public final class ApiRoutes {

    private ApiRoutes() {}

    /**
     * Adds what can be asked of the server's own metrics: the paths of queries, below a prefix, so that it can be a
     * data source beside the users' one.
     *
     * @param context over the store of own metrics
     */
    public static void registerSelf(Router router, String prefix, ApiContext context) {
        QueryDoors queries = new QueryDoors(context, context.gate());
        SeriesDoors series = new SeriesDoors(context, context.gate());
        StatusDoors status = new StatusDoors(context);
        router.query(prefix + "/api/v1/query", queries::query)
                .query(prefix + "/api/v1/query_range", queries::queryRange)
                .query(prefix + "/api/v1/explain", queries::explain)
                .query(prefix + "/api/v1/format_query", queries::format)
                .query(prefix + "/api/v1/percentiles", queries::percentiles)
                .query(prefix + "/api/v1/correlate", new CorrelateDoor(context, queries))
                .query(prefix + "/api/v1/cross_latency", new CrossLatencyDoor(context, context.gate()))
                .query(prefix + "/api/v1/series", series::series)
                .query(prefix + "/api/v1/labels", series::labels)
                .route("GET", prefix + "/api/v1/label/{name}/values", series::labelValues)
                .route("GET", prefix + "/api/v1/metadata", series::metadata)
                .route("GET", prefix + "/api/v1/status/buildinfo", status::buildInfo);
    }

    /** Adds the API, metrics, health and the page to a router. */
    public static void register(Router router, ApiContext context) {
        registerStore(router, context);
        registerServer(router, context);
    }

    /** Adds what is asked of one store: queries, series, rules over it, its operations. */
    public static void registerStore(Router router, ApiContext context) {
        ConcurrencyGate gate = context.gate();
        QueryDoors queries = new QueryDoors(context, gate);
        SeriesDoors series = new SeriesDoors(context, gate);
        AdminDoors admin = new AdminDoors(context);
        QueriesDoor active = new QueriesDoor(context.active());
        RulesDoor rules = new RulesDoor(context.rules(), context.queries());
        TargetsDoor targets = new TargetsDoor(context.scrapes(), context.queries());
        router.query("/api/v1/query", queries::query)
                .query("/api/v1/query_range", queries::queryRange)
                .query("/api/v1/query_exemplars", series::exemplars)
                .query("/api/v1/explain", queries::explain)
                .query("/api/v1/format_query", queries::format)
                .query("/api/v1/percentiles", queries::percentiles)
                .query("/api/v1/correlate", new CorrelateDoor(context, queries))
                .query("/api/v1/cross_latency", new CrossLatencyDoor(context, gate))
                .query("/api/v1/series", series::series)
                .query("/api/v1/labels", series::labels)
                .route("GET", "/api/v1/label/{name}/values", series::labelValues)
                .route("GET", "/api/v1/metadata", series::metadata)
                .route("GET", "/api/v1/queries", active::list)
                .route("DELETE", "/api/v1/queries/{id}", active::cancel)
                .route("GET", "/api/v1/rules", rules::rules)
                .route("GET", "/api/v1/alerts", rules::alerts)
                .route("GET", "/api/v1/alertmanagers", rules::alertmanagers)
                .route("GET", "/api/v1/targets", targets::targets)
                .route("GET", "/api/v1/targets/metadata", targets::metadata)
                .route("GET", "/api/v1/scrape_pools", targets::pools)
                .route("GET", "/api/v1/status/tsdb", new StatusDoors(context)::tsdb)
                .route("POST", "/api/v1/admin/tsdb/flush", admin.flush())
                .route("POST", "/api/v1/admin/tsdb/compact", admin.compact())
                .route("POST", "/api/v1/admin/tsdb/snapshot", admin.snapshot())
                .route("POST", "/api/v1/admin/tsdb/confirm_clock", admin.confirmClock())
                .route("POST", "/api/v1/admin/tsdb/delete_series", admin::deleteSeries)
                .route("PUT", "/api/v1/admin/tsdb/delete_series", admin::deleteSeries)
                .route("POST", "/api/v1/admin/tsdb/clean_tombstones", admin.cleanTombstones())
                .route("PUT", "/api/v1/admin/tsdb/clean_tombstones", admin.cleanTombstones());
    }

    /** Adds what is asked of the process, whichever store a request is for: status, metrics, health, the page. */
    public static void registerServer(Router router, ApiContext context) {
        StatusDoors status = new StatusDoors(context);
        HealthDoors health = new HealthDoors(context);
        ReloadDoor reload = new ReloadDoor(context);
        router.route("GET", "/api/v1/status/buildinfo", status::buildInfo)
                .route("GET", "/api/v1/status/config", status::config)
                .route("GET", "/api/v1/status/flags", status::flags)
                .route("GET", "/api/v1/status/runtimeinfo", status::runtimeInfo)
                .route("GET", "/metrics", new MetricsDoor(context.metrics()))
                .route("GET", "/api/v1/status/health", health::health)
                .route("GET", "/-/healthy", health::healthy)
                .route("GET", "/-/ready", health::ready)
                .route("POST", "/-/reload", reload)
                .route("PUT", "/-/reload", reload)
                .route("GET", "/favicon.ico", exchange -> exchange.respond(HttpAnswer.empty(204)))
                .route("GET", "/", new PageDoor("index.html", "text/html; charset=utf-8"))
                .route("GET", "/ui/page.js", new PageDoor("page.js", "text/javascript; charset=utf-8"))
                .route("GET", "/ui/page.css", new PageDoor("page.css", "text/css; charset=utf-8"));
    }
}
