package io.varve.server.cli;

import io.varve.core.model.Resolution;
import io.varve.server.config.ConfigException;
import io.varve.server.config.NearestName;
import io.varve.server.demo.latency.LatencyOptions;
import io.varve.server.demo.latency.node.Fault;
import io.varve.server.demo.latency.node.NodeSettings;
import io.varve.server.demo.latency.node.NodeSettings.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code varve demo latency}, and the hidden command by which it starts its nodes. */
final class LatencyCommand {

    static final String NAME = "latency";
    static final String NODE = "latency-node";

    private static final String FULL = "full";
    private static final int MOST_SECONDS = 31_536_000;

    private LatencyCommand() {}

    static CommandSpec spec(CommandSpec spec) {
        VarveCli.add(spec, "--rate", "N", "commands a second, or full; default 2000");
        VarveCli.add(spec, "--kit", "on|off", "whether the nodes use the telemetry kit; default on");
        VarveCli.add(spec, "--fault", "NAME", "what goes wrong: " + String.join(", ", Fault.names()));
        VarveCli.add(spec, "--after", "SECONDS", "when it does; default 10");
        VarveCli.add(spec, "--for", "SECONDS", "how long the demo runs; default until it is told to stop");
        return spec;
    }

    static CommandSpec nodeSpec(CommandSpec spec) {
        spec.usageMessage().hidden(true);
        for (String flag : List.of("--role", "--control", "--directory", "--kit", "--rate", "--resolution")) {
            VarveCli.add(spec, flag, "VALUE", "as the demo sets it");
        }
        return spec;
    }

    static LatencyOptions options(ParseResult command) {
        String fault = command.matchedOptionValue("--fault", "");
        if (!fault.isEmpty() && Fault.of(fault).isEmpty()) {
            throw refused("--fault", fault, Fault.names());
        }
        if (command.hasMatchedOption("--after") && fault.isEmpty()) {
            throw new ConfigException(
                    "--after says when a fault begins: add --fault with one of " + String.join(", ", Fault.names()));
        }
        return new LatencyOptions(
                rate(command.matchedOptionValue("--rate", "2000")),
                kit(command),
                Fault.of(fault),
                Duration.ofSeconds(number("--after", command.matchedOptionValue("--after", "10"), 0, MOST_SECONDS)),
                command.hasMatchedOption("--for")
                        ? Duration.ofSeconds(number("--for", command.matchedOptionValue("--for", ""), 1, MOST_SECONDS))
                        : Duration.ZERO);
    }

    static NodeSettings node(ParseResult command) {
        List<String> roles = new ArrayList<>();
        String role = command.matchedOptionValue("--role", "");
        Optional<Role> found = Optional.empty();
        for (Role one : Role.values()) {
            roles.add(one.text());
            found = one.text().equals(role) ? Optional.of(one) : found;
        }
        String unit = command.matchedOptionValue("--resolution", "ms");
        return new NodeSettings(
                found.orElseThrow(() -> refused("--role", role, roles)),
                number("--control", command.matchedOptionValue("--control", ""), 1, 65_535),
                Path.of(command.matchedOptionValue("--directory", "data/latency/nodes")),
                kit(command),
                number("--rate", command.matchedOptionValue("--rate", "2000"), 0, LatencyOptions.MOST_RATE),
                Arrays.stream(Resolution.values())
                        .filter(one -> one.unit().equals(unit))
                        .findFirst()
                        .orElseThrow(() -> refused("--resolution", unit, List.of("ms", "us", "ns"))));
    }

    private static boolean kit(ParseResult command) {
        String kit = command.matchedOptionValue("--kit", "on");
        if (!kit.equals("on") && !kit.equals("off")) {
            throw refused("--kit", kit, List.of("on", "off"));
        }
        return kit.equals("on");
    }

    private static int rate(String text) {
        return text.equals(FULL) ? 0 : number("--rate", text, 1, LatencyOptions.MOST_RATE);
    }

    private static int number(String flag, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, as what is out of range is
        }
        throw new ConfigException(flag + " is a whole number from " + least + " to " + most
                + (flag.equals("--rate") ? ", or full" : "") + ": found " + text);
    }

    private static ConfigException refused(String flag, String found, List<String> known) {
        return new ConfigException(
                flag + " is one of " + String.join(", ", known) + ": found " + found + NearestName.hint(found, known));
    }
}
