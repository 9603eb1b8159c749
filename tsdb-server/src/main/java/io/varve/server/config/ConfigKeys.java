package io.varve.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The keys that the configuration file knows, with their defaults as text; nested keys are joined by dots. */
final class ConfigKeys {

    /** Every key with its default, in the order in which the configuration is shown. */
    static final Map<String, String> DEFAULTS;

    /** Keys that are kept for a meaning which this version does not have yet. */
    static final Map<String, String> RESERVED = Map.of(
            "scrape_config_files", "scraping by files of their own",
            "remote_write", "forwarding samples",
            "remote_read", "reading from elsewhere");

    /** The key that holds a list of rules; it has no flag. */
    static final String RULES = "retention.rules";

    /** The key that holds a list of rollups; it has no flag. */
    static final String ROLLUPS = "retention.rollups";

    /** The key that says where people reach this server. */
    static final String EXTERNAL_URL = "external_url";

    /** The key that turns experimental PromQL on. */
    static final String EXPERIMENTAL = "query.experimental";

    /** The key that lets statistics of pages answer for their samples. */
    static final String STATISTICS = "query.statistics";

    /** The key that lets metric names fall away at the end of an evaluation only. */
    static final String DELAYED_NAMES = "query.delayed_name_removal";

    /** The key that says how many threads may work on a query. */
    static final String WORKERS = "query.workers";

    /** Keys whose flag needs no value: written alone it says true. */
    static final Set<String> SWITCHES = Set.of(EXPERIMENTAL, DELAYED_NAMES);

    /** Keys that hold lists. */
    static final Set<String> LISTS = Set.of(RULES, ROLLUPS);

    /** Keys whose values are read as a whole. */
    static final List<String> TREES = Stream.concat(
                    RulesConfig.TREES.stream(), Stream.of(ScrapesConfig.TREE, TenantsConfig.KEY))
            .toList();

    /** Keys that hold further keys. */
    static final Set<String> SECTIONS = Set.of("retention", "limits", "query", "self", "telemetry");

    static {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("listen", "127.0.0.1:9470");
        keys.put("data", "data");
        keys.put(EXTERNAL_URL, "");
        keys.put("memory", "");
        keys.put("durability", "synced");
        keys.put("resolution", "ms");
        keys.put("shards", "0");
        keys.put("retention.time", "0");
        keys.put("retention.size", "0");
        keys.put("limits.body_bytes", "64m");
        keys.put("limits.decompressed_bytes", "32m");
        keys.put("limits.import_bytes", "4g");
        keys.put("limits.line_bytes", "256k");
        keys.put("limits.labels_per_series", "256");
        keys.put("limits.label_name_bytes", "1k");
        keys.put("limits.label_value_bytes", "16k");
        keys.put("limits.histogram_buckets", "8192");
        keys.put("limits.histograms_per_request", "100000");
        keys.put("limits.series", "10000000");
        keys.put("limits.new_series_per_minute", "0");
        keys.put("limits.query_samples", "50000000");
        keys.put("limits.query_points", "11000");
        keys.put("limits.query_bytes", "");
        keys.put("limits.queries_bytes", "");
        keys.put("limits.query_timeout", "2m");
        keys.put("limits.query_concurrency", "8");
        keys.put("limits.write_concurrency", "128");
        keys.put("limits.idle_timeout", "60s");
        keys.put(EXPERIMENTAL, "false");
        keys.put(STATISTICS, "true");
        keys.put(DELAYED_NAMES, "false");
        keys.put(WORKERS, "0");
        keys.put("self.enabled", "true");
        keys.put("self.interval", "1s");
        keys.put("self.rules", "true");
        keys.put("telemetry.sampling", "fixed 1");
        keys.put("telemetry.slow_query", "10s");
        DEFAULTS = java.util.Collections.unmodifiableMap(keys);
    }

    private ConfigKeys() {}

    /** The names that may stand where {@code prefix} (a section with its dot, or empty) leads. */
    static List<String> under(String prefix) {
        return Stream.of(DEFAULTS.keySet().stream(), Stream.of(RULES, ROLLUPS), TREES.stream())
                .flatMap(names -> names)
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .map(key -> key.indexOf('.') < 0 ? key : key.substring(0, key.indexOf('.')))
                .distinct()
                .toList();
    }
}
