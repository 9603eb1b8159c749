package io.varve.server.config;

import io.varve.server.config.ScrapeConfig.FileDiscovery;
import io.varve.server.config.ScrapeConfig.Format;
import io.varve.server.config.ScrapeConfig.Group;
import io.varve.server.config.ScrapeConfig.LabelSetting;
import io.varve.server.config.ScrapeConfig.Limits;
import io.varve.server.config.ScrapeConfig.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one element of {@code scrape_configs}. */
final class ScrapeJobReader {

    private static final List<String> OWN = List.of(
            "job_name",
            "metrics_path",
            "scheme",
            "params",
            "honor_labels",
            "honor_timestamps",
            "track_timestamps_staleness",
            "follow_redirects",
            "enable_compression",
            "fallback_scrape_protocol",
            "basic_auth",
            "authorization",
            "static_configs",
            "file_sd_configs",
            "relabel_configs",
            "metric_relabel_configs");
    private static final List<String> KEYS =
            Stream.concat(OWN.stream(), ScrapesConfig.SHARED.stream()).toList();

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration STANDARD_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STANDARD_REFRESH = Duration.ofMinutes(5);
    private static final int STANDARD_DROPPED = 0;

    private final YamlNode node;
    private final Map<String, YamlNode> keys;
    private final Map<String, YamlNode> global;
    private final Path directory;

    /**
     * A reader.
     *
     * @param global what holds for all jobs
     * @param directory that names of files are relative to
     */
    ScrapeJobReader(YamlNode node, Map<String, YamlNode> global, Path directory) {
        this.node = node;
        this.keys = node.keys(KEYS);
        this.global = global;
        this.directory = directory;
    }

    ScrapeConfig read() {
        String job = text("job_name", "");
        if (job.isEmpty()) {
            throw node.refusal("job_name is missing");
        }
        return new ScrapeConfig(job, request(), labels(), limits(), format(), groups(), files());
    }

    private Request request() {
        Duration interval = required(duration(shared("scrape_interval"), Duration.ofMinutes(1)));
        Duration timeout = duration(keys.get("scrape_timeout"), null);
        if (timeout == null) {
            Duration standard = required(duration(global.get("scrape_timeout"), STANDARD_TIMEOUT));
            timeout = standard.compareTo(interval) > 0 ? interval : standard;
        }
        if (timeout.compareTo(interval) > 0) {
            throw at("scrape_timeout")
                    .refusal("scrape_timeout is longer than scrape_interval: " + Quantity.describe(timeout) + ", "
                            + Quantity.describe(interval));
        }
        String scheme = text("scheme", "http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw at("scheme").refusal("must be http or https: " + scheme);
        }
        Map<String, List<String>> params = new LinkedHashMap<>();
        YamlNode written = keys.get("params");
        if (written != null) {
            written.keys().forEach((name, values) -> params.put(name, texts(values)));
        }
        return new Request(
                interval,
                timeout,
                scheme,
                text("metrics_path", "/metrics"),
                Map.copyOf(params),
                flag(keys.get("follow_redirects"), true),
                flag(keys.get("enable_compression"), true),
                ScrapeCredentials.header(node, keys.get("basic_auth"), keys.get("authorization"), directory));
    }

    private LabelSetting labels() {
        return new LabelSetting(
                flag(keys.get("honor_labels"), false),
                flag(keys.get("honor_timestamps"), true),
                flag(keys.get("track_timestamps_staleness"), false),
                RelabelConfig.read(keys.get("relabel_configs")),
                RelabelConfig.read(keys.get("metric_relabel_configs")));
    }

    private Limits limits() {
        YamlNode body = shared("body_size_limit");
        long bytes = 0;
        if (body != null && !body.isEmpty()) {
            try {
                bytes = Quantity.bytes(body.text());
            } catch (IllegalArgumentException e) {
                throw body.refusal(String.valueOf(e.getMessage()));
            }
        }
        return new Limits(
                bytes == 0 ? ScrapeConfig.MAX_BODY_BYTES : Math.min(bytes, ScrapeConfig.MAX_BODY_BYTES),
                count("sample_limit", 0),
                count("label_limit", 0),
                count("label_name_length_limit", 0),
                count("label_value_length_limit", 0),
                count("target_limit", 0),
                count("keep_dropped_targets", STANDARD_DROPPED));
    }

