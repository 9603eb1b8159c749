package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.TsdbRuntime;
import io.varve.core.TsdbStatus;
import io.varve.query.QueryEngine;
import io.varve.query.QueryWorkers;
import io.varve.server.api.ApiContext;
import io.varve.server.api.ApiRoutes;
import io.varve.server.api.BuildInfo;
import io.varve.server.config.ConfigException;
import io.varve.server.config.Quantity;
import io.varve.server.config.ServerConfig;
import io.varve.server.http.HttpServer;
import io.varve.server.http.HttpSettings;
import io.varve.server.http.Router;
import io.varve.server.http.RouterSource;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.queries.SlowQueryLog;
import io.varve.server.rules.RuleFiles;
import io.varve.server.rules.RuleGroup;
import io.varve.server.tenant.ProcessorShare;
import io.varve.server.tenant.TenantGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a server, wired: the users' store, the store of own metrics, the query engine, the doors, HTTP. Opened
 * in that order and closed in the opposite one, also when one of them cannot be opened.
 */
final class RunningServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final int SPARE_THREADS = 24;

    private final ServerConfig config;
    private final BuildInfo build;
    private final TsdbRuntime runtime;
    private final ServerUse use;
    private final Reload reload;
    private final Reload.Prepared first;
    private final Consumer<Router> moreDoors;
    private final Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();
    private @Nullable StoreService main;
    private @Nullable StoreService self;
    private @Nullable TenantService tenants;
    private @Nullable RulesService rules;
    private @Nullable ScrapeService scrapes;
    private @Nullable ServerHealth health;
    private @Nullable HttpServer http;

    private RunningServer(
            Supplier<ServerConfig> source, BuildInfo build, TsdbRuntime runtime, Consumer<Router> moreDoors) {
        this.moreDoors = moreDoors;
        this.config = source.get();
        this.use = ServerUse.of(
                config.limits(), runtime.clock(), () -> now().limits().queriesBytes());
        this.reload = new Reload(config, source, runtime.telemetry(), this::prepare);
        this.first = prepare(config);
        this.build = build;
        this.runtime = runtime;
    }

    /** Starts a server with its own routes alone. */
    static RunningServer start(Supplier<ServerConfig> config, BuildInfo build, TsdbRuntime runtime) throws IOException {
        return start(config, build, runtime, router -> {});
    }

    /**
     * Starts a server.
     *
     * @param config reads the configuration
     * @param runtime owned from now on
     * @param moreDoors adds what a program has beside the server's own routes
     * @throws IOException if it cannot start; the message names the cure, and nothing stays open
     */
    static RunningServer start(
            Supplier<ServerConfig> config, BuildInfo build, TsdbRuntime runtime, Consumer<Router> moreDoors)
            throws IOException {
        RunningServer server = new RunningServer(config, build, runtime, moreDoors);
        boolean started = false;
        try {
            server.open();
            started = true;
            return server;
        } finally {
            if (!started) {
                server.close();
            }
        }
    }

    /** Binds first, then opens the stores: HTTP comes up while the log is read, and says so until it is. */
    private void open() throws IOException {
        long startedNanos = runtime.clock().epochNanos();
        parts.push(runtime);
        HttpServer server = new HttpServer(
                new HttpSettings(
                        config.host(),
                        config.port(),
                        threads(),
                        config.limits().bodyBytes(),
                        config.limits().idleTimeout()),
                runtime.clock(),
                new RequestMetrics(runtime.telemetry(), use.peaks()));
        this.http = server;
        CompletableFuture<Void> binding = CompletableFuture.runAsync(() -> start(server));
        try {
            openStores();
        } finally {
            parts.push(() -> {
                if (!server.stop(DRAIN)) {
                    LOG.warn("stopped with {} requests unanswered after {} s", server.inFlight(), DRAIN.toSeconds());
                }
            });
            await(binding);
        }
        ServerHealth told =
                new ServerHealth(runtime, use, reload::current, server, store(), selfStore(), started(tenants));
        this.health = told;
        closeFirst(told);
        server.serve(doors(startedNanos, told));
    }

    private int threads() {
        return SPARE_THREADS + config.limits().queryConcurrency();
    }

    private TenantGuard.Shared shared() {
        ProcessorShare processors = new ProcessorShare(ProcessorShare.Machine.of(runtime.clock()));
        return new TenantGuard.Shared(use.queries(), use.writes(), use.memory(), threads(), processors);
    }

    private static void start(HttpServer server) {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CompletableFuture<Void> binding) throws IOException {
        try {
            binding.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof UncheckedIOException refused ? refused.getCause() : new IOException(e);
        }
    }

    private void openStores() throws IOException {
        int most = config.queryWorkers();
        QueryWorkers workers = QueryWorkers.start(
                most > 0 ? most : Math.min(256, Runtime.getRuntime().availableProcessors()), runtime.threads("query"));
        parts.push(workers);
        Engines engines = Engines.sharing(workers, config.memory(), use.peaks(), runtime);
        Tsdb users = openStore(config.data(), false);
        this.main = new StoreService(users, engines, use.metadata());
        if (config.self().enabled()) {
            this.self = new StoreService(openStore(config.data().resolve("self"), true), engines, use.metadata());
        }
        TenantService others = new TenantService(config, users, runtime, shared(), engines.withoutHelp());
        parts.push(others);
        others.openExisting();
        this.tenants = others;
        RulesService service = new RulesService(users, this::engine, runtime, config.durability(), this::url);
        closeFirst(service);
        this.rules = service;
        StoreService own = self;
        if (own != null && config.self().rules()) {
            service.watchSelf(own.store(), own::engine);
        }
        ScrapeService scraping = new ScrapeService(users, config, runtime, use, build.version());
        closeFirst(scraping);
        this.scrapes = scraping;
        first.apply().run();
    }

    /** Reads the rules that a configuration names, and says how to put both in force. */
    private Reload.Prepared prepare(ServerConfig as) {
        List<RuleGroup> groups = RuleFiles.read(as.rules(), as.queryOptions().dialect());
        Runnable apply = () -> {
            runtime.telemetry().sampling(as.sampling());
            engines(as);
            started(rules).apply(as.rules(), groups);
            started(scrapes).apply(as.scrapes());
        };
        RulesService service = rules;
        boolean same = service == null || service.configured().equals(groups);
        return new Reload.Prepared(apply, same ? List.of() : List.of("rules"));
    }

    /** Makes the query engines; queries that run go on with the limits that they began with. */
    private void engines(ServerConfig as) {
        started(main).apply(as);
        StoreService own = self;
        if (own != null) {
            own.apply(as);
        }
        started(tenants).apply(as);
    }

    private ServerConfig now() {
        return reload.current();
    }

    private RouterSource doors(long startedNanos, ServerHealth told) {
        StoreService users = started(main);
        Router router = new Router();
        TenantGuard quotas = started(tenants).standard();
        WriteRoutes.Setting setting = WriteRoutes.Setting.standard(users.store(), config, use, quotas);
        closeFirst(WriteRoutes.register(router, config, setting, runtime, use.peaks()));
        ActiveQueries active = new ActiveQueries(
                runtime.clock(),
                quotas.memory(),
                quotas.processors()::turn,
                new SlowQueryLog(() -> now().slowQuery(), runtime.clock(), line -> LOG.warn("slow query: {}", line)));
        started(rules).list(active);
        ApiContext context = new ApiContext(
                reload::current,
                build,
                runtime.clock(),
                startedNanos,
                users.context(quotas.queries(), active),
                () -> runtime.telemetry().snapshot(),
                use.peaks(),
                told.health()::components,
                reload,
                started(rules),
                started(scrapes));
        ApiRoutes.register(router, context);
        StoreService own = self;
        if (own != null) {
            SelfApi.register(router, context, own.store(), own::engine, runtime.telemetry());
        }
        moreDoors.accept(router);
        return started(tenants).serve(router, context, told.limits());
    }

    private Tsdb openStore(Path directory, boolean self) throws IOException {
        TsdbConfig of = self ? MemoryPlan.self(config) : MemoryPlan.store(config);
        Tsdb opened = StoreOpening.open(directory, of, runtime, self ? "self" : "main");
        parts.push(opened);
        return opened;
    }

    /** What the start prints: five lines at most. */
    List<String> banner() {
        TsdbStatus status = store().status();
        return List.of(
                build.line(),
                "listening on " + url(),
                String.format(
                        Locale.ROOT,
                        "data in %s: %s, %,d samples, %s",
                        config.data().toAbsolutePath().normalize(),
                        Quantity.describeBytes(status.blockBytes() + status.walBytes()),
                        status.samples(),
                        config.retention().describe().equals("off")
                                ? "kept forever"
                                : "kept for " + config.retention().describe()),
                "memory " + Quantity.describeBytes(config.memory()),
                "durability " + config.durability().name().toLowerCase(Locale.ROOT));
    }

    /** The address under which this machine reaches the server. */
    String url() {
        String host = config.host().equals("0.0.0.0") || config.host().equals("::") ? "127.0.0.1" : config.host();
        int port = http == null ? config.port() : http.port();
        return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** Looks at health and limits; to be called about once a second, by one thread. */
    void look() {
        ServerHealth told = health;
        try {
            if (told != null) {
                told.look();
            }
        } catch (RuntimeException e) { // the next look may succeed
            LOG.warn("cannot look at health and limits: {}", e.toString());
        }
    }

    /** What is told of health and limits. */
    ServerHealth told() {
        return started(health);
    }

    /** Reads the configuration again; one that cannot be used changes nothing, and is told in the log. */
    void reloadQuietly() {
        try {
            reload.reload();
        } catch (ConfigException e) {
            LOG.debug("not reloaded", e); // told by the reload
        }
    }

    /** What requests share. */
    ServerUse use() {
        return use;
    }

    TsdbRuntime runtime() {
        return runtime;
    }

    ServerConfig config() {
        return config;
    }

    Tsdb store() {
        return started(main).store();
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new AssertionError("BUG: not started");
        }
        return part;
    }

    /** The store of own metrics, or null if they are not kept. */
    @Nullable
    Tsdb selfStore() {
        return self == null ? null : self.store();
    }

    /** The tenants beside the default one. */
    TenantService tenants() {
        return started(tenants);
    }

    /** The engine with the limits in force. */
    QueryEngine engine() {
        return started(main).engine();
    }

    /** Closes a part before everything that is open now. */
    void closeFirst(AutoCloseable part) {
        parts.push(part);
    }

    /** Finishes the requests in flight and closes everything. */
    @Override
    public void close() {
        for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("cannot close {}: {}", part.getClass().getSimpleName(), e.toString());
            }
        }
    }
}
