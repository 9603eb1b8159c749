package io.varve.server.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import io.varve.query.QueryOptions;
import io.varve.server.rules.testing.RuleTests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that come with the program: each alert fires where it should and has its section in docs/operations.md. */
class ShippedRulesTest {

    private static final Path TESTS = Path.of("src/test/resources/io/varve/server/rules/varve_test.yml");

    private static List<String> alerts() {
        return ShippedRules.VARVE.groups().stream()
                .flatMap(group -> group.rules().stream())
                .map(Rule::name)
                .toList();
    }

    @Test
    void eachAlertThatWatchesVarveHasItsSectionAndEachSectionItsAlert() throws IOException {
        List<String> sections = new ArrayList<>();
        Matcher found =
                Pattern.compile("(?m)^### (Varve\\w+)$").matcher(Files.readString(Path.of("../docs/operations.md")));
        while (found.find()) {
            sections.add(found.group(1));
        }
        assertThat(alerts()).doesNotHaveDuplicates().hasSizeGreaterThan(20);
        assertThat(sections).containsExactlyElementsOf(alerts());
    }

    @Test
    void eachFiresWhereItShouldAndIsSilentWhereItShouldNot(@TempDir Path directory) throws IOException {
        String tests = Files.readString(TESTS);
        for (String alert : alerts()) {
            assertThat(tests).contains("- name: " + alert + " fires\n", "- name: " + alert + " is silent\n");
        }
        Files.writeString(directory.resolve("varve.yml"), ShippedRules.VARVE.text());
        Path file = Files.writeString(directory.resolve("varve_test.yml"), tests);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        RuleTests.Options options = new RuleTests.Options(List.of(), false, QueryOptions.defaults());
        boolean succeeds = new RuleTests(printed, printed, options, TimeSource.system()).run(List.of(file));
        assertThat(succeeds).as(bytes.toString(StandardCharsets.UTF_8)).isTrue();
    }

    @Test
    void theExampleHasAnAlertForEachFaultWhichNamesNeitherStageNorNode() {
        List<Rule> rules = ShippedRules.LATENCY.groups().get(0).rules();
        assertThat(rules).extracting(Rule::name).containsExactly("MessagesSlow", "MessagesFail", "ClockOff");
        assertThat(rules)
                .noneMatch(rule -> rule.expression().contains("arrived")
                        || rule.expression().contains("node"));
        assertThat(ShippedRules.of("latency")).contains(ShippedRules.LATENCY);
        assertThat(ShippedRules.of("x")).isEmpty();
    }
}
