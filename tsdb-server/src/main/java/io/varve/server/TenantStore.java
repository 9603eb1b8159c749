package io.varve.server;

import io.varve.core.TsdbCondition;
import io.varve.core.TsdbLimit;
import io.varve.core.TsdbRuntime;
import io.varve.server.api.ApiContext;
import io.varve.server.api.ApiRoutes;
import io.varve.server.config.ServerConfig;
import io.varve.server.http.Router;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.tenant.TenantGuard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tenant at work: its store and its doors, which are made with its first request. Closed after the HTTP server. */
final class TenantStore implements AutoCloseable {

    private static final int IDLE_STATES = 2;
    private static final int KEPT_BYTES = 256 << 10;
    private static final long TEXT_BYTES = 64L << 20;

    private final String name;
    private final StoreService service;
    private final TenantGuard guard;
    private final ActiveQueries active;
    private volatile @Nullable Router router;
    private @Nullable WriteRoutes writes;

    TenantStore(String name, StoreService service, TenantGuard guard, ActiveQueries active) {
        this.name = name;
        this.service = service;
        this.guard = guard;
        this.active = active;
    }

    String name() {
        return name;
    }

    StoreService service() {
        return service;
    }

    /** Holds it to its quotas. */
    TenantGuard guard() {
        return guard;
    }

    /** Puts a configuration in force. */
    void apply(ServerConfig as) {
        service.apply(as);
        guard.apply();
    }

    /** Every limit that holds for it. */
    List<TsdbLimit> limits() {
        List<TsdbLimit> limits = new ArrayList<>(service.store().limits());
        limits.addAll(guard.limits());
        return limits;
    }

    /** How the parts of its store feel, shard by shard. */
    List<List<TsdbCondition>> health() {
        return service.store().health();
    }

    /** Its queries that are being answered. */
    ActiveQueries active() {
        return active;
    }

    /** Its doors. */
    Router router(ApiContext defaults, TsdbRuntime runtime) {
        Router made = router;
        return made == null ? make(defaults, runtime) : made;
    }

    private synchronized Router make(ApiContext defaults, TsdbRuntime runtime) {
        Router made = router;
        if (made != null) {
            return made;
        }
        Router fresh = new Router(guard::around);
        ServerConfig config = defaults.settings().get();
        writes = WriteRoutes.register(
                fresh,
                config,
                new WriteRoutes.Setting(
                        service.store(),
                        service.metadata(),
                        guard.writes(),
                        guard,
                        IDLE_STATES,
                        KEPT_BYTES,
                        Math.min(TEXT_BYTES, config.limits().importBytes())),
                runtime,
                defaults.peaks());
        ApiRoutes.registerStore(fresh, defaults.over(service.context(guard.queries(), active)));
        ApiRoutes.registerServer(fresh, defaults);
        router = fresh;
        return fresh;
    }

    /** Closes its doors, then its store. */
    @Override
    public synchronized void close() throws IOException {
        WriteRoutes open = writes;
        if (open != null) {
            open.close();
        }
        service.store().close();
    }
}
