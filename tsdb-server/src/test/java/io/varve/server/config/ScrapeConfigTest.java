package io.varve.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code scrape_configs}: what is read, and that every mistake is named with its place. */
class ScrapeConfigTest {

    @TempDir
    private Path directory;

    private ServerConfig config(String yaml) {
        ConfigValues values = new ConfigValues();
        values.directory(directory);
        ConfigFile.parse(yaml, "varve.yml", values);
        return ServerConfig.from(values, 1L << 30, false);
    }

    private ScrapeConfig job(String yaml) {
        return config(yaml).scrapes().jobs().get(0);
    }

    @Test
    void whatIsNotWrittenIsAsPrometheusHasIt() {
        ScrapeConfig job = job("scrape_configs: [{job_name: j}]");
        assertThat(job.request().interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(job.request().timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(job.request().path()).isEqualTo("/metrics");
        assertThat(job.request().scheme()).isEqualTo("http");
        assertThat(job.request().redirects()).isTrue();
        assertThat(job.request().compression()).isTrue();
        assertThat(job.labels().honorLabels()).isFalse();
        assertThat(job.labels().honorTimestamps()).isTrue();
        assertThat(job.labels().trackTimestamps()).isFalse();
        assertThat(job.format().protocols()).isEqualTo(ScrapeProtocol.DEFAULTS);
        assertThat(job.format().nativeHistograms()).isFalse();
        assertThat(job.limits()).isEqualTo(new ScrapeConfig.Limits(ScrapeConfig.MAX_BODY_BYTES, 0, 0, 0, 0, 0, 0));
        assertThat(config("").scrapes()).isEqualTo(ScrapesConfig.NONE);
    }

    @Test
    void whatHoldsForAllHoldsForEachThatSaysNothingElse() {
        String global = "global: {scrape_interval: 5s, scrape_timeout: 4s, sample_limit: 7, body_size_limit: 1MB,"
                + " scrape_native_histograms: true, label_limit: 3, extra_scrape_metrics: true}\n";
        ScrapeConfig job = job(global + "scrape_configs: [{job_name: j, label_limit: 9}]");
        assertThat(job.request().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(job.request().timeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(job.limits()).isEqualTo(new ScrapeConfig.Limits(1 << 20, 7, 9, 0, 0, 0, 0));
        assertThat(job.format().protocols()).startsWith(ScrapeProtocol.PROTOBUF);
        assertThat(job.format().extraMetrics()).isTrue();
        ScrapeConfig short1 = job("scrape_configs: [{job_name: j, scrape_interval: 2s}]");
        assertThat(short1.request().timeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void itIsShownWithoutSecretsAndReadsAsItself() throws IOException {
        Files.writeString(directory.resolve("token"), "t0ken\n");
        String yaml =
                """
                scrape_configs:
                - {job_name: a, basic_auth: {username: u, password: geheim}, static_configs: [{targets: ['x:1']}]}
                - {job_name: b, authorization: {credentials_file: token}}
                - {job_name: c, authorization: {type: Custom, credentials: verborgen}}
                """;
        ServerConfig config = config(yaml);
        assertThat(config.scrapes().jobs().get(1).request().authorization()).isEqualTo("Bearer t0ken");
        assertThat(config.scrapes().jobs().get(2).request().authorization()).isEqualTo("Custom verborgen");
        assertThat(config.yaml()).contains("<secret>").doesNotContain("geheim").doesNotContain("verborgen");
        assertThat(config.scrapes().toString()).doesNotContain("geheim").doesNotContain("verborgen");
        ServerConfig plain = config("scrape_configs: [{job_name: j, static_configs: [{targets: ['x:1']}],"
                + " relabel_configs: [{source_labels: [a], regex: 'x;(.*)', target_label: b}], params: {a: [b]}}]");
        assertThat(config(plain.yaml()).scrapes()).isEqualTo(plain.scrapes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{}]                                   | scrape_configs[0]: job_name is missing",
                "[{job_name: j}, {job_name: j}]         | scrape_configs[1]: job_name is written twice: j",
                "{job_name: j}                          | scrape_configs: must be a list",
                "[{job_name: j, kubernetes_sd_configs: []}] | scrape_configs[0].kubernetes_sd_configs: unknown key",
                "[{job_name: j, tls_config: {}}]        | scrape_configs[0].tls_config: unknown key",
                "[{job_name: j, proxy_url: x}]          | scrape_configs[0].proxy_url: unknown key",
                "[{job_name: j, scrape_intervall: 1s}]  | unknown key; did you mean \"scrape_interval\"?",
                "[{job_name: j, scrape_interval: 1ms}]  | scrape_configs[0].scrape_interval: must be from 100ms to 1d",
                "[{job_name: j, scrape_interval: often}] | scrape_configs[0].scrape_interval: not a duration",
                "[{job_name: j, scrape_timeout: 2m}]    | scrape_timeout is longer than scrape_interval: 2m, 1m",
                "[{job_name: j, scheme: ftp}]           | scrape_configs[0].scheme: must be http or https: ftp",
                "[{job_name: j, honor_labels: maybe}]   | scrape_configs[0].honor_labels: must be true or false: maybe",
                "[{job_name: j, sample_limit: -1}]      | must be a whole number from 0 on: -1",
                "[{job_name: j, body_size_limit: much}] | scrape_configs[0].body_size_limit: not a size",
                "[{job_name: j, scrape_protocols: [Text]}] | scrape_protocols[0]: must be one of PrometheusProto",
                "[{job_name: j, scrape_protocols: [PrometheusProto, PrometheusProto]}] | written twice",
                "[{job_name: j, fallback_scrape_protocol: x}] | fallback_scrape_protocol: must be one of",
                "[{job_name: j, file_sd_configs: [{}]}] | file_sd_configs[0]: files is missing",
                "[{job_name: j, file_sd_configs: [{files: [a.txt]}]}] | must end with .json, .yml or .yaml",
                "[{job_name: j, file_sd_configs: [{files: ['*/a.yml']}]}] | with * in the last part alone",
                "[{job_name: j, static_configs: [{target: [a]}]}] | static_configs[0].target: unknown key",
                "[{job_name: j, relabel_configs: [{action: hashmod}]}] | relabel_configs[0]: action hashmod needs",
                "[{job_name: j, metric_relabel_configs: [{regex: '('}]}] | metric_relabel_configs[0]: regex: ",
                "[{job_name: j, basic_auth: {}, authorization: {}}] | basic_auth and authorization exclude each other",
                "[{job_name: j, authorization: {}}]     | credentials or credentials_file is missing",
                "[{job_name: j, authorization: {type: basic, credentials: x}}] | type Basic: use basic_auth",
                "[{job_name: j, authorization: {credentials_file: gone}}] | cannot read gone",
            })
    void mistakesAreNamedWithTheirPlace(String jobs, String message) {
        assertThatThrownBy(() -> config("scrape_configs: " + jobs))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("varve.yml: line 1: scrape_configs")
                .hasMessageContaining(message);
    }

    @Test
    void whatHoldsForAllIsCheckedToo() {
        assertThatThrownBy(() -> config("global: {scrape_interval: 1s, scrape_timeout: 2s}"))
                .hasMessage("varve.yml: line 1: global.scrape_timeout: longer than scrape_interval: 1s");
    }
}
