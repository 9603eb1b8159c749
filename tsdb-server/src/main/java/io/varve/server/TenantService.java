package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.TsdbCondition;
import io.varve.core.TsdbRuntime;
import io.varve.core.TsdbStatus;
import io.varve.query.QueryEngine;
import io.varve.server.api.ApiContext;
import io.varve.server.api.ApiRoutes;
import io.varve.server.api.StoreContext;
import io.varve.server.config.ServerConfig;
import io.varve.server.config.TenantName;
import io.varve.server.config.TenantQuotas;
import io.varve.server.health.Limits;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.Router;
import io.varve.server.http.RouterSource;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.queries.SlowQueryLog;
import io.varve.server.tenant.EmptyStore;
import io.varve.server.tenant.TenantGuard;
import io.varve.server.tenant.TenantHeader;
import io.varve.server.tenant.Tenants;
import io.varve.server.write.MetadataStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /** Stands for all to whom nothing was written yet; no tenant can be called so. */
    private static final String STRANGERS = "-";

    private final TsdbRuntime runtime;
    private final TenantGuard.Shared shared;
    private final Engines engines;
    private final TenantGuard standard;
    private final TenantGuard strangers;
    private final Tenants<TenantStore> tenants;
    private final EmptyStore nothing;
    private volatile ServerConfig config;
    private @Nullable Router standardDoors;
    private @Nullable ApiContext defaults;
    private @Nullable Limits limits;

    /**
     * No tenants yet.
     *
     * @param first the configuration to begin with
     * @param users the store of the default one
     * @param shared what they share with the default one
     */
    TenantService(ServerConfig first, Tsdb users, TsdbRuntime runtime, TenantGuard.Shared shared, Engines engines) {
        this.config = first;
        this.runtime = runtime;
        this.shared = shared;
        this.engines = engines;
        this.nothing = new EmptyStore(first.resolution());
        this.tenants = new Tenants<>(first.data().resolve(DIRECTORY), () -> config.tenants(), this::open);
        this.standard = guard(TenantName.DEFAULT, users);
        this.strangers =
                new TenantGuard(STRANGERS, () -> config.tenants().quotas(), shared, () -> 0, runtime.telemetry());
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
        TenantGuard guard = guard(name, store);
        TenantStore tenant = new TenantStore(name, service, guard, active(guard, " tenant=" + name));
        tenant.apply(as);
        Limits told = limits;
        if (told != null) {
            told.add(name, tenant.limits());
        }
        return tenant;
    }

    private TenantGuard guard(String name, Tsdb store) {
        return new TenantGuard(name, () -> config.tenants().of(name), shared, store::diskBytes, runtime.telemetry());
    }

    /** Holds the default tenant to its quotas, if it has any. */
    TenantGuard standard() {
        return standard;
    }

    private ActiveQueries active(TenantGuard guard, String whose) {
        return new ActiveQueries(
                runtime.clock(),
                guard.memory(),
                guard.processors()::turn,
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
            open.forEach(tenant -> tenant.apply(as));
            standard.apply();
            strangers.apply();
        });
    }

    /**
     * Answers requests from now on.
     *
     * @param router doors of the default tenant
     * @param context what they work on
     * @param told takes the limits of each tenant
     */
    RouterSource serve(Router router, ApiContext context, Limits told) {
        tenants.all(open -> {
            standardDoors = router;
            defaults = context;
            limits = told;
            if (!config.tenants().of(TenantName.DEFAULT).equals(TenantQuotas.NONE)) {
                told.add(TenantName.DEFAULT, standard.quotaLimits());
            }
            open.forEach(tenant -> told.add(tenant.name(), tenant.limits()));
        });
        return this;
    }

    /** How those that are there feel: of each its name with the conditions of its store, or why it is not open. */
    Map<String, List<List<TsdbCondition>>> health() {
        Map<String, List<List<TsdbCondition>>> all = new TreeMap<>();
        tenants.all().forEach(tenant -> all.put(tenant.name(), tenant.health()));
        return all;
    }

    /** Those that could not be opened, with the reason. */
    Map<String, String> failures() {
        return tenants.failures();
    }

    @Override
    public Router of(HttpExchange exchange) {
        String name = TenantHeader.of(exchange);
        if (name.equals(TenantName.DEFAULT)) {
            return started(standardDoors);
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
        Router router = new Router(strangers::around);
        ApiRoutes.registerStore(
                router,
                server.over(new StoreContext(
                        nothing,
                        () -> new TsdbStatus(true, null, 0, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE, null),
                        new EngineQueries(() -> engine),
                        NoOperations.INSTANCE,
                        TreeMap::new,
                        strangers.queries(),
                        active(strangers, " of a tenant without data"))));
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
