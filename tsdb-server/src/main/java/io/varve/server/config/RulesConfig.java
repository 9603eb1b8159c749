package io.varve.server.config;

import io.varve.core.model.Labels;
import io.varve.server.relabel.LabelEditor;
import io.varve.server.relabel.RelabelRule;
import io.varve.server.relabel.Relabeling;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which rules are evaluated, and who hears of their alerts: {@code global}, {@code rule_files} and {@code alerting} as
 * Prometheus has them, with {@code alerting.webhooks} and {@code external_url} beside them.
 *
 * @param interval of groups that have none of their own
 * @param queryOffset of groups that have none of their own
 * @param externalLabels labels of this server, which alerts have when they leave it
 * @param externalUrl where people reach this server; empty if nobody said so
 * @param files names of rule files, in which {@code *} and {@code ?} stand for anything, relative to {@code directory}
 * @param directory of the configuration file
 * @param receivers who hears of alerts
 */
public record RulesConfig(
        Duration interval,
        Duration queryOffset,
        Map<String, String> externalLabels,
        String externalUrl,
        List<String> files,
        Path directory,
        List<AlertReceiver> receivers) {

    /** Keys whose values are read here. */
    static final List<String> TREES = List.of("global", "rule_files", "alerting");

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final List<String> GLOBAL = List.of("evaluation_interval", "rule_query_offset", "external_labels");
    private static final List<String> ALERTMANAGER = List.of(
            "scheme",
            "path_prefix",
            "timeout",
            "api_version",
            "static_configs",
            "relabel_configs",
            "alert_relabel_configs");

    /**
     * Who hears of alerts.
     *
     * @param webhook whether it takes what Alertmanager sends to webhooks; else it is an Alertmanager
     * @param relabeling what becomes of alerts before it hears of them
     */
    public record AlertReceiver(boolean webhook, URI uri, Duration timeout, Relabeling relabeling) {}

    static RulesConfig from(ConfigValues values) {
        Map<String, YamlNode> global = keys(values.tree("global"), globals());
        YamlNode labels = global.get("external_labels");
        List<String> files = new ArrayList<>();
        YamlNode listed = values.tree("rule_files");
        if (listed != null) {
            listed.list().forEach(file -> files.add(file.text()));
        }
        String externalUrl = values.text(ConfigKeys.EXTERNAL_URL).replaceFirst("/+$", "");
        if (!externalUrl.isEmpty() && !externalUrl.matches("https?://[^\\s/]+(/\\S*)?")) {
            throw values.refusal(ConfigKeys.EXTERNAL_URL, "must be http://HOST or https://HOST: " + externalUrl);
        }
        return new RulesConfig(
                duration(global.get("evaluation_interval"), Duration.ofMinutes(1), Duration.ofMillis(100)),
                duration(global.get("rule_query_offset"), Duration.ZERO, Duration.ZERO),
                labels == null ? Map.of() : Map.copyOf(labels.texts()),
                externalUrl,
                List.copyOf(files),
                values.directory(),
                receivers(values.tree("alerting")));
    }

    /** Keys of {@code global}: those of rules, and those of scraping. */
    private static List<String> globals() {
        return Stream.concat(GLOBAL.stream(), ScrapesConfig.SHARED.stream()).toList();
    }

    private static Map<String, YamlNode> keys(@Nullable YamlNode node, List<String> known) {
        return node == null ? new HashMap<>() : node.keys(known);
    }

    private static Duration duration(@Nullable YamlNode node, Duration otherwise, Duration least) {
        return node == null || node.isEmpty() ? otherwise : node.duration(least, LONGEST);
    }

    private static List<AlertReceiver> receivers(@Nullable YamlNode alerting) {
        Map<String, YamlNode> keys = keys(alerting, List.of("alert_relabel_configs", "alertmanagers", "webhooks"));
        Relabeling all = RelabelConfig.read(keys.get("alert_relabel_configs"));
        List<AlertReceiver> receivers = new ArrayList<>();
        YamlNode alertmanagers = keys.get("alertmanagers");
        if (alertmanagers != null) {
            alertmanagers.list().forEach(node -> alertmanager(node, all, receivers));
        }
        YamlNode webhooks = keys.get("webhooks");
        if (webhooks != null) {
            for (YamlNode node : webhooks.list()) {
                Map<String, YamlNode> hook = node.keys(List.of("url", "timeout", "alert_relabel_configs"));
                YamlNode url = hook.get("url");
                if (url == null || url.text().isEmpty()) {
                    throw node.refusal("url is missing");
                }
                receivers.add(new AlertReceiver(true, uri(url, url.text()), timeout(hook), relabeling(all, hook)));
            }
        }
        return List.copyOf(receivers);
    }

    private static Duration timeout(Map<String, YamlNode> keys) {
        return duration(keys.get("timeout"), TIMEOUT, Duration.ofMillis(1));
    }

    /** The rules for all receivers, then those of one. */
    private static Relabeling relabeling(Relabeling all, Map<String, YamlNode> keys) {
        List<RelabelRule> rules = new ArrayList<>(all.rules());
        rules.addAll(RelabelConfig.read(keys.get("alert_relabel_configs")).rules());
        return new Relabeling(rules);
    }

    private static void alertmanager(YamlNode node, Relabeling all, List<AlertReceiver> receivers) {
        Map<String, YamlNode> keys = node.keys(ALERTMANAGER);
        String scheme = text(keys, "scheme", "http").toLowerCase(Locale.ROOT);
        String version = text(keys, "api_version", "v2");
        if (!version.equals("v2")) {
            throw keys.getOrDefault("api_version", node).refusal("must be v2: " + version);
        }
        String prefix = text(keys, "path_prefix", "/").replaceFirst("/+$", "");
        YamlNode configs = keys.get("static_configs");
        if (configs == null) {
            throw node.refusal("static_configs is missing");
        }
        Relabeling ofTargets = RelabelConfig.read(keys.get("relabel_configs"));
        Relabeling ofAlerts = relabeling(all, keys);
        for (YamlNode config : configs.list()) {
            Map<String, YamlNode> group = config.keys(List.of("targets", "labels"));
            YamlNode more = group.get("labels");
            YamlNode targets = group.get("targets");
            for (YamlNode target : targets == null ? List.<YamlNode>of() : targets.list()) {
                LabelEditor labels = new LabelEditor(Labels.EMPTY);
                if (more != null) {
                    more.texts().forEach(labels::set);
                }
                labels.set("__address__", target.text())
                        .set("__scheme__", scheme)
                        .set("__alerts_path__", prefix + "/api/v2/alerts");
                if (ofTargets.apply(labels)) {
                    String address = labels.get("__scheme__") + "://" + labels.get("__address__")
                            + labels.get("__alerts_path__");
                    receivers.add(new AlertReceiver(false, uri(target, address), timeout(keys), ofAlerts));
                }
            }
        }
    }

    private static String text(Map<String, YamlNode> keys, String key, String otherwise) {
        YamlNode node = keys.get(key);
        return node == null || node.isEmpty() ? otherwise : node.text();
    }

    private static URI uri(YamlNode node, String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // falls through to the refusal, which says what was expected
        }
        throw node.refusal("not an address such as http://HOST:PORT: " + text);
    }

    /** Adds what the API shows. */
    void show(ConfigValues values, Map<String, String> shown) {
        for (String key : TREES) {
            YamlNode tree = values.tree(key);
            if (tree != null) {
                shown.put(key, tree.flow());
            }
        }
    }
}
