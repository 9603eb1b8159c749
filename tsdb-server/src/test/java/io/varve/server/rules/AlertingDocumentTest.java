package io.varve.server.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.query.QueryOptions;
import io.varve.query.lang.Dialect;
import io.varve.server.config.ConfigFile;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.RulesConfig;
import io.varve.server.config.ServerConfig;
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

/** The examples of docs/alerting.md are read as a server would. */
class AlertingDocumentTest {

    private static final Pattern BLOCK = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    private static List<String> blocks() throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(Files.readString(Path.of("../docs/alerting.md")));
        while (found.find()) {
            blocks.add(found.group(1));
        }
        assertThat(blocks).hasSize(4);
        return blocks;
    }

    @Test
    void itsRecordedSeriesAreFollowedBack() throws IOException {
        List<RuleGroup> groups = RuleBench.parse(blocks().get(3));
        Rule alert = groups.get(0).rules().get(1);
        assertThat(RecordedSeries.of(groups)
                        .origins(RecordedSeries.read(alert.expression()), Labels.of("stage", "write")))
                .singleElement()
                .hasToString("[__name__=\"request_seconds_bucket\", stage=\"write\"]");
    }

    @Test
    void itsFilesAreReadTogether(@TempDir Path directory) throws IOException {
        List<String> blocks = blocks();
        Path file = Files.writeString(directory.resolve("varve.yml"), blocks.get(0));
        Files.createDirectory(directory.resolve("rules"));
        Files.writeString(directory.resolve("rules/load.yml"), blocks.get(1));
        ConfigValues values = new ConfigValues();
        ConfigFile.read(file, values);
        RulesConfig config = ServerConfig.from(values, 1L << 30, false).rules();
        assertThat(config.receivers())
                .extracting(receiver -> receiver.uri().toString())
                .containsExactly("http://127.0.0.1:9093/api/v2/alerts", "http://127.0.0.1:8080/alerts");
        List<RuleGroup> groups = RuleFiles.read(config, Dialect.STABLE);
        assertThat(groups).hasSize(1);
        assertThat(groups.get(0).rules()).extracting(Rule::name).containsExactly("job:load:max", "HighLoad");

        Path test = Files.writeString(directory.resolve("rules/load_test.yml"), blocks.get(2));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        RuleTests.Options options = new RuleTests.Options(List.of(), false, QueryOptions.defaults());
        boolean succeeds = new RuleTests(printed, printed, options, TimeSource.system()).run(List.of(test));
        assertThat(succeeds).as(bytes.toString(StandardCharsets.UTF_8)).isTrue();
    }
}
