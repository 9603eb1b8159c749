package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.TsdbRuntime;
import io.varve.core.storage.Durability;
import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Gauge;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.query.QueryEngine;
import io.varve.server.api.RulesSource;
import io.varve.server.config.RulesConfig;
import io.varve.server.config.RulesConfig.AlertReceiver;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.rules.AlertLocator;
import io.varve.server.rules.AlertSetting;
import io.varve.server.rules.GroupStatus;
import io.varve.server.rules.RuleGroup;
import io.varve.server.rules.RuleManager;
import io.varve.server.rules.RuleMetrics;
import io.varve.server.rules.ShippedRules;
import io.varve.server.rules.TsdbRuleStore;
import io.varve.server.rules.locate.StoreLocator;
import io.varve.server.rules.notify.Notifier;
import io.varve.server.rules.notify.NotifierMetrics;
import io.varve.server.rules.notify.Receiver;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules at work in a server: a thread that looks at the clock, a few that evaluate groups, and one for each receiver of
 * alerts.
 */
final class RulesService implements RulesSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RulesService.class);

    private static final int MAX_WORKERS = 4;
    private static final long STOP_SECONDS = 10;

    private final TsdbRuleStore store;
    private final AlertLocator locator;
    private final Notifier notifier;
    private final RuleManager manager;
    private final TsdbRuntime runtime;
    private final Evaluations evaluations;
    private final Watch clock;
    private final ExecutorService workers;
    private final Supplier<String> url;

    /** The rules that watch this server, null if none do. */
    private volatile @Nullable OwnRules own;

    /** Rules over the server's own metrics. */
    private record OwnRules(TsdbRuleStore store, RuleManager manager, AlertLocator locator) {}

    /**
     * A service without rules; {@link #apply} gives it some.
     *
     * @param engine the one in force
     * @param durability of what rules record
     * @param url where this server is reached if the configuration does not say it
     */
    RulesService(
            Tsdb db, Supplier<QueryEngine> engine, TsdbRuntime runtime, Durability durability, Supplier<String> url) {
        this.url = url;
        this.runtime = runtime;
        this.evaluations = new Evaluations(runtime.telemetry());
        this.store = new TsdbRuleStore(db, engine, durability);
        this.locator = new StoreLocator(db, engine, runtime.clock());
        this.notifier =
                new Notifier(new Notifications(runtime.telemetry()), runtime.clock(), runtime.threads("notify"));
        int count = Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors());
        this.workers = Executors.newFixedThreadPool(count, runtime.threads("rules"));
        this.manager = manager(store);
        this.clock = new Watch(runtime);
        clock.start("rules-clock", "rules that are due", this::tick);
    }

    private RuleManager manager(TsdbRuleStore over) {
        return new RuleManager(over, evaluations, runtime.clock(), workers, notifier::accept);
    }

    /** From now on queries of rules over the users' store stand in a list. */
    void list(ActiveQueries queries) {
        store.list(queries);
    }

    /** From the next {@link #apply} on, the rules that come with the program watch this server. */
    void watchSelf(Tsdb self, Supplier<QueryEngine> engine) {
        TsdbRuleStore over = new TsdbRuleStore(self, engine, Durability.MEMORY);
        own = new OwnRules(over, manager(over), new StoreLocator(self, engine, runtime.clock()));
    }

    private Duration tick() {
        Duration wait = manager.tick();
        OwnRules self = own;
        Duration other = self == null ? wait : self.manager().tick();
        return other.compareTo(wait) < 0 ? other : wait;
    }

    /** Puts groups and receivers in force. */
    void apply(RulesConfig config, List<RuleGroup> groups) {
        String external = config.externalUrl().isEmpty() ? url.get() : config.externalUrl();
        notifier.replace(config.receivers().stream().map(RulesService::receiver).toList(), external);
        AlertSetting setting = AlertSetting.defaults(config.externalLabels(), external);
        manager.replace(groups, setting.locating(locator, groups));
        OwnRules self = own;
        if (self != null) {
            List<RuleGroup> shipped = ShippedRules.VARVE.groups();
            self.manager().replace(shipped, setting.locating(self.locator(), shipped));
        }
    }

    private static Receiver receiver(AlertReceiver receiver) {
        Receiver.Format format = receiver.webhook() ? Receiver.Format.WEBHOOK : Receiver.Format.ALERTMANAGER;
        return new Receiver(format, receiver.uri(), receiver.timeout(), receiver.relabeling());
    }

    /** The groups of rule files that the configuration names. */
    List<RuleGroup> configured() {
        return manager.status().stream().map(GroupStatus::group).toList();
    }

    @Override
    public List<GroupStatus> groups() {
        OwnRules self = own;
        return self == null
                ? manager.status()
                : Stream.concat(manager.status().stream(), self.manager().status().stream())
                        .toList();
    }

    @Override
    public List<URI> alertmanagers() {
        return notifier.receivers().stream()
                .filter(receiver -> receiver.format() == Receiver.Format.ALERTMANAGER)
                .map(Receiver::uri)
                .toList();
    }

    /** Ends once evaluations that are on their way have. */
    @Override
    public void close() {
        clock.close();
        manager.close();
        OwnRules self = own;
        if (self != null) {
            self.manager().close();
        }
        workers.shutdown();
        try {
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("an evaluation of rules does not end within {} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        notifier.close();
        store.close();
        if (self != null) {
            self.store().close();
        }
    }

    /** What is counted of evaluations. */
    private static final class Evaluations implements RuleMetrics {

        private final Counter evaluations;
        private final Counter failures;
        private final Counter missed;
        private final Counter refused;
        private final Gauge seconds;

        Evaluations(Telemetry telemetry) {
            evaluations = telemetry.counter(
                    Metric.of("varve_rule_group_evaluations_total", "Evaluations of groups of rules"));
            failures = telemetry.counter(
                    Metric.of("varve_rule_failures_total", "Evaluations of single rules that failed"));
            missed = telemetry.counter(Metric.of(
                    "varve_rule_group_missed_total",
                    "Evaluations of groups that were due while the one before was on"));
            refused = telemetry.counter(
                    Metric.of("varve_rule_samples_refused_total", "Samples of rules that the store refused"));
            seconds = telemetry.gauge(Metric.of(
                    "varve_rule_group_last_duration_seconds", "How long the last evaluation of a group took"));
        }

        @Override
        public void evaluated(Duration took) {
            evaluations.inc();
            seconds.set(took.toNanos() / 1e9);
        }

        @Override
        public void failed() {
            failures.inc();
        }

        @Override
        public void missed() {
            missed.inc();
        }

        @Override
        public void refused(int samples) {
            if (samples > 0) {
                refused.add(samples);
            }
        }
    }

    /** What is counted of notifications. */
    private static final class Notifications implements NotifierMetrics {

        private final Counter sent;
        private final Counter failures;
        private final Counter dropped;

        Notifications(Telemetry telemetry) {
            sent = telemetry.counter(
                    Metric.of("varve_notifications_sent_total", "Alerts that a receiver took"), "receiver");
            failures = telemetry.counter(
                    Metric.of("varve_notifications_failed_total", "Times that a receiver did not take alerts"),
                    "receiver");
            dropped = telemetry.counter(
                    Metric.of(
                            "varve_notifications_dropped_total",
                            "Alerts that a receiver refused, or that its queue had no room for"),
                    "receiver");
        }

        @Override
        public void sent(String receiver, int notifications) {
            sent.labels(receiver).add(notifications);
        }

        @Override
        public void failed(String receiver) {
            failures.labels(receiver).inc();
        }

        @Override
        public void dropped(String receiver, int notifications) {
            dropped.labels(receiver).add(notifications);
        }
    }
}
