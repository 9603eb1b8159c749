package io.varve.query.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Matcher;
import io.varve.query.lang.Aggregator;
import io.varve.query.lang.BinaryOperator;
import io.varve.query.lang.Dialect;
import io.varve.query.lang.DurationExpr;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;
import io.varve.query.lang.Parser;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every word of the language is evaluated by a script, and every rule of docs/query-language.md names its scripts. */
class ScriptCoverageTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "query-language.md");
    private static final Pattern EVALUATION =
            Pattern.compile("eval(?:_ordered)? (?:instant at \\S+|range from \\S+ to \\S+ step \\S+) (.*)");
    private static final Pattern NAMED = Pattern.compile("`([a-z_]+\\.test)`");

    /** Headings below which each item of a list is a rule. */
    private static final Set<String> RULES =
            Set.of("Metric names", "Selectors", "Operators", "Aggregations", "Functions", "Native histograms");

    private static List<Path> scripts() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(ScriptCoverageTest.class.getResource("/promql"))
                .toURI());
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(file -> file.toString().endsWith(".test")).toList();
        }
    }

    /** Names of what scripts evaluate and have a value of, not only a failure or nothing. */
    private static Set<String> evaluated() throws IOException, URISyntaxException {
        Words words = new Words();
        for (Path script : scripts()) {
            List<String> lines = Files.readAllLines(script);
            for (int i = 0; i < lines.size() - 1; i++) {
                java.util.regex.Matcher evaluation = EVALUATION.matcher(lines.get(i));
                String expected = lines.get(i + 1);
                if (evaluation.matches()
                        && expected.startsWith(" ")
                        && !expected.strip().startsWith("expect ")) {
                    words.expression(Parser.parse(evaluation.group(1), Dialect.EXPERIMENTAL));
                }
            }
        }
        return words.found();
    }

    private static Set<String> language() {
        Set<String> names = new TreeSet<>(Set.of(
                "string",
                "number",
                "sign + of scalar",
                "sign + of vector",
                "sign - of scalar",
                "sign - of vector",
                "anchored range",
                "smoothed range",
                "smoothed instant",
                "offset",
                "offset ahead",
                "subquery with a step",
                "subquery without a step",
                "duration sign",
                "on",
                "ignoring",
                "group_left",
                "group_right",
                "fill",
                "fill_left",
                "fill_right",
                "fill_left fill_right",
                "by",
                "without"));
        for (Function function : Function.values()) {
            names.add("function " + function.text());
        }
        for (Aggregator aggregator : Aggregator.values()) {
            names.add("aggregation " + aggregator.text());
        }
        for (BinaryOperator operator : BinaryOperator.values()) {
            names.add("operator " + operator.symbol());
            if (operator.isComparison() && !operator.isTrim()) {
                names.add("bool " + operator.symbol());
            }
        }
        for (Matcher.Type type : Matcher.Type.values()) {
            names.add("matcher " + type.operator());
        }
        for (Expr.Anchor anchor : Set.of(Expr.Anchor.LITERAL, Expr.Anchor.START, Expr.Anchor.END)) {
            names.add("@ " + anchor);
        }
        for (DurationExpr.Clock clock : DurationExpr.Clock.values()) {
            names.add("duration " + clock);
        }
        for (DurationExpr.Operator operator : DurationExpr.Operator.values()) {
            names.add("duration " + operator);
        }
        return names;
    }

    @Test
    void every_word_of_the_language_is_evaluated_by_a_script() throws IOException, URISyntaxException {
        Set<String> missing = language();
        missing.removeAll(evaluated());
        assertThat(missing).as("words that no script evaluates").isEmpty();
    }

    @Test
    void every_rule_names_its_scripts_and_every_script_is_named() throws IOException, URISyntaxException {
        Set<String> scripts =
                scripts().stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        Set<String> named = NAMED.matcher(Files.readString(DOCUMENT))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> without = new ArrayList<>();
        for (String rule : rules()) {
            if (!NAMED.matcher(rule).find()) {
                without.add(rule.substring(0, Math.min(100, rule.length())));
            }
        }
        assertThat(without).as("rules without a script").isEmpty();
        assertThat(named).as("scripts that the document names").isEqualTo(new TreeSet<>(scripts));
    }

    /** Items of lists below the headings of rules, their later lines too. */
    private static List<String> rules() throws IOException {
        List<String> rules = new ArrayList<>();
        boolean there = false;
        boolean item = false;
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.startsWith("## ")) {
                there = RULES.contains(line.substring(3));
                item = false;
            } else if (there && line.startsWith("- ")) {
                rules.add(line);
                item = true;
            } else if (item && line.startsWith("  ")) {
                rules.add(rules.remove(rules.size() - 1) + " " + line.strip());
            } else {
                item = false;
            }
        }
        assertThat(rules).hasSizeGreaterThan(40);
        return rules;
    }
}
