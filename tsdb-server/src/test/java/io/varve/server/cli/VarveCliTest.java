package io.varve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.Repair;
import io.varve.core.model.Resolution;
import io.varve.server.config.ServerConfig;
import io.varve.server.demo.latency.LatencyOptions;
import io.varve.server.demo.latency.node.Fault;
import io.varve.server.demo.latency.node.NodeSettings;
import io.varve.server.demo.latency.node.NodeSettings.Role;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VarveCliTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<ServerConfig> served = new ArrayList<>();
    private final List<Path> verified = new ArrayList<>();
    private final List<Repair.Options> repairs = new ArrayList<>();

    private final List<LatencyOptions> examples = new ArrayList<>();
    private final List<NodeSettings> nodes = new ArrayList<>();

    private final VarveCli cli = new VarveCli(
            new Programs() {
                @Override
                public int serve(Supplier<ServerConfig> source) {
                    ServerConfig config = source.get();
                    served.add(config);
                    return 0;
                }

                @Override
                public int demo(Supplier<ServerConfig> source) {
                    ServerConfig config = source.get();
                    served.add(config);
                    return 0;
                }

                @Override
                public int latency(Supplier<ServerConfig> source, LatencyOptions options) {
                    served.add(source.get());
                    examples.add(options);
                    return 0;
                }

                @Override
                public int latencyNode(NodeSettings settings) {
                    nodes.add(settings);
                    return 0;
                }

                @Override
                public int verify(Path directory) {
                    verified.add(directory);
                    return 1;
                }

                @Override
                public int restore(Path snapshot, Path directory) {
                    verified.addAll(List.of(snapshot, directory));
                    return 0;
                }

                @Override
                public int repair(Path directory, Repair.Options options) {
                    verified.add(directory);
                    repairs.add(options);
                    return 0;
                }
            },
            "varve 1.2.3",
            1L << 30,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void version() {
        assertThat(cli.run("--version")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("varve 1.2.3" + System.lineSeparator());
    }

    @Test
    void flags_override_the_file(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("varve.yml"), "listen: 127.0.0.1:1\ndata: here\nretention: {time: 5d}\n");
        assertThat(cli.run(
                        "server",
                        "--config",
                        file.toString(),
                        "--listen=127.0.0.1:2",
                        "--retention",
                        "30d",
                        "--limits.query_timeout",
                        "3s",
                        "--web.enable-admin-api"))
                .isZero();
        ServerConfig config = served.get(0);
        assertThat(config.listen()).isEqualTo("127.0.0.1:2");
        assertThat(config.data()).isEqualTo(Path.of("here"));
        assertThat(config.retention().time()).isEqualTo(Duration.ofDays(30));
        assertThat(config.limits().queryTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.adminApi()).isTrue();
        assertThat(config.queryOptions().experimental()).isFalse();
    }

    @Test
    void names_that_fall_away_last_are_a_flag_and_a_key(@TempDir Path directory) throws Exception {
        assertThat(cli.run("server", "--listen=127.0.0.1:2")).isZero();
        assertThat(served.get(0).queryOptions().delayedNameRemoval()).isFalse();
        assertThat(cli.run("server", "--query.delayed-name-removal", "--listen=127.0.0.1:2"))
                .isZero();
        assertThat(served.get(1).queryOptions().delayedNameRemoval()).isTrue();
        Path file = Files.writeString(directory.resolve("varve.yml"), "query: {delayed_name_removal: true}\n");
        assertThat(cli.run("server", "--config", file.toString())).isZero();
        assertThat(served.get(2).queryOptions().delayedNameRemoval()).isTrue();
        assertThat(served.get(2).queryOptions().experimental()).isFalse();
        assertThat(cli.run("server", "--query.delayed_name_removal")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--query.delayed-name-removal");
    }

    @Test
    void experimental_promql_is_a_flag_without_a_value_and_a_key(@TempDir Path directory) throws Exception {
        assertThat(cli.run("server", "--query.experimental", "--listen=127.0.0.1:2"))
                .isZero();
        assertThat(served.get(0).queryOptions().experimental()).isTrue();
        Path file = Files.writeString(directory.resolve("varve.yml"), "query: {experimental: true}\n");
        assertThat(cli.run("server", "--config", file.toString())).isZero();
        assertThat(served.get(1).queryOptions().experimental()).isTrue();
        assertThat(cli.run("server", "--config", file.toString(), "--query.experimental=false"))
                .isZero();
        assertThat(served.get(2).queryOptions().experimental()).isFalse();
        Files.writeString(file, "query: {experimental: perhaps}\n");
        assertThat(cli.run("server", "--config", file.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("line 1: query.experimental: must be true or false: perhaps");
    }

    @Test
    void the_demo_has_a_directory_of_its_own() {
        assertThat(cli.run("demo")).isZero();
        assertThat(served.get(0).data()).isEqualTo(Path.of("data/demo"));
    }

    @Test
    void the_latency_demo_takes_a_load_and_a_fault() {
        assertThat(cli.run("demo", "latency")).isZero();
        assertThat(served.get(0).data()).isEqualTo(Path.of("data/latency"));
        assertThat(cli.run(
                        "demo",
                        "latency",
                        "--rate",
                        "full",
                        "--kit",
                        "off",
                        "--fault=slow-disk",
                        "--after=3",
                        "--for=20"))
                .isZero();
        assertThat(examples)
                .containsExactly(
                        new LatencyOptions(2_000, true, Optional.empty(), Duration.ofSeconds(10), Duration.ZERO),
                        new LatencyOptions(
                                0, false, Optional.of(Fault.SLOW_DISK), Duration.ofSeconds(3), Duration.ofSeconds(20)));
    }

    @Test
    void what_the_latency_demo_cannot_do_is_refused() {
        assertThat(cli.run("demo", "latency", "--fault", "slow-disc")).isEqualTo(1);
        assertThat(cli.run("demo", "latency", "--kit", "never")).isEqualTo(1);
        assertThat(cli.run("demo", "latency", "--rate", "0")).isEqualTo(1);
        assertThat(cli.run("demo", "latency", "--for", "soon")).isEqualTo(1);
        assertThat(cli.run("demo", "latency", "--after", "5")).isEqualTo(1);
        assertThat(cli.run("demo", "latency", "--rat", "5")).isEqualTo(2);
        assertThat(examples).isEmpty();
        assertThat(errors().lines())
                .containsExactly(
                        "varve: --fault is one of slow-disk, lost-leader, clock-off: found slow-disc;"
                                + " did you mean \"slow-disk\"?",
                        "varve: --kit is one of on, off: found never",
                        "varve: --rate is a whole number from 1 to 1000000, or full: found 0",
                        "varve: --for is a whole number from 1 to 31536000: found soon",
                        "varve: --after says when a fault begins: add --fault with one of"
                                + " slow-disk, lost-leader, clock-off",
                        "varve: unknown flag --rat; did you mean \"--rate\"?");
    }

    @Test
    void a_node_is_told_everything_by_flags_that_no_help_shows() {
        assertThat(cli.run(
                        "demo",
                        "latency-node",
                        "--role=log",
                        "--control=1234",
                        "--directory=here",
                        "--kit=on",
                        "--rate=0",
                        "--resolution=ns"))
                .isZero();
        assertThat(nodes).containsExactly(new NodeSettings(Role.LOG, 1234, Path.of("here"), true, 0, Resolution.NANOS));
        assertThat(cli.run("demo", "latency-node", "--role=logs", "--control=1"))
                .isEqualTo(1);
        assertThat(errors()).contains("--role is one of processor, log: found logs");
        assertThat(cli.run("demo", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("latency").doesNotContain("latency-node");
    }

    @Test
    void verify_takes_a_directory_and_returns_its_verdict() {
        assertThat(cli.run("verify", "some/where")).isEqualTo(1);
        assertThat(verified).containsExactly(Path.of("some/where"));
    }

    @Test
    void restore_takes_a_snapshot_and_a_directory() {
        assertThat(cli.run("restore", "a/snapshot", "a/store")).isZero();
        assertThat(verified).containsExactly(Path.of("a/snapshot"), Path.of("a/store"));
        assertThat(cli.run("restore", "a/snapshot")).isEqualTo(2);
        assertThat(errors()).contains("Missing required parameter: 'DIR'; see varve restore --help");
    }

    @Test
    void repair_takes_a_directory_and_flags() {
        assertThat(cli.run("repair", "a/store")).isZero();
        assertThat(cli.run("repair", "--dry-run", "a/store")).isZero();
        assertThat(cli.run("repair", "a/store", "--accept-losses")).isZero();
        assertThat(repairs)
                .containsExactly(
                        new Repair.Options(false, false),
                        new Repair.Options(true, false),
                        new Repair.Options(false, true));
        assertThat(cli.run("repair", "--dryrun", "a/store")).isEqualTo(2);
        assertThat(errors()).contains("unknown flag --dryrun; did you mean \"--dry-run\"?");
    }

    @Test
    void mistakes_name_the_cure() {
        assertThat(cli.run("server", "--lisen", "x")).isEqualTo(2);
        assertThat(errors())
                .isEqualTo("varve: unknown flag --lisen; did you mean \"--listen\"?" + System.lineSeparator());
        err.reset();
        assertThat(cli.run("sever")).isEqualTo(2);
        assertThat(errors()).contains("unknown command sever; did you mean \"server\"?");
        err.reset();
        assertThat(cli.run("server", "--listen")).isEqualTo(2);
        assertThat(errors()).contains("--help");
        err.reset();
        assertThat(cli.run("server", "--durability", "never")).isEqualTo(1);
        assertThat(errors()).contains("--durability: durability: must be memory, written or synced: never");
        err.reset();
        assertThat(cli.run("query", "--start", "1", "up")).isEqualTo(2);
        assertThat(errors()).contains("--start, --end and --step");
        assertThat(served).isEmpty();
    }

    @Test
    void a_missing_argument_is_named() {
        assertThat(cli.run("query")).isEqualTo(2);
        assertThat(errors()).contains("Missing required parameter: 'EXPR'; see varve query --help");
        err.reset();
        assertThat(cli.run("verify")).isEqualTo(2);
        assertThat(errors()).contains("Missing required parameter: 'DIR'; see varve verify --help");
        assertThat(verified).isEmpty();
    }

    @Test
    void a_flag_behind_two_dashes_is_an_argument() {
        assertThat(cli.run("query", "--", "-1", "--url", "x")).isEqualTo(2);
        assertThat(errors()).startsWith("varve: unexpected argument --url; see");
    }

    @Test
    void a_server_that_is_not_there_is_named_with_its_cure() {
        assertThat(cli.run("query", "--url", "http://127.0.0.1:1", "up")).isEqualTo(1);
        assertThat(errors()).contains("cannot reach http://127.0.0.1:1").contains("varve server");
        err.reset();
        assertThat(cli.run("query", "--url", "no address", "up")).isEqualTo(1);
        assertThat(errors()).contains("not a server's address");
    }

    @Test
    void answers_are_tables() throws Exception {
        AnswerTable table = new AnswerTable(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        String vector = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
                + "{\"metric\":{\"__name__\":\"up\",\"job\":\"a\"},\"value\":[1.5,\"1\"]},"
                + "{\"metric\":{},\"value\":[1.5,\"NaN\"]}]},\"warnings\":[\"mind\"]}";
        assertThat(table.print(vector.getBytes(StandardCharsets.UTF_8))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("up{job=\"a\"}  1", "{}           NaN", "2 series");
        assertThat(errors().lines()).containsExactly("warning: mind");
        out.reset();
        String matrix = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
                + "{\"metric\":{\"a\":\"b\"},\"values\":[[0,\"1\"],[15.25,\"2\"]]}]}}";
        assertThat(table.print(matrix.getBytes(StandardCharsets.UTF_8))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("{a=\"b\"}", "  1970-01-01T00:00:00Z  1", "  1970-01-01T00:00:15.250Z  2", "1 series");
        out.reset();
        String histogram = "{\"count\":\"6\",\"sum\":\"4\",\"buckets\":[[1,\"-2\",\"-1\",\"1\"],"
                + "[3,\"-0.5\",\"0.5\",\"2\"],[0,\"1\",\"2\",\"3\"]]}";
        String shown = "count 6, sum 4, [-2, -1): 1, [-0.5, 0.5]: 2, (1, 2]: 3";
        String histograms = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
                + "{\"metric\":{\"__name__\":\"h\"},\"histogram\":[1.5," + histogram + "]}]}}";
        assertThat(table.print(histograms.getBytes(StandardCharsets.UTF_8))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).containsExactly("h  " + shown, "1 series");
        out.reset();
        String mixed = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
                + "{\"metric\":{},\"values\":[[15,\"1\"]],\"histograms\":[[0," + histogram + "]]}]}}";
        assertThat(table.print(mixed.getBytes(StandardCharsets.UTF_8))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .as("in order of time")
                .containsExactly("{}", "  1970-01-01T00:00:00Z  " + shown, "  1970-01-01T00:00:15Z  1", "1 series");
        err.reset();
        String error = "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"why\"}";
        assertThat(table.print(error.getBytes(StandardCharsets.UTF_8))).isEqualTo(1);
        assertThat(errors()).isEqualTo("varve: bad_data: why" + System.lineSeparator());
    }
}