    private Format format() {
        boolean histograms = flag(shared("scrape_native_histograms"), false);
        List<ScrapeProtocol> protocols = new ArrayList<>();
        YamlNode listed = shared("scrape_protocols");
        if (listed == null || listed.list().isEmpty()) {
            if (histograms) {
                protocols.add(ScrapeProtocol.PROTOBUF);
            }
            protocols.addAll(ScrapeProtocol.DEFAULTS);
        } else {
            for (YamlNode each : listed.list()) {
                ScrapeProtocol protocol = protocol(each);
                if (protocols.contains(protocol)) {
                    throw each.refusal("written twice: " + each.text());
                }
                protocols.add(protocol);
            }
        }
        YamlNode fallback = keys.get("fallback_scrape_protocol");
        return new Format(
                List.copyOf(protocols),
                fallback == null || fallback.isEmpty() ? null : protocol(fallback),
                histograms,
                flag(shared("always_scrape_classic_histograms"), false),
                flag(shared("extra_scrape_metrics"), false));
    }

    private static ScrapeProtocol protocol(YamlNode node) {
        ScrapeProtocol protocol = ScrapeProtocol.byLabel(node.text());
        if (protocol == null) {
            throw node.refusal("must be one of " + String.join(", ", ScrapeProtocol.labels()) + ": " + node.text()
                    + NearestName.hint(node.text(), ScrapeProtocol.labels()));
        }
        return protocol;
    }

    private List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        YamlNode listed = keys.get("static_configs");
        for (YamlNode each : listed == null ? List.<YamlNode>of() : listed.list()) {
            groups.add(group(each));
        }
        return List.copyOf(groups);
    }

    /**
     * Reads a group of targets, which a configuration and a file write in the same way.
     *
     * @throws ConfigException if it is none
     */
    static Group group(YamlNode node) {
        Map<String, YamlNode> group = node.keys(List.of("targets", "labels"));
        YamlNode targets = group.get("targets");
        YamlNode labels = group.get("labels");
        List<String> addresses = new ArrayList<>();
        for (YamlNode target : targets == null ? List.<YamlNode>of() : targets.list()) {
            addresses.add(target.text());
        }
        if (labels != null) {
            labels.keys().forEach((name, value) -> {
                if (name.isEmpty()) {
                    throw value.refusal("a label's name is not empty");
                }
            });
        }
        return new Group(List.copyOf(addresses), labels == null ? Map.of() : Map.copyOf(labels.texts()));
    }

    private List<FileDiscovery> files() {
        List<FileDiscovery> discoveries = new ArrayList<>();
        YamlNode listed = keys.get("file_sd_configs");
        for (YamlNode each : listed == null ? List.<YamlNode>of() : listed.list()) {
            Map<String, YamlNode> discovery = each.keys(List.of("files", "refresh_interval"));
            YamlNode files = discovery.get("files");
            if (files == null || files.list().isEmpty()) {
                throw each.refusal("files is missing");
            }
            for (YamlNode file : files.list()) {
                if (!file.text().matches("[^*?\\[\\]{}]*(\\*[^/?\\[\\]{}]*)?\\.(json|yml|yaml|JSON|YML|YAML)")) {
                    throw file.refusal(
                            "must end with .json, .yml or .yaml, with * in the last part alone: " + file.text());
                }
            }
            discoveries.add(new FileDiscovery(
                    texts(files), directory, required(duration(discovery.get("refresh_interval"), STANDARD_REFRESH))));
        }
        return List.copyOf(discoveries);
    }

    private static List<String> texts(YamlNode list) {
        List<String> texts = new ArrayList<>();
        list.list().forEach(each -> texts.add(each.text()));
        return List.copyOf(texts);
    }

    private YamlNode at(String key) {
        return keys.getOrDefault(key, node);
    }

    private @Nullable YamlNode shared(String key) {
        YamlNode own = keys.get(key);
        return own == null || own.isEmpty() ? global.get(key) : own;
    }

    private String text(String key, String otherwise) {
        YamlNode value = keys.get(key);
        return value == null || value.isEmpty() ? otherwise : value.text();
    }

    private int count(String key, int otherwise) {
        YamlNode value = shared(key);
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        try {
            int count = Integer.parseInt(value.text());
            if (count >= 0) {
                return count;
            }
        } catch (NumberFormatException e) {
            // falls through to the refusal, which says what was expected
        }
        throw value.refusal("must be a whole number from 0 on: " + value.text());
    }

    private static boolean flag(@Nullable YamlNode value, boolean otherwise) {
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        return switch (value.text()) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw value.refusal("must be true or false: " + value.text());
        };
    }

    private static Duration required(@Nullable Duration duration) {
        if (duration == null) {
            throw new AssertionError("BUG: a duration with a default is there");
        }
        return duration;
    }

    /**
     * A duration, or another if none is written.
     *
     * @throws ConfigException if it is none, or not from 100 ms to a day
     */
    static @Nullable Duration duration(@Nullable YamlNode node, @Nullable Duration otherwise) {
        return node == null || node.isEmpty() ? otherwise : node.duration(LEAST, LONGEST);
    }
}
