package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.TsdbRuntime;
import io.varve.core.TsdbStatus;
import io.varve.query.QueryEngine;
import io.varve.server.api.ApiContext;
import io.varve.server.api.ApiRoutes;
import io.varve.server.api.StoreContext;
import io.varve.server.config.ServerConfig;
import io.varve.server.config.TenantName;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.Router;
import io.varve.server.http.RouterSource;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.queries.SlowQueryLog;
import io.varve.server.tenant.EmptyStore;
import io.varve.server.tenant.TenantHeader;
import io.varve.server.tenant.Tenants;
import io.varve.server.write.MetadataStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tenants at work in a server. Whom a request is for is found here, once, before any door sees it: each tenant has
 * doors of its own over its own store, so that no door can reach another's. Any thread.
 */
final class TenantService implements RouterSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TenantService.class);

    private static final String DIRECTORY = "tenants";
    private static final int METADATA_NAMES = 10_000;

    private final TsdbRuntime runtime;
    private final ServerUse use;
    private final Engines engines;
    private final Tenants<TenantStore> tenants;
    private final EmptyStore nothing;
    private volatile ServerConfig config;
    private @Nullable Router standard;
    private @Nullable ApiContext defaults;

    /**
     * No tenants yet.
     *
     * @param first the configuration to begin with
     */
    TenantService(ServerConfig first, TsdbRuntime runtime, ServerUse use, Engines engines) {
        this.config = first;
        this.runtime = runtime;
        this.use = use;
        this.engines = engines;
        this.nothing = new EmptyStore(first.resolution());
        this.tenants = new Tenants<>(first.data().resolve(DIRECTORY), () -> config.tenants(), this::open);
    }

    /**
     * Opens the tenants that were there before.
     *
     * @throws IOException if there are more than may be
     */
    void openExisting() throws IOException {
        tenants.openExisting();
    }

    private TenantStore open(String name, Path directory) throws IOException {
        ServerConfig as = config;
        Tsdb store = StoreOpening.open(directory, MemoryPlan.tenant(as, name), runtime, "tenant_" + name);
        StoreService service = new StoreService(store, engines, new MetadataStore(METADATA_NAMES));
        service.apply(as);
        return new TenantStore(name, service, use, active(" tenant=" + name));
    }

    private ActiveQueries active(String whose) {
        return new ActiveQueries(
                runtime.clock(),
                use.memory(),
                new SlowQueryLog(
                        () -> config.slowQuery(), runtime.clock(), line -> LOG.warn("slow query: {}{}", line, whose)));
    }

    /** A tenant that is open, or null. */
    @Nullable
    TenantStore find(String name) {
        return tenants.find(name);
    }

    /** Puts a configuration in force. */
    void apply(ServerConfig as) {
        tenants.all(open -> {
            config = as;
            open.forEach(tenant -> tenant.service().apply(as));
        });
    }

    /**
     * Answers requests from now on.
     *
     * @param router doors of the default tenant
     * @param context what they work on
     */
    RouterSource serve(Router router, ApiContext context) {
        this.standard = router;
        this.defaults = context;
        return this;
    }

    @Override
    public Router of(HttpExchange exchange) {
        String name = TenantHeader.of(exchange);
        if (name.equals(TenantName.DEFAULT)) {
            return started(standard);
        }
        TenantStore tenant = WriteRoutes.isWrite(exchange) ? tenants.findOrMake(name) : tenants.find(name);
        return tenant == null ? empty() : tenant.router(started(defaults), runtime);
    }

    /**
     * Doors of a tenant to whom nothing was written yet. They are made for one request: nothing of one such tenant can
     * be seen by another, and nothing has to be kept for names that somebody makes up.
     */
    private Router empty() {
        ApiContext server = started(defaults);
        QueryEngine engine = engines.over(nothing, config);
        Router router = new Router();
        ApiRoutes.registerStore(
                router,
                server.over(new StoreContext(
                        nothing,
                        () -> new TsdbStatus(true, null, 0, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE, null),
                        new EngineQueries(() -> engine),
                        NoOperations.INSTANCE,
                        TreeMap::new,
                        use.queries(),
                        active(""))));
        ApiRoutes.registerServer(router, server);
        return router;
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new AssertionError("BUG: not started");
        }
        return part;
    }

    /** Closes all of them. */
    @Override
    public void close() {
        tenants.close();
    }
}
