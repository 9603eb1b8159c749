package io.varve.server.cli;

import io.varve.core.Repair;
import io.varve.server.config.ConfigException;
import io.varve.server.config.ConfigFile;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.NearestName;
import io.varve.server.config.ServerConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Reads the command line and runs what it asks for. Mistakes are answered with one line that names the cure, and exit
 * code 2; programs that fail return 1.
 */
public final class VarveCli {

    private static final int USAGE = 2;
    private static final String ADMIN = "--web.enable-admin-api";

    /** Flags that are not their keys with two dashes before them. */
    private static final Map<String, String> FLAGS =
            Map.of("retention.time", "--retention", "query.delayed_name_removal", "--query.delayed-name-removal");

    private final Programs programs;
    private final String versionLine;
    private final long machineMemory;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * The command line.
     *
     * @param versionLine what {@code --version} prints
     * @param machineMemory bytes of memory to use if nothing says how many
     */
    public VarveCli(Programs programs, String versionLine, long machineMemory, PrintStream out, PrintStream err) {
        this.programs = programs;
        this.versionLine = versionLine;
        this.machineMemory = machineMemory;
        this.out = out;
        this.err = err;
    }

    /** Runs what the arguments ask for and returns the exit code. */
    public int run(String... args) {
        CommandLine line = new CommandLine(root());
        try {
            ParseResult parsed = line.parseArgs(args);
            ParseResult command = parsed;
            while (command.hasSubcommand()) {
                command = command.subcommand();
            }
            if (command.isUsageHelpRequested()) {
                command.commandSpec().commandLine().usage(out);
                return 0;
            }
            if (parsed.isVersionHelpRequested()) {
                out.println(versionLine);
                return 0;
            }
            if (command == parsed) {
                line.usage(err);
                return USAGE;
            }
            return execute(command);
        } catch (ParameterException e) {
            err.println("varve: " + explain(e));
            return USAGE;
        } catch (ConfigException e) {
            err.println("varve: " + e.getMessage());
            return 1;
        }
    }

    private int execute(ParseResult command) {
        return switch (command.commandSpec().name()) {
            case "server" -> programs.serve(() -> config(command, "data"));
            case "demo" -> programs.demo(() -> config(command, "data/demo"));
            case LatencyCommand.NAME ->
                programs.latency(() -> config(command, "data/latency"), LatencyCommand.options(command));
            case LatencyCommand.NODE -> programs.latencyNode(LatencyCommand.node(command));
            case "verify" -> programs.verify(Path.of(command.matchedPositionalValue(0, "")));
            case "restore" ->
                programs.restore(
                        Path.of(command.matchedPositionalValue(0, "")), Path.of(command.matchedPositionalValue(1, "")));
            case "repair" ->
                programs.repair(
                        Path.of(command.matchedPositionalValue(0, "")),
                        new Repair.Options(
                                command.hasMatchedOption("--dry-run"), command.hasMatchedOption("--accept-losses")));
            case "query" -> new QueryCommand(out, err).run(command);
            case "backtest" -> new BacktestCommand(out, err).run(command);
            case "explain" -> new ExplainCommand(out, err).run(command);
            case RulesCommand.NAME -> new RulesCommand(out).run(command);
            case TestRulesCommand.NAME -> new TestRulesCommand(out, err).run(command);
            default ->
                throw new AssertionError(
                        "BUG: no such command: " + command.commandSpec().name());
        };
    }

    private ServerConfig config(ParseResult command, String defaultData) {
        ConfigValues values = new ConfigValues();
        values.put("data", defaultData, "default");
        String file = command.matchedOptionValue("--config", "");
        if (!file.isEmpty()) {
            ConfigFile.read(Path.of(file), values);
        }
        for (OptionSpec option : command.matchedOptions()) {
            String flag = option.longestName();
            String key = keyOf(flag);
            if (ServerConfig.keys().contains(key)) {
                values.put(key, option.getValue(), flag);
            }
        }
        return ServerConfig.from(values, machineMemory, command.hasMatchedOption(ADMIN));
    }

    private static String keyOf(String flag) {
        return ServerConfig.keys().stream()
                .filter(key -> flagOf(key).equals(flag))
                .findFirst()
                .orElse("");
    }

    private static String flagOf(String key) {
        return FLAGS.getOrDefault(key, "--" + key);
    }

