package io.varve.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is scraped: {@code scrape_configs} as Prometheus has them, over what {@code global} says.
 *
 * @param jobs in their order; names differ
 */
public record ScrapesConfig(List<ScrapeConfig> jobs) {

    /** The key whose value is read here. */
    static final String TREE = "scrape_configs";

    private static final int MOST = 10_000;

    /** Keys of {@code global} and of each job that say the same for all and for one. */
    static final List<String> SHARED = List.of(
            "scrape_interval",
            "scrape_timeout",
            "scrape_protocols",
            "scrape_native_histograms",
            "always_scrape_classic_histograms",
            "extra_scrape_metrics",
            "body_size_limit",
            "sample_limit",
            "target_limit",
            "label_limit",
            "label_name_length_limit",
            "label_value_length_limit",
            "keep_dropped_targets");

    /** Nothing is scraped. */
    public static final ScrapesConfig NONE = new ScrapesConfig(List.of());

    static ScrapesConfig from(ConfigValues values) {
        YamlNode global = values.tree("global");
        Map<String, YamlNode> shared = global == null ? Map.of() : global.keys();
        Duration interval = ScrapeJobReader.duration(shared.get("scrape_interval"), Duration.ofMinutes(1));
        YamlNode written = shared.get("scrape_timeout");
        Duration timeout = ScrapeJobReader.duration(written, null);
        if (written != null && timeout != null && interval != null && timeout.compareTo(interval) > 0) {
            throw written.refusal("longer than scrape_interval: " + Quantity.describe(interval));
        }
        YamlNode tree = values.tree(TREE);
        List<ScrapeConfig> jobs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlNode node : tree == null ? List.<YamlNode>of() : tree.list()) {
            ScrapeConfig job = new ScrapeJobReader(node, shared, values.directory()).read();
            if (!names.add(job.job())) {
                throw node.refusal("job_name is written twice: " + job.job());
            }
            if (jobs.size() == MOST) {
                throw node.refusal("at most " + MOST + " jobs");
            }
            jobs.add(job);
        }
        return new ScrapesConfig(List.copyOf(jobs));
    }

    /** Adds what the API shows; secrets are not shown. */
    void show(ConfigValues values, Map<String, String> shown) {
        @Nullable YamlNode tree = values.tree(TREE);
        if (tree != null) {
            shown.put(TREE, tree.flow());
        }
    }
}
