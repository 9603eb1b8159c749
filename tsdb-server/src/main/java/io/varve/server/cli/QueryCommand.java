package io.varve.server.cli;

import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code varve query}: asks a server for an expression and prints the answer as a table. */
final class QueryCommand {

    static final String STANDARD_URL = "http://127.0.0.1:9470";

    private final PrintStream out;
    private final PrintStream err;

    QueryCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    static CommandSpec spec(CommandSpec spec) {
        return ServerQuestion.spec(spec);
    }

    int run(ParseResult options) {
        ServerQuestion question = new ServerQuestion(options, err);
        if (!question.hasSoundTimes()) {
            return 2;
        }
        String url = options.matchedOptionValue("--url", STANDARD_URL);
        String path = question.isRange() ? "/api/v1/query_range" : "/api/v1/query";
        return question.ask(url, path, json -> new AnswerTable(out, err).print(json));
    }
}