    private static String explain(ParameterException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String written = unmatched.getUnmatched().get(0);
            List<String> known = new ArrayList<>();
            spec.options().forEach(option -> known.addAll(List.of(option.names())));
            String what = "unknown flag ";
            if (known.contains(written)) { // after --, where nothing is a flag
                return "unexpected argument " + written + "; " + help(spec);
            }
            if (!written.startsWith("-")) {
                what = spec.parent() == null ? "unknown command " : "unexpected argument ";
                known.addAll(spec.subcommands().keySet());
            }
            int equals = written.indexOf('=');
            String name = equals < 0 ? written : written.substring(0, equals);
            String hint = NearestName.hint(name, known);
            return what + name + (hint.isEmpty() ? "; " + help(spec) : hint);
        }
        return e.getMessage() + "; " + help(spec);
    }

    private static String help(CommandSpec spec) {
        return "see " + spec.qualifiedName() + " --help";
    }

    private static CommandSpec root() {
        CommandSpec root = command("varve", "A compressed, columnar time-series storage engine");
        root.addOption(OptionSpec.builder("--version")
                .versionHelp(true)
                .description("version, commit, format and Java")
                .build());
        root.addSubcommand("server", serving("server", "Runs the server"));
        CommandSpec demo = serving("demo", "Runs the server on data/demo and feeds it with this machine");
        demo.addSubcommand(
                LatencyCommand.NAME,
                LatencyCommand.spec(serving(
                        LatencyCommand.NAME,
                        "Runs a small distributed system with faults, and watches its latencies")));
        demo.addSubcommand(LatencyCommand.NODE, LatencyCommand.nodeSpec(command(LatencyCommand.NODE, "A node")));
        root.addSubcommand("demo", demo);
        root.addSubcommand("query", QueryCommand.spec(command("query", "Asks a server and prints the answer")));
        root.addSubcommand(
                "explain", ExplainCommand.spec(command("explain", "Asks a server what an expression would read")));
        root.addSubcommand(
                "backtest", BacktestCommand.spec(command("backtest", "Tells what a detector would have alerted")));
        root.addSubcommand(
                RulesCommand.NAME, RulesCommand.spec(command(RulesCommand.NAME, "Prints rules that ship with it")));
        root.addSubcommand(
                TestRulesCommand.NAME,
                TestRulesCommand.spec(command(TestRulesCommand.NAME, "Runs unit tests of rules")));
        CommandSpec verify = command("verify", "Reads all of a store that no process has open, or of a snapshot");
        root.addSubcommand("verify", positional(verify, "DIR", "the directory of the store or snapshot"));
        CommandSpec restore = command("restore", "Makes a store of a snapshot, if every hash is right");
        positional(restore, "SNAPSHOT", "the snapshot's directory");
        root.addSubcommand("restore", positional(restore, "DIR", "the store's directory, absent or empty"));
        CommandSpec repair = command("repair", "Sets aside what is damaged in a store that no process has open");
        repair.addOption(OptionSpec.builder("--dry-run")
                .description("says what would be done, and changes nothing")
                .build());
        repair.addOption(OptionSpec.builder("--accept-losses")
                .description("answers no longer warn of what is known to be lost")
                .build());
        root.addSubcommand("repair", positional(repair, "DIR", "the store's directory"));
        return root;
    }

    private static CommandSpec serving(String name, String description) {
        CommandSpec spec = command(name, description);
        add(spec, "--config", "FILE", "YAML file; every flag overrides one of its keys");
        for (String key : ServerConfig.keys()) {
            String standard = ServerConfig.standard(key);
            String flag = flagOf(key);
            String value = standard.isEmpty() ? "by the machine" : "default " + standard;
            if (ServerConfig.isSwitch(key)) {
                addSwitch(spec, flag, value);
            } else {
                add(spec, flag, "VALUE", value);
            }
        }
        spec.addOption(OptionSpec.builder(ADMIN)
                .description("lets /api/v1/admin/tsdb/ answer")
                .build());
        return spec;
    }

    private static CommandSpec positional(CommandSpec spec, String label, String description) {
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel(label)
                .required(true)
                .type(String.class)
                .arity("1")
                .description(description)
                .build());
    }

    static void add(CommandSpec spec, String name, String label, String description) {
        spec.addOption(OptionSpec.builder(name)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build());
    }

    private static void addSwitch(CommandSpec spec, String name, String description) {
        spec.addOption(OptionSpec.builder(name)
                .type(String.class)
                .arity("0..1")
                .fallbackValue("true")
                .paramLabel("true|false")
                .description(description)
                .build());
    }

    private static CommandSpec command(String name, String description) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage().description(description).sortOptions(false);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("this text")
                .build());
        return spec;
    }
}
