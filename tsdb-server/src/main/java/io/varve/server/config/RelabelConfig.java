package io.varve.server.config;

import io.varve.server.relabel.RelabelAction;
import io.varve.server.relabel.RelabelRule;
import io.varve.server.relabel.Relabeling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads lists of relabelling rules. Stateless. */
final class RelabelConfig {

    private static final List<String> KEYS =
            List.of("source_labels", "separator", "regex", "modulus", "target_label", "replacement", "action");
    private static final int MOST = 1_000;

    private RelabelConfig() {}

    /**
     * Reads a list of rules.
     *
     * @param node where it stands; null for no rules
     * @throws ConfigException if one cannot be used
     */
    static Relabeling read(@Nullable YamlNode node) {
        if (node == null) {
            return Relabeling.NONE;
        }
        List<YamlNode> listed = node.list();
        if (listed.size() > MOST) {
            throw node.refusal("at most " + MOST + " rules: " + listed.size());
        }
        List<RelabelRule> rules = new ArrayList<>();
        for (YamlNode rule : listed) {
            rules.add(rule(rule));
        }
        return new Relabeling(rules);
    }

    private static RelabelRule rule(YamlNode node) {
        Map<String, YamlNode> keys = node.keys(KEYS);
        if (keys.isEmpty()) {
            throw node.refusal("a rule of relabelling has at least one key");
        }
        RelabelRule.Setting standard = RelabelRule.DEFAULTS;
        List<String> sources = new ArrayList<>();
        YamlNode listed = keys.get("source_labels");
        if (listed != null) {
            for (YamlNode source : listed.list()) {
                if (source.text().isEmpty()) {
                    throw source.refusal("a label's name is not empty");
                }
                sources.add(source.text());
            }
        }
        YamlNode action = keys.get("action");
        RelabelAction does =
                action == null || action.isEmpty() ? standard.action() : RelabelAction.byLabel(action.text());
        if (does == null) {
            List<String> known = new ArrayList<>();
            for (RelabelAction each : RelabelAction.values()) {
                known.add(each.label());
            }
            throw keys.getOrDefault("action", node)
                    .refusal("unknown action: "
                            + keys.getOrDefault("action", node).text()
                            + NearestName.hint(keys.getOrDefault("action", node).text(), known));
        }
        try {
            return new RelabelRule(new RelabelRule.Setting(
                    sources,
                    text(keys, "separator", standard.separator()),
                    text(keys, "regex", standard.regex()),
                    modulus(keys.get("modulus")),
                    text(keys, "target_label", standard.target()),
                    text(keys, "replacement", standard.replacement()),
                    does));
        } catch (IllegalArgumentException e) {
            throw node.refusal(String.valueOf(e.getMessage()));
        }
    }

    private static String text(Map<String, YamlNode> keys, String key, String otherwise) {
        YamlNode node = keys.get(key);
        return node == null ? otherwise : node.text();
    }

    private static long modulus(@Nullable YamlNode node) {
        if (node == null || node.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(node.text());
        } catch (NumberFormatException e) {
            throw node.refusal("must be a whole number: " + node.text());
        }
    }
}
