package io.varve.server.cli;

import io.varve.server.config.NearestName;
import io.varve.server.rules.ShippedRules;
import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code varve rules}: prints a rule file that comes with the program. */
final class RulesCommand {

    static final String NAME = "rules";

    private final PrintStream out;

    RulesCommand(PrintStream out) {
        this.out = out;
    }

    static CommandSpec spec(CommandSpec spec) {
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("NAME")
                .type(String.class)
                .arity("0..1")
                .description("one of " + String.join(", ", ShippedRules.names()) + "; " + ShippedRules.VARVE.label()
                        + " if none is given")
                .build());
    }

    int run(ParseResult command) {
        String name = command.matchedPositionalValue(0, ShippedRules.VARVE.label());
        ShippedRules rules = ShippedRules.of(name)
                .orElseThrow(() -> new ParameterException(
                        command.commandSpec().commandLine(),
                        "rules are one of " + String.join(", ", ShippedRules.names()) + ": found " + name
                                + NearestName.hint(name, ShippedRules.names())));
        out.print(rules.text());
        out.flush();
        return 0;
    }
}
