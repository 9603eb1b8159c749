package io.varve.server.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code varve explain}: asks a server what an expression would read, and prints it as a tree. */
final class ExplainCommand {

    private final PrintStream out;
    private final PrintStream err;

    ExplainCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    static CommandSpec spec(CommandSpec spec) {
        ServerQuestion.spec(spec);
        VarveCli.add(spec, "--format", "tree|json", "how to print it, default tree");
        return spec;
    }

    int run(ParseResult options) {
        ServerQuestion question = new ServerQuestion(options, err);
        if (!question.hasSoundTimes()) {
            return 2;
        }
        String format = options.matchedOptionValue("--format", "tree");
        if (!format.equals("tree") && !format.equals("json")) {
            err.println("varve: --format is tree or json: " + format);
            return 2;
        }
        String url = options.matchedOptionValue("--url", QueryCommand.STANDARD_URL);
        return question.ask(url, "/api/v1/explain", json -> {
            if (format.equals("tree")) {
                return new PlanTable(out, err).print(json);
            }
            out.println(new String(json, StandardCharsets.UTF_8));
            return AnswerTable.tree(json) instanceof Map<?, ?> answer && "success".equals(answer.get("status")) ? 0 : 1;
        });
    }
}
