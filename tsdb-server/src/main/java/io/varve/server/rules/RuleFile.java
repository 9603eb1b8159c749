package io.varve.server.rules;

import io.varve.query.QueryException;
import io.varve.query.lang.Dialect;
import io.varve.query.lang.Parser;
import io.varve.query.lang.Printer;
import io.varve.server.config.ConfigException;
import io.varve.server.config.Quantity;
import io.varve.server.config.YamlNode;
import io.varve.server.rules.template.Template;
import io.varve.server.rules.template.TemplateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads rule files as Prometheus has them. Every mistake is named with its line. */
public final class RuleFile {

    /** Longest file, characters. */
    static final int MAX_LENGTH = 4 << 20;

    private static final int MAX_RULES = 20_000;
    private static final List<String> GROUP_KEYS =
            List.of("name", "interval", "query_offset", "limit", "labels", "rules");
    private static final List<String> RECORDING_KEYS = List.of("record", "expr", "labels");
    private static final List<String> ALERTING_KEYS =
            List.of("alert", "expr", "for", "keep_firing_for", "labels", "annotations");

    private final String file;
    private final Defaults defaults;
    private final Dialect dialect;
    private int count;

    /** What a group has that does not say otherwise. */
    public record Defaults(Duration interval, Duration queryOffset) {}

    private RuleFile(String file, Defaults defaults, Dialect dialect) {
        this.file = file;
        this.defaults = defaults;
        this.dialect = dialect;
    }

    /**
     * The groups of a file.
     *
     * @param text its content
     * @param file its name
     * @param dialect what its expressions may use
     * @throws ConfigException with the line, if anything in it is wrong
     */
    public static List<RuleGroup> parse(String text, String file, Defaults defaults, Dialect dialect) {
        return new RuleFile(file, defaults, dialect).groups(YamlNode.parse(text, file, MAX_LENGTH));
    }

    private List<RuleGroup> groups(YamlNode root) {
        YamlNode listed = root.keys(List.of("groups")).get("groups");
        List<RuleGroup> groups = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlNode node : listed == null ? List.<YamlNode>of() : listed.list()) {
            RuleGroup group = group(node);
            if (!names.add(group.name())) {
                throw node.refusal("a group of this name stands in the file twice: \"" + group.name() + "\"");
            }
            groups.add(group);
        }
        return groups;
    }

    private RuleGroup group(YamlNode node) {
        Map<String, YamlNode> keys = node.keys(GROUP_KEYS);
        String name = required(node, keys, "name");
        Duration interval = duration(keys.get("interval"), defaults.interval());
        if (interval.isZero()) {
            interval = defaults.interval();
        }
        Map<String, String> shared = labels(keys.get("labels"));
        List<Rule> rules = new ArrayList<>();
        Set<List<Object>> seen = new HashSet<>();
        YamlNode listed = keys.get("rules");
        for (YamlNode element : listed == null ? List.<YamlNode>of() : listed.list()) {
            Rule rule = rule(element, shared);
            if (!seen.add(List.of(rule.getClass(), rule.name(), rule.expression(), rule.labels()))) {
                throw element.refusal("stands in the group twice: " + rule.name());
            }
            if (++count > MAX_RULES) {
                throw element.refusal("more than " + MAX_RULES + " rules in one file");
            }
            rules.add(rule);
        }
        Duration offset = duration(keys.get("query_offset"), defaults.queryOffset());
        return new RuleGroup(file, name, interval, offset, limit(keys.get("limit")), List.copyOf(rules));
    }

    private static int limit(@Nullable YamlNode node) {
        if (node == null || node.isEmpty()) {
            return 0;
        }
        try {
            int limit = Integer.parseInt(node.text());
            if (limit >= 0) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw node.refusal("not a whole number: " + node.text());
        }
        throw node.refusal("must not be negative: " + node.text());
    }

    private static String required(YamlNode node, Map<String, YamlNode> keys, String key) {
        YamlNode value = keys.get(key);
        if (value == null || value.text().isEmpty()) {
            throw node.refusal(key + " is missing");
        }
        return value.text();
    }

    private static Duration duration(@Nullable YamlNode node, Duration otherwise) {
        if (node == null || node.isEmpty()) {
            return otherwise;
        }
        try {
            return Quantity.duration(node.text());
        } catch (IllegalArgumentException e) {
            throw node.refusal(String.valueOf(e.getMessage()));
        }
    }

    private Rule rule(YamlNode node, Map<String, String> shared) {
        Map<String, YamlNode> all = node.keys();
        boolean records = all.containsKey("record");
        if (records == all.containsKey("alert")) {
            throw node.refusal(records ? "has both record and alert: split it" : "has neither record nor alert");
        }
        Map<String, YamlNode> keys = node.keys(records ? RECORDING_KEYS : ALERTING_KEYS);
        String expression = expression(node, keys);
        Map<String, String> labels = new LinkedHashMap<>(shared);
        labels.putAll(labels(keys.get("labels")));
        if (records) {
            return new Rule.Recording(required(node, keys, "record"), expression, Map.copyOf(labels));
        }
        String name = required(node, keys, "alert");
        YamlNode annotations = keys.get("annotations");
        checkTemplates(name, keys.get("labels"));
        checkTemplates(name, annotations);
        return new Rule.Alerting(
                name,
                expression,
                duration(keys.get("for"), Duration.ZERO),
                duration(keys.get("keep_firing_for"), Duration.ZERO),
                Map.copyOf(labels),
                annotations == null ? Map.of() : Map.copyOf(annotations.texts()));
    }

    private String expression(YamlNode node, Map<String, YamlNode> keys) {
        String text = required(node, keys, "expr");
        try {
            return Printer.print(Parser.parse(text, dialect));
        } catch (QueryException e) {
            throw keys.getOrDefault("expr", node).refusal("cannot parse: " + e.getMessage());
        }
    }

    private static Map<String, String> labels(@Nullable YamlNode node) {
        Map<String, String> labels = new HashMap<>();
        if (node == null) {
            return labels;
        }
        node.keys().forEach((name, value) -> {
            if (name.isEmpty() || name.equals("__name__")) {
                throw value.refusal("not a label that a rule may set: \"" + name + "\"");
            }
            labels.put(name, value.text());
        });
        return labels;
    }

    private static void checkTemplates(String alert, @Nullable YamlNode texts) {
        if (texts == null) {
            return;
        }
        texts.keys().forEach((name, value) -> {
            try {
                Template.parse("__alert_" + alert, value.text());
            } catch (TemplateException e) {
                throw value.refusal(String.valueOf(e.getMessage()));
            }
        });
    }
}
