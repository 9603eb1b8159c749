package io.varve.server.cli;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.varve.core.model.TimeSource;
import io.varve.query.QueryOptions;
import io.varve.server.rules.testing.RuleTests;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code varve test-rules}: runs unit tests of rules. */
final class TestRulesCommand {

    static final String NAME = "test-rules";

    private static final String RUN = "--run";
    private static final String DIFF = "--diff";
    private static final String EXPERIMENTAL = "--query.experimental";
    private static final String DELAYED = "--query.delayed-name-removal";

    /** What goes wrong in a test is printed with it. Kept here, since the JDK forgets what nobody holds. */
    private static final Logger QUIET = Logger.getLogger("io.varve");

    private final PrintStream out;
    private final PrintStream err;

    TestRulesCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    static CommandSpec spec(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("FILE")
                .required(true)
                .type(String[].class)
                .arity("1..*")
                .description("files of tests, in promtool's format")
                .build());
        spec.addOption(OptionSpec.builder(RUN)
                .type(String[].class)
                .arity("1")
                .paramLabel("REGEX")
                .description("runs tests alone whose name it fits somewhere; may be given several times")
                .build());
        for (String[] flag : new String[][] {
            {DIFF, "prints only what differs"},
            {EXPERIMENTAL, "as of a server"},
            {DELAYED, "as of a server"},
        }) {
            spec.addOption(OptionSpec.builder(flag[0]).description(flag[1]).build());
        }
        return spec;
    }

    int run(ParseResult command) {
        List<Pattern> names = new ArrayList<>();
        for (String regex : command.matchedOptionValue(RUN, new String[0])) {
            names.add(pattern(command, regex));
        }
        List<Path> files = new ArrayList<>();
        for (String file : command.matchedPositionalValue(0, new String[0])) {
            files.add(path(command, file));
        }
        QueryOptions query = QueryOptions.defaults()
                .experimental(command.hasMatchedOption(EXPERIMENTAL))
                .delayedNameRemoval(command.hasMatchedOption(DELAYED));
        Level level = QUIET.getLevel();
        QUIET.setLevel(Level.OFF);
        try {
            RuleTests.Options options = new RuleTests.Options(names, command.hasMatchedOption(DIFF), query);
            return new RuleTests(out, err, options, TimeSource.system()).run(files) ? 0 : 1;
        } finally {
            QUIET.setLevel(level);
        }
    }

    private static Pattern pattern(ParseResult command, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw refusal(command, RUN + " is a regular expression: " + e.getMessage());
        }
    }

    private static Path path(ParseResult command, String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw refusal(command, "not a file name: " + file);
        }
    }

    private static ParameterException refusal(ParseResult command, String message) {
        return new ParameterException(command.commandSpec().commandLine(), message);
    }
}
