package io.varve.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.RollupRule;
import io.varve.core.storage.Durability;
import io.varve.server.relabel.Relabeling;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFileTest {

    private static final long MACHINE = 1L << 30;

    private static ServerConfig config(String yaml) {
        ConfigValues values = new ConfigValues();
        ConfigFile.parse(yaml, "varve.yml", values);
        return ServerConfig.from(values, MACHINE, false);
    }

    private static void refused(String yaml, String message) {
        assertThatThrownBy(() -> config(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @Test
    void nothing_written_means_the_defaults() {
        ServerConfig config = config("");
        assertThat(config.listen()).isEqualTo("127.0.0.1:9470");
        assertThat(config.data()).isEqualTo(Path.of("data"));
        assertThat(config.memory()).isEqualTo(MACHINE);
        assertThat(config.durability()).isEqualTo(Durability.SYNCED);
        assertThat(config.resolution()).isEqualTo(Resolution.MILLIS);
        assertThat(config.shards()).isZero();
        assertThat(config.retention()).isEqualTo(new RetentionConfig(Duration.ZERO, 0, List.of(), List.of()));
        assertThat(config.retention().describe()).isEqualTo("off");
        assertThat(config.limits().queryPoints()).isEqualTo(11_000);
        assertThat(config.self().enabled()).isTrue();
        assertThat(config("# only a comment\nlimits:\n").listen()).isEqualTo("127.0.0.1:9470");
    }

    @Test
    void every_key_is_read() {
        ServerConfig config = config(
                """
                listen: '[::1]:9000'
                data: /var/lib/varve
                memory: 512m
                durability: written
                resolution: ns
                shards: 3
                retention:
                  time: 30d
                  size: 10g
                  rules:
                    - {match: '{job="x", env!=""}', time: 7d}
                    - match: billing_total
                      time: 0
                  rollups:
                    - {width: 1h, time: 2y}
                limits:
                  body_bytes: 1m
                  query_timeout: 10s
                  query_concurrency: 2
                self:
                  enabled: false
                """);
        assertThat(config.host()).isEqualTo("::1");
        assertThat(config.listen()).isEqualTo("[::1]:9000");
        assertThat(config.memory()).isEqualTo(512L << 20);
        assertThat(config.durability()).isEqualTo(Durability.WRITTEN);
        assertThat(config.resolution()).isEqualTo(Resolution.NANOS);
        assertThat(config.shards()).isEqualTo(3);
        assertThat(config.retention())
                .isEqualTo(new RetentionConfig(
                        Duration.ofDays(30),
                        10L << 30,
                        List.of(
                                new RetentionRule(
                                        List.of(Matcher.equal("job", "x"), Matcher.notEqual("env", "")),
                                        Duration.ofDays(7)),
                                new RetentionRule(List.of(Matcher.equal("__name__", "billing_total")), Duration.ZERO)),
                        List.of(RollupRule.hourly(Duration.ofDays(730)))));
        assertThat(config.retention().describe()).isEqualTo("30d, 10 GiB, 2 rules, by 1h for 2y");
        assertThat(config(config.yaml())).isEqualTo(config);
        assertThat(config.limits().bodyBytes()).isEqualTo(1 << 20);
        assertThat(config.limits().queryTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.self().enabled()).isFalse();
    }

    @Test
    void what_is_shown_reads_back_as_the_same() {
        ServerConfig config = config("retention: {time: 30d}\nlisten: ':9000'\nmemory: 300m\n");
        ServerConfig again = config(config.yaml());
        assertThat(again).isEqualTo(config);
    }

    @Test
    void unknown_keys_name_the_nearest_and_the_line() {
        refused("data: x\nlisen: y\n", "varve.yml: line 2: lisen: unknown key; did you mean \"listen\"?");
        refused(
                "limits:\n  query_timout: 1s\n",
                "varve.yml: line 2: limits.query_timout: unknown key; did you mean \"query_timeout\"?");
        refused(
                "query_timeout: 1s\n",
                "varve.yml: line 1: query_timeout: unknown key; did you mean \"limits.query_timeout\"?");
        refused("zzzzzzzzzz: 1\n", "varve.yml: line 1: zzzzzzzzzz: unknown key");
    }

    @Test
    void reserved_keys_are_never_passed_over() {
        refused(
                "\nremote_read: []\n",
                "varve.yml: line 2: remote_read: not supported yet: this version has no reading from elsewhere; remove"
                        + " the key");
    }

    @Test
    void rules_and_receivers_are_those_of_prometheus() {
        ServerConfig config = config(
                """
                external_url: http://varve.example.org/a/
                global: {evaluation_interval: 15s, rule_query_offset: 5s, external_labels: {site: a}}
                rule_files: [a.yml, 'b/*.yml']
                alerting:
                  alertmanagers:
                  - {scheme: https, path_prefix: /am/, timeout: 3s, static_configs: [{targets: ['h:1', 'h:2']}]}
                  webhooks: [{url: 'http://w:3/x'}]
                """);
        RulesConfig rules = config.rules();
        assertThat(rules.interval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(rules.queryOffset()).isEqualTo(Duration.ofSeconds(5));
        assertThat(rules.externalLabels()).containsExactly(Map.entry("site", "a"));
        assertThat(rules.externalUrl()).isEqualTo("http://varve.example.org/a");
        assertThat(rules.files()).containsExactly("a.yml", "b/*.yml");
        assertThat(rules.receivers())
                .containsExactly(
                        new RulesConfig.AlertReceiver(
                                false,
                                URI.create("https://h:1/am/api/v2/alerts"),
                                Duration.ofSeconds(3),
                                Relabeling.NONE),
                        new RulesConfig.AlertReceiver(
                                false,
                                URI.create("https://h:2/am/api/v2/alerts"),
                                Duration.ofSeconds(3),
                                Relabeling.NONE),
                        new RulesConfig.AlertReceiver(
                                true, URI.create("http://w:3/x"), Duration.ofSeconds(10), Relabeling.NONE));
        assertThat(config(config.yaml()).rules()).isEqualTo(rules);
        assertThat(config("").rules().interval()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void alerts_and_alertmanagers_are_relabelled() {
        RulesConfig rules = config(
                        """
                        alerting:
                          alert_relabel_configs: [{action: labeldrop, regex: replica}]
                          alertmanagers:
                          - static_configs: [{targets: ['a', 'b'], labels: {zone: z}}]
                            relabel_configs:
                            - {action: drop, source_labels: [__address__], regex: b}
                            - {source_labels: [__address__, zone], separator: '-', target_label: __address__, replacement: '$1:93'}
                            - {target_label: __alerts_path__, replacement: /x}
                            alert_relabel_configs: [{target_label: team, replacement: t}]
                          webhooks: [{url: 'http://w:3/x'}]
                        """)
                .rules();
        assertThat(rules.receivers())
                .extracting(receiver -> receiver.uri().toString())
                .containsExactly("http://a-z:93/x", "http://w:3/x");
        Labels alert = Labels.of("alertname", "A", "replica", "1");
        assertThat(rules.receivers().get(0).relabeling().apply(alert))
                .isEqualTo(Labels.of("alertname", "A", "team", "t"));
        assertThat(rules.receivers().get(1).relabeling().apply(alert)).isEqualTo(Labels.of("alertname", "A"));
    }

    @Test
    void rules_and_receivers_are_refused_by_name() {
        refused(
                "global: {scrape_intervall: 5s}",
                "varve.yml: line 1: global.scrape_intervall: unknown key; did you mean \"scrape_interval\"?");
        refused(
                "global: {evaluation_interval: 0}",
                "varve.yml: line 1: global.evaluation_interval: must be from 100ms to 1d: 0");
        refused("rule_files: a.yml", "varve.yml: line 1: rule_files: must be a list");
        refused("external_url: varve", "varve.yml: line 1: external_url: must be http://HOST or https://HOST: varve");
        refused(
                "alerting: {alert_relabel_configs: [{action: hashmod, target_label: a}]}",
                "varve.yml: line 1: alerting.alert_relabel_configs[0]: action hashmod needs a modulus above zero");
        refused(
                "alerting:\n  alert_relabel_configs:\n  - {regexp: a}",
                "varve.yml: line 3: alerting.alert_relabel_configs[0].regexp: unknown key; did you mean \"regex\"?");
        refused(
                "alerting: {alert_relabel_configs: [{action: kep}]}",
                "varve.yml: line 1: alerting.alert_relabel_configs[0].action: unknown action: kep; did you mean"
                        + " \"keep\"?");
        refused(
                "alerting: {alertmanagers: [{}]}",
                "varve.yml: line 1: alerting.alertmanagers[0]: static_configs is missing");
        refused(
                "alerting: {alertmanagers: [{api_version: v1}]}",
                "varve.yml: line 1: alerting.alertmanagers[0].api_version: must be v2: v1");
        refused(
                "alerting: {alertmanagers: [{static_configs: [{targets: ['a b']}]}]}",
                "varve.yml: line 1: alerting.alertmanagers[0].static_configs[0].targets[0]: not an"
                        + " address such as http://HOST:PORT: http://a b/api/v2/alerts");
        refused(
                "alerting: {webhooks: [{url: 'file:///etc/x'}]}",
                "varve.yml: line 1: alerting.webhooks[0].url: not an address such as http://HOST:PORT: file:///etc/x");
        refused("alerting: {webhooks: [{}]}", "varve.yml: line 1: alerting.webhooks[0]: url is missing");
    }

    @Test
    void rules_of_retention_are_validated_by_name() {
        refused(
                "retention: {size: 1m}",
                "varve.yml: line 1: retention.size: must be 0 (no limit) or at least 256 MiB,"
                        + " which the log may need");
        refused("retention: {rule: []}", "varve.yml: line 1: retention.rule: unknown key; did you mean \"rules\"?");
        refused(
                "retention: {rules: 7d}",
                "varve.yml: line 1: retention.rules: must be a list of {match: '{job=\"x\"}'," + " time: 7d}");
        String rules = "retention:\n  rules:\n    - {match: '{a=\"b\"}', time: 7d}\n    - ";
        String at = "varve.yml: line 4: retention.rules[1]";
        refused(rules + "{match: '{c=\"d\"}'}", at + ".time: missing");
        refused(rules + "{time: 7d}", at + ".match: missing");
        refused(rules + "{mach: x, time: 7d}", at + ".mach: unknown key; did you mean \"match\"?");
        refused(rules + "7d", at + ": must be keys with values");
        refused(rules + "{match: x, time: soon}", at + ".time: not a duration (such as 15s, 1h30m or 30d): soon");
        refused(
                rules + "{match: 'rate(x[5m])', time: 1d}",
                at + ".match: must be a selector, such as {job=\"x\"}:" + " rate(x[5m])");
        refused(
                rules + "{match: '{a=\"b\"}', time: 9d}",
                at + ".match: contradicts retention.rules[0], which matches"
                        + " the same series and comes first: {a=\"b\"}");
        assertThatThrownBy(() -> config(rules + "{match: '{a=', time: 9d}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(at + ".match: ");
        assertThatThrownBy(() -> config(rules + "{match: '{}', time: 9d}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(at + ".match: ");
    }

    @Test
    void rollups_are_read() {
        RetentionConfig retention = config(
                        """
                        retention:
                          time: 30d
                          rollups:
                            - {width: 1h, time: 2y}
                            - {width: 5m, time: 90d}
                            - {width: 1d, time: 0, sketch: false}
                        """)
                .retention();
        assertThat(retention.rollups())
                .containsExactly(
                        RollupRule.hourly(Duration.ofDays(730)),
                        RollupRule.fiveMinutes(Duration.ofDays(90)),
                        new RollupRule(Duration.ofDays(1), Duration.ZERO, false));
        assertThat(retention.describe()).isEqualTo("30d, by 1h for 2y, by 5m for 90d, by 1d for ever");
        assertThat(config("retention: {time: 1d, rollups: [{width: 1m, time: 2d, sketch: true}]}")
                        .retention()
                        .rollups())
                .containsExactly(new RollupRule(Duration.ofMinutes(1), Duration.ofDays(2), true));
        assertThat(config("retention: {rollups: }").retention().rollups()).isEmpty();
    }

    @Test
    void rollups_are_validated_by_name() {
        refused(
                "retention: {rollups: 1h}",
                "varve.yml: line 1: retention.rollups: must be a list of {width: 1h, time: 2y, sketch: true}");
        String rollups = "retention:\n  time: 30d\n  rollups:\n    - {width: 1h, time: 2y}\n    - ";
        String at = "varve.yml: line 5: retention.rollups[1]";
        refused(rollups + "{width: 5m}", at + ".time: missing");
        refused(rollups + "{time: 1y}", at + ".width: missing");
        refused(rollups + "{with: 5m, time: 1y}", at + ".with: unknown key; did you mean \"width\"?");
        refused(rollups + "5m", at + ": must be keys with values");
        refused(rollups + "{width: soon, time: 1y}", at + ".width: not a duration (such as 15s, 1h30m or 30d): soon");
        refused(rollups + "{width: 5m, time: 1y, sketch: 7}", at + ".sketch: must be true or false: 7");
        refused(
                rollups + "{width: 60m, time: 1y}",
                at + ".width: contradicts retention.rollups[0], which has the same width: 60m");
        refused(
                rollups + "{width: 10ms, time: 1y}",
                at + ": the width of a rollup is a second to 366 days in whole milliseconds: width=PT0.01S");
        refused(
                rollups + "{width: 2d, time: 1d}",
                at + ": rollups are kept for longer than a bucket is wide: time=PT24H, width=PT48H");
        refused(
                rollups + "{width: 5m, time: 30d}",
                at + ".time: no samples expire before 30d, so none would be rolled up: set retention.time to less, or"
                        + " remove the rollup");
        refused(
                "retention: {rollups: [{width: 1h, time: 0}]}",
                "varve.yml: line 1: retention.rollups[0].time: no samples expire before these rollups, so none would be"
                        + " rolled up: set retention.time to less, or remove the rollup");
    }

    @Test
    void values_are_validated_where_they_were_written() {
        refused("listen: here", "varve.yml: line 1: listen: must be HOST:PORT, such as 127.0.0.1:9470: here");
        refused("durability: yes", "varve.yml: line 1: durability: must be memory, written or synced: yes");
        refused("shards: 65", "varve.yml: line 1: shards: must be from 0 to 64: 65");
        refused("resolution: s", "varve.yml: line 1: resolution: must be ms, us or ns: s");
        refused(
                "limits:\n\n  body_bytes: 12zz",
                "varve.yml: line 3: limits.body_bytes: not a size (such as 64m or 1g): 12zz");
        refused("limits: {body_bytes: 1}", "varve.yml: line 1: limits.body_bytes: must be from 1 KiB to 1 GiB");
        refused("limits: {query_points: 0}", "varve.yml: line 1: limits.query_points: must be from 1 to 10000000: 0");
        refused("data: [a, b]", "varve.yml: line 1: data: must be one value");
        refused("limits: 5", "varve.yml: line 1: limits: must be keys with values");
        refused("- a", "varve.yml: line 1: the configuration: must be keys with values");
    }

    @Test
    void hostile_yaml_is_refused() {
        refused("data: x\ndata: y\n", "varve.yml: line 2: data: written twice");
        assertThatThrownBy(() -> config("a: {".repeat(100))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> config("data: !!java.net.URL [x]")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> config("data: \"unfinished")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> config("? [a]\n: b")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> config("data: \0")).isInstanceOf(ConfigException.class);
    }

    @Test
    void files_that_cannot_be_read_are_named(@TempDir Path directory) throws Exception {
        Path absent = directory.resolve("absent.yml");
        assertThatThrownBy(() -> ConfigFile.read(absent, new ConfigValues()))
                .hasMessage("cannot read " + absent + ": no such file");
        Path binary = Files.write(directory.resolve("binary.yml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0x41});
        assertThatThrownBy(() -> ConfigFile.read(binary, new ConfigValues()))
                .hasMessage("cannot read " + binary + ": not UTF-8 text");
    }
}
