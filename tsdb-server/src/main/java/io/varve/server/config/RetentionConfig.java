package io.varve.server.config;

import io.varve.core.model.RetentionRule;
import io.varve.core.model.RollupRule;
import io.varve.query.QueryException;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Parser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long data is kept.
 *
 * @param time age at which samples expire; zero keeps them
 * @param bytes size of blocks and log beyond which the oldest go; zero for no limit
 * @param rules ages of some series; the first that matches a series holds for it
 * @param rollups what is kept for longer than samples
 */
public record RetentionConfig(Duration time, long bytes, List<RetentionRule> rules, List<RollupRule> rollups) {

    static final Duration LONGEST = Duration.ofDays(365L * 200);

    /** What the log alone may take, twice. */
    private static final long LEAST_BYTES = 256L << 20;

    private static final long MOST_BYTES = 1L << 60;

    /** Copies the rules. */
    public RetentionConfig {
        rules = List.copyOf(rules);
        rollups = List.copyOf(rollups);
    }

    static RetentionConfig from(ConfigValues values) {
        long bytes = values.bytes("retention.size", 0, MOST_BYTES);
        if (bytes > 0 && bytes < LEAST_BYTES) {
            throw values.refusal(
                    "retention.size",
                    "must be 0 (no limit) or at least " + Quantity.describeBytes(LEAST_BYTES)
                            + ", which the log may need");
        }
        Duration time = values.duration("retention.time", Duration.ZERO, LONGEST);
        List<RetentionRule> rules = rules(values);
        return new RetentionConfig(time, bytes, rules, RollupsConfig.from(values, time, rules));
    }

    private static List<RetentionRule> rules(ConfigValues values) {
        List<RetentionRule> rules = new ArrayList<>();
        for (ConfigValues.WrittenRule written : values.rules()) {
            RetentionRule rule = rule(written);
            for (int i = 0; i < rules.size(); i++) {
                if (rules.get(i).match().containsAll(rule.match())
                        && rule.match().containsAll(rules.get(i).match())) {
                    throw new ConfigException(written.where() + ".match: contradicts " + ConfigKeys.RULES + "[" + i
                            + "], which matches the same series and comes first: " + written.match());
                }
            }
            rules.add(rule);
        }
        return rules;
    }

    private static RetentionRule rule(ConfigValues.WrittenRule written) {
        Duration time;
        try {
            time = Quantity.duration(written.time());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(written.where() + ".time: " + e.getMessage());
        }
        if (time.compareTo(LONGEST) > 0) {
            throw new ConfigException(written.where() + ".time: must be at most " + Quantity.describe(LONGEST));
        }
        try {
            if (Parser.parse(written.match()) instanceof Expr.Selector selector
                    && selector.timing().equals(Expr.Timing.PLAIN)) {
                return new RetentionRule(selector.matchers(), time);
            }
        } catch (QueryException | IllegalArgumentException e) {
            throw new ConfigException(written.where() + ".match: " + e.getMessage());
        }
        throw new ConfigException(
                written.where() + ".match: must be a selector, such as {job=\"x\"}: " + written.match());
    }

    /** Adds rules and rollups to the keys that the API shows, behind the other keys of retention. */
    void show(Map<String, String> shown) {
        if (rules.isEmpty() && rollups.isEmpty()) {
            return;
        }
        Map<String, String> all = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : shown.entrySet()) {
            all.put(entry.getKey(), entry.getValue());
            if (entry.getKey().equals("retention.size") && !rules.isEmpty()) {
                all.put(ConfigKeys.RULES, yaml());
            }
            if (entry.getKey().equals("retention.size") && !rollups.isEmpty()) {
                all.put(ConfigKeys.ROLLUPS, rollupYaml());
            }
        }
        shown.clear();
        shown.putAll(all);
    }

    private String yaml() {
        List<String> items = new ArrayList<>();
        for (RetentionRule rule : rules) {
            List<String> matchers =
                    rule.match().stream().map(matcher -> matcher.toString()).toList();
            String selector = "{" + String.join(",", matchers) + "}";
            items.add("{match: '" + selector.replace("'", "''") + "', time: " + Quantity.describe(rule.time()) + "}");
        }
        return "[" + String.join(", ", items) + "]";
    }

    private String rollupYaml() {
        List<String> items = new ArrayList<>();
        for (RollupRule rollup : rollups) {
            items.add("{width: " + Quantity.describe(rollup.width()) + ", time: " + Quantity.describe(rollup.time())
                    + ", sketch: " + rollup.sketch() + "}");
        }
        return "[" + String.join(", ", items) + "]";
    }

    /** For people: {@code 30d}, {@code 10 GiB}, {@code 30d, 10 GiB, 2 rules}; {@code off} if everything is kept. */
    public String describe() {
        List<String> parts = new ArrayList<>();
        if (!time.isZero()) {
            parts.add(Quantity.describe(time));
        }
        if (bytes > 0) {
            parts.add(Quantity.describeBytes(bytes));
        }
        if (!rules.isEmpty()) {
            parts.add(rules.size() + (rules.size() == 1 ? " rule" : " rules"));
        }
        for (RollupRule rollup : rollups) {
            parts.add("by " + Quantity.describe(rollup.width())
                    + (rollup.time().isZero() ? " for ever" : " for " + Quantity.describe(rollup.time())));
        }
        return parts.isEmpty() ? "off" : String.join(", ", parts);
    }
}
