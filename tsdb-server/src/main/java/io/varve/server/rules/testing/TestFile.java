package io.varve.server.rules.testing;

import io.varve.server.config.ConfigException;
import io.varve.server.config.Quantity;
import io.varve.server.config.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of tests.
 *
 * @param name as it was given
 * @param ruleFiles relative to its directory
 * @param interval from one evaluation to the next
 * @param order groups by name, those that are evaluated first
 * @param fuzzy whether doubles that are neighbours are equal
 */
record TestFile(
        String name,
        List<String> ruleFiles,
        Duration interval,
        List<String> order,
        boolean fuzzy,
        List<RuleTest> tests) {

    private static final int MAX_LENGTH = 4 << 20;
    private static final int MAX_TESTS = 10_000;
    private static final List<String> KEYS =
            List.of("rule_files", "evaluation_interval", "group_eval_order", "fuzzy_compare", "tests");

    /**
     * Reads a file.
     *
     * @param text its content
     * @throws ConfigException with the line, if anything in it is wrong
     */
    static TestFile parse(String text, String name) {
        Map<String, YamlNode> keys = YamlNode.parse(text, name, MAX_LENGTH).keys(KEYS);
        Duration interval = interval(keys.get("evaluation_interval"), Duration.ofMinutes(1));
        List<RuleTest> tests = new ArrayList<>();
        YamlNode listed = keys.get("tests");
        for (YamlNode test : listed == null ? List.<YamlNode>of() : listed.list()) {
            if (tests.size() == MAX_TESTS) {
                throw test.refusal("more than " + MAX_TESTS + " tests in one file");
            }
            tests.add(TestReading.test(test, interval));
        }
        return new TestFile(
                name,
                texts(keys.get("rule_files")),
                interval,
                order(keys.get("group_eval_order")),
                fuzzy(keys.get("fuzzy_compare")),
                List.copyOf(tests));
    }

    private static boolean fuzzy(@Nullable YamlNode node) {
        String text = node == null ? "" : node.text();
        if (node != null && !text.isEmpty() && !text.equals("true") && !text.equals("false")) {
            throw node.refusal("must be true or false: " + text);
        }
        return text.equals("true");
    }

    private static List<String> order(@Nullable YamlNode node) {
        List<String> order = texts(node);
        for (int i = 0; node != null && i < order.size(); i++) {
            if (order.indexOf(order.get(i)) < i) {
                throw node.list().get(i).refusal("a group stands in the order twice: " + order.get(i));
            }
        }
        return order;
    }

    private static List<String> texts(@Nullable YamlNode node) {
        List<String> texts = new ArrayList<>();
        if (node != null) {
            node.list().forEach(element -> texts.add(element.text()));
        }
        return List.copyOf(texts);
    }

    /** An interval, which is positive. */
    static Duration interval(@Nullable YamlNode node, Duration otherwise) {
        Duration interval = duration(node, otherwise);
        return interval.isZero() ? otherwise : interval;
    }

    static Duration duration(@Nullable YamlNode node, Duration otherwise) {
        if (node == null || node.isEmpty()) {
            return otherwise;
        }
        try {
            return Quantity.duration(node.text());
        } catch (IllegalArgumentException e) {
            throw node.refusal(String.valueOf(e.getMessage()));
        }
    }
}
