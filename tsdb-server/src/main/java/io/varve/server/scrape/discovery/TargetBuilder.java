package io.varve.server.scrape.discovery;

import io.varve.core.model.Labels;
import io.varve.server.config.Quantity;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.relabel.LabelEditor;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes targets of what is discovered for one job. Immutable. */
public final class TargetBuilder {

    private static final String ADDRESS = "__address__";
    private static final String SCHEME = "__scheme__";
    private static final String PATH = "__metrics_path__";
    private static final String INTERVAL = "__scrape_interval__";
    private static final String TIMEOUT = "__scrape_timeout__";
    private static final String PARAM = "__param_";
    private static final String HIDDEN = "__";
    private static final Duration LEAST = Duration.ofMillis(100);

    private final ScrapeConfig config;

    /** Targets of a job. */
    public TargetBuilder(ScrapeConfig config) {
        this.config = config;
    }

    /**
     * What becomes of a discovered target: one of the three parts is there.
     *
     * @param discovered its labels before relabelling
     * @param target what is scraped, null if it is not
     * @param problem why it cannot be scraped, null if it can, or if relabelling drops it
     */
    public record Built(Labels discovered, @Nullable Target target, @Nullable String problem) {

        /** Whether relabelling drops it. */
        public boolean isDropped() {
            return target == null && problem == null;
        }
    }

    /** Makes a target of what was discovered: an address, and labels of its group. */
    public Built build(String address, Map<String, String> group) {
        LabelEditor labels = new LabelEditor(Labels.EMPTY);
        group.forEach(labels::set);
        labels.set(ADDRESS, address);
        standard(labels, "job", config.job());
        standard(labels, SCHEME, config.request().scheme());
        standard(labels, PATH, config.request().path());
        standard(labels, INTERVAL, Quantity.describe(config.request().interval()));
        standard(labels, TIMEOUT, Quantity.describe(config.request().timeout()));
        config.request().params().forEach((name, values) -> {
            if (!values.isEmpty()) {
                standard(labels, PARAM + name, values.get(0));
            }
        });
        Labels discovered = labels.labels();
        if (!config.labels().targets().apply(labels)) {
            return new Built(discovered, null, null);
        }
        try {
            return new Built(discovered, target(discovered, labels), null);
        } catch (IllegalArgumentException e) {
            return new Built(discovered, null, String.valueOf(e.getMessage()));
        }
    }

    private static void standard(LabelEditor labels, String name, String value) {
        if (labels.get(name).isEmpty()) {
            labels.set(name, value);
        }
    }

    private Target target(Labels discovered, LabelEditor labels) {
        String address = labels.get(ADDRESS);
        if (address.isEmpty()) {
            throw new IllegalArgumentException("no address");
        }
        if (address.indexOf('/') >= 0) {
            throw new IllegalArgumentException("an address is host and port, without a path: " + address);
        }
        Duration interval = duration(INTERVAL, labels);
        Duration timeout = duration(TIMEOUT, labels);
        if (timeout.compareTo(interval) > 0) {
            throw new IllegalArgumentException("scrape timeout is longer than scrape interval: " + labels.get(TIMEOUT)
                    + ", " + labels.get(INTERVAL));
        }
        URI uri = uri(labels, address);
        standard(labels, "instance", address);
        List<String> pairs = new ArrayList<>();
        Labels all = labels.labels();
        for (int i = 0; i < all.size(); i++) {
            if (!all.name(i).startsWith(HIDDEN)) {
                pairs.add(all.name(i));
                pairs.add(all.value(i));
            }
        }
        return new Target(discovered, Labels.of(pairs.toArray(new String[0])), uri, interval, timeout);
    }

    private static Duration duration(String name, LabelEditor labels) {
        Duration duration = Quantity.duration(labels.get(name));
        if (duration.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException(name + " is at least 100ms: " + labels.get(name));
        }
        return duration;
    }

    private URI uri(LabelEditor labels, String address) {
        String scheme = labels.get(SCHEME);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("a scheme is http or https: " + scheme);
        }
        String path = labels.get(PATH);
        try {
            String bare =
                    new URI(scheme, address, path.startsWith("/") ? path : "/" + path, null, null).toASCIIString();
            URI uri = new URI(bare + query(labels));
            if (uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no address of a target: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("no address of a target: " + address);
    }

    private String query(LabelEditor labels) {
        Map<String, List<String>> params = new TreeMap<>();
        config.request().params().forEach((name, values) -> params.put(name, new ArrayList<>(values)));
        labels.forEach((name, value) -> {
            if (name.startsWith(PARAM)) {
                List<String> values = params.computeIfAbsent(name.substring(PARAM.length()), any -> new ArrayList<>());
                if (values.isEmpty()) {
                    values.add(value);
                } else {
                    values.set(0, value);
                }
            }
        });
        StringBuilder query = new StringBuilder();
        params.forEach((name, values) -> values.forEach(value -> query.append(query.isEmpty() ? '?' : '&')
                .append(encoded(name))
                .append('=')
                .append(encoded(value))));
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
