package io.varve.server.scrape.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.config.ConfigFile;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a discovered target becomes by its job's keys and by relabelling. */
class TargetBuilderTest {

    @TempDir
    private Path directory;

    private TargetBuilder.Built build(String more, String address, Map<String, String> labels) throws IOException {
        Path file = directory.resolve("varve.yml");
        Files.writeString(file, "scrape_configs: [{job_name: j, scrape_interval: 30s" + more + "}]");
        ConfigValues values = new ConfigValues();
        ConfigFile.read(file, values);
        ScrapeConfig config =
                ServerConfig.from(values, 1L << 30, false).scrapes().jobs().get(0);
        return new TargetBuilder(config).build(address, labels);
    }

    private Target target(String more, String address, Map<String, String> labels) throws IOException {
        TargetBuilder.Built built = build(more, address, labels);
        assertThat(built.problem()).isNull();
        Target target = built.target();
        assertThat(target).isNotNull();
        return target;
    }

    @Test
    void keysOfTheJobHold() throws IOException {
        Target target = target(
                ", metrics_path: /m x, scheme: https, params: {p: [a b, c], q: [d]}",
                "h:1",
                Map.of("z", "1", "__x", "2"));
        assertThat(target.uri()).hasToString("https://h:1/m%20x?p=a+b&p=c&q=d");
        assertThat(target.labels()).hasToString("{instance=\"h:1\",job=\"j\",z=\"1\"}");
        assertThat(target.interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(target.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(target.discovered())
                .hasToString("{__address__=\"h:1\",__metrics_path__=\"/m x\",__param_p=\"a b\",__param_q=\"d\","
                        + "__scheme__=\"https\",__scrape_interval__=\"30s\",__scrape_timeout__=\"10s\",__x=\"2\","
                        + "job=\"j\",z=\"1\"}");
        assertThat(target("", "[::1]:9100", Map.of()).uri()).hasToString("http://[::1]:9100/metrics");
    }

    @Test
    void relabellingChangesWhereHowOftenAndAsWhatATargetIsScraped() throws IOException {
        Target target = target(
                ", relabel_configs: [{source_labels: [__address__], target_label: __param_target},"
                        + " {source_labels: [__param_target], target_label: instance},"
                        + " {target_label: __address__, replacement: 'probe:9115'},"
                        + " {target_label: __metrics_path__, replacement: /probe},"
                        + " {target_label: __scrape_interval__, replacement: 5s},"
                        + " {target_label: __scrape_timeout__, replacement: 4s},"
                        + " {target_label: job, replacement: other}]",
                "example.org",
                Map.of());
        assertThat(target.uri()).hasToString("http://probe:9115/probe?target=example.org");
        assertThat(target.labels()).hasToString("{instance=\"example.org\",job=\"other\"}");
        assertThat(target.interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(target.timeout()).isEqualTo(Duration.ofSeconds(4));
        TargetBuilder.Built dropped =
                build(", relabel_configs: [{source_labels: [z], regex: '1', action: drop}]", "h:1", Map.of("z", "1"));
        assertThat(dropped.isDropped()).isTrue();
        assertThat(dropped.discovered().get("z")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "__address__         | ''      | no address",
                "__address__         | h/x     | an address is host and port, without a path: h/x",
                "__address__         | a b     | no address of a target",
                "__address__         | u@h:1   | no address of a target",
                "__address__         | h:x     | no address of a target",
                "__scheme__          | ftp     | a scheme is http or https: ftp",
                "__scrape_interval__ | often   | not a duration",
                "__scrape_interval__ | 0       | __scrape_interval__ is at least 100ms: 0",
                "__scrape_timeout__  | 1m      | scrape timeout is longer than scrape interval: 1m, 30s",
            })
    void whatCannotBeScrapedSaysWhy(String label, String value, String problem) throws IOException {
        TargetBuilder.Built built = build(
                ", relabel_configs: [{target_label: " + label + ", replacement: '" + value + "'}]", "h:1", Map.of());
        assertThat(built.target()).isNull();
        assertThat(built.problem()).contains(problem);
    }
}
