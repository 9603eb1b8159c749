package io.varve.server.config;

import io.varve.core.model.Resolution;
import io.varve.core.storage.Durability;
import io.varve.core.telemetry.Sampling;
import io.varve.query.QueryOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How the server runs, validated.
 *
 * @param host address to bind to
 * @param port port to bind to; 0 for any free one
 * @param data directory of the store; own metrics lie in its subdirectory {@code self}
 * @param memory bytes that the process may use in all
 * @param durability what writes promise unless they ask for something else
 * @param resolution unit of time of a new store
 * @param shards number of shards of a new store; 0 for what the machine is good for, or the store has
 * @param retention how long data is kept
 * @param rules which rules are evaluated, and who hears of their alerts
 * @param scrapes which targets are scraped
 * @param limits what clients may cost
 * @param tenants which tenants there may be, and what each may cost
 * @param self the server's own metrics
 * @param sampling which messages of pipelines are followed through their stages
 * @param slowQuery from when on a query is told of in the log; zero for never
 * @param adminApi whether the admin API answers
 * @param queryOptions what the language has, and how queries are answered
 * @param queryWorkers threads that may work on one query; 0 for as many as there are processors
 * @param shown all keys with their values, as the API shows them
 */
public record ServerConfig(
        String host,
        int port,
        Path data,
        long memory,
        Durability durability,
        Resolution resolution,
        int shards,
        RetentionConfig retention,
        RulesConfig rules,
        ScrapesConfig scrapes,
        LimitsConfig limits,
        TenantsConfig tenants,
        SelfConfig self,
        Sampling sampling,
        Duration slowQuery,
        boolean adminApi,
        QueryOptions queryOptions,
        int queryWorkers,
        Map<String, String> shown) {

    private static final int MOST_WORKERS = 256;
    private static final long LEAST_MEMORY = 64L << 20;

    /** Keys that may change while the server runs. */
    private static final Set<String> RELOADABLE = Set.of(
            "limits.query_samples",
            "limits.query_points",
            "limits.query_bytes",
            "limits.queries_bytes",
            "limits.query_timeout",
            ConfigKeys.EXTERNAL_URL,
            "global",
            "rule_files",
            "alerting",
            ScrapesConfig.TREE,
            ConfigKeys.EXPERIMENTAL,
            ConfigKeys.STATISTICS,
            ConfigKeys.DELAYED_NAMES,
            TenantsConfig.KEY,
            "telemetry.sampling",
            "telemetry.slow_query");

    /**
     * The server's own metrics.
     *
     * @param enabled whether they are kept in a store of their own
     * @param interval how often
     */
    public record SelfConfig(boolean enabled, Duration interval, boolean rules) {}

    /**
     * A validated configuration.
     *
     * @param machineMemory bytes to use if nothing is written
     * @throws ConfigException if a value cannot be used
     */
    public static ServerConfig from(ConfigValues values, long machineMemory, boolean adminApi) {
        String listen = values.text("listen");
        int colon = listen.lastIndexOf(':');
        String host = colon < 0 ? "" : listen.substring(0, colon);
        int port = port(values, listen, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        long memory = values.isWritten("memory") ? values.bytes("memory", LEAST_MEMORY, 1L << 44) : machineMemory;
        RetentionConfig retention = RetentionConfig.from(values);
        LimitsConfig limits =
                LimitsConfig.from(values, Math.max(16L << 20, memory / 6), Math.max(32L << 20, memory / 4));
        Map<String, String> shown = new LinkedHashMap<>();
        ConfigKeys.DEFAULTS.keySet().forEach(key -> shown.put(key, values.text(key)));
        retention.show(shown);
        RulesConfig rules = RulesConfig.from(values);
        rules.show(values, shown);
        YamlNode tenants = values.tree(TenantsConfig.KEY);
        if (tenants != null) {
            shown.put(TenantsConfig.KEY, tenants.flow());
        }
        ScrapesConfig scrapes = ScrapesConfig.from(values);
        scrapes.show(values, shown);
        shown.put("memory", Long.toString(memory));
        shown.put("limits.query_bytes", Long.toString(limits.queryBytes()));
        shown.put("limits.queries_bytes", Long.toString(limits.queriesBytes()));
        return new ServerConfig(
                host.isEmpty() ? "0.0.0.0" : host,
                port,
                path(values),
                memory,
                durability(values),
                resolution(values),
                (int) values.count("shards", 0, 64),
                retention,
                rules,
                scrapes,
                limits,
                TenantsConfig.from(values, limits),
                new SelfConfig(
                        values.flag("self.enabled"),
                        values.duration("self.interval", Duration.ofMillis(100), Duration.ofHours(1)),
                        values.flag("self.rules")),
                sampling(values),
                values.duration("telemetry.slow_query", Duration.ZERO, Duration.ofDays(1)),
                adminApi,
                QueryOptions.defaults()
                        .experimental(values.flag(ConfigKeys.EXPERIMENTAL))
                        .statistics(values.flag(ConfigKeys.STATISTICS))
                        .delayedNameRemoval(values.flag(ConfigKeys.DELAYED_NAMES)),
                (int) values.count(ConfigKeys.WORKERS, 0, MOST_WORKERS),
                shown);
    }

    /** This with what another says of the keys that may change while the server runs. */
    public ServerConfig withReloadable(ServerConfig other) {
        Map<String, String> all = new LinkedHashMap<>(shown);
        for (String key : RELOADABLE) {
            String value = other.shown.get(key);
            if (value == null) {
                all.remove(key);
            } else {
                all.put(key, value);
            }
        }
        return new ServerConfig(
                host,
                port,
                data,
                memory,
                durability,
                resolution,
                shards,
                retention,
                other.rules,
                other.scrapes,
                limits.withQueries(other.limits),
                other.tenants,
                self,
                other.sampling,
                other.slowQuery,
                adminApi,
                other.queryOptions,
                queryWorkers,
                all);
    }

    private static int port(ConfigValues values, String listen, int colon) {
        try {
            int port = Integer.parseInt(listen.substring(colon + 1));
            if (colon >= 0 && port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // falls through to the refusal, which says what was expected
        }
        throw values.refusal("listen", "must be HOST:PORT, such as 127.0.0.1:9470: " + listen);
    }

    private static Path path(ConfigValues values) {
        String text = values.text("data");
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw values.refusal("data", "not a path: " + text);
        }
        throw values.refusal("data", "must name a directory");
    }

    private static Durability durability(ConfigValues values) {
        String text = values.text("durability");
        for (Durability durability : Durability.values()) {
            if (durability.name().toLowerCase(Locale.ROOT).equals(text)) {
                return durability;
            }
        }
        throw values.refusal("durability", "must be memory, written or synced: " + text);
    }

    private static Resolution resolution(ConfigValues values) {
        String text = values.text("resolution");
        for (Resolution resolution : Resolution.values()) {
            if (resolution.unit().equals(text)) {
                return resolution;
            }
        }
        throw values.refusal("resolution", "must be ms, us or ns: " + text);
    }

    private static Sampling sampling(ConfigValues values) {
        try {
            return Sampling.parse(values.text("telemetry.sampling"));
        } catch (IllegalArgumentException e) {
            throw values.refusal("telemetry.sampling", String.valueOf(e.getMessage()));
        }
    }

    /** Every key that can be configured, nested ones joined by dots. */
    public static Set<String> keys() {
        return ConfigKeys.DEFAULTS.keySet();
    }

    /** Whether the flag of a key needs no value. */
    public static boolean isSwitch(String key) {
        return ConfigKeys.SWITCHES.contains(key);
    }

    /** The default of a key as text; empty if it depends on the machine. */
    public static String standard(String key) {
        return String.valueOf(ConfigKeys.DEFAULTS.get(key));
    }

    /** The address as {@code host:port}, for messages and flags. */
    public String listen() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The configuration as YAML that says the same. */
    public String yaml() {
        StringBuilder text = new StringBuilder();
        String section = "";
        for (Map.Entry<String, String> entry : shown.entrySet()) {
            int dot = entry.getKey().indexOf('.');
            String in = dot < 0 ? "" : entry.getKey().substring(0, dot);
            if (!in.equals(section)) {
                section = in;
                text.append(in).append(in.isEmpty() ? "" : ":\n");
            }
            text.append(dot < 0 ? "" : "  ").append(entry.getKey().substring(dot + 1));
            boolean list = ConfigKeys.LISTS.contains(entry.getKey())
                    || ConfigKeys.TREES.contains(entry.getKey()); // its text is YAML already
            text.append(": ").append(list ? entry.getValue() : quoted(entry.getValue()));
            text.append('\n');
        }
        return text.toString();
    }

    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./-]+(:[0-9]+)?") ? value : "'" + value.replace("'", "''") + "'";
    }
}
