package io.varve.server.cli;

import io.varve.server.backtest.Backtest;
import io.varve.server.backtest.BacktestException;
import io.varve.server.backtest.BacktestReport;
import io.varve.server.backtest.BacktestSettings;
import io.varve.server.backtest.DetectorKind;
import io.varve.server.backtest.History;
import io.varve.server.backtest.HttpHistory;
import io.varve.server.backtest.StoreHistory;
import io.varve.server.config.Quantity;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code varve backtest}: runs a detector over stored history and prints what it would have alerted. */
final class BacktestCommand {

    private static final int USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;

    BacktestCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    static CommandSpec spec(CommandSpec spec) {
        VarveCli.add(spec, "--url", "URL", "the server, default " + QueryCommand.STANDARD_URL);
        VarveCli.add(spec, "--data", "DIR", "instead of a server: a store that no process has open");
        VarveCli.add(spec, "--start", "T", "first time: seconds since 1970 or RFC 3339");
        VarveCli.add(spec, "--end", "T", "last time");
        VarveCli.add(spec, "--step", "D", "evaluates the expression this often; without, samples as they are stored");
        VarveCli.add(spec, "--detector", "NAME", DetectorKind.names() + "; default consensus");
        VarveCli.add(spec, "--threshold", "X", "score at which a sample is an anomaly; default by the detector");
        VarveCli.add(spec, "--for", "D", "how long a series is unusual before it alerts; default 0");
        spec.addOption(OptionSpec.builder("--json").description("prints JSON").build());
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("EXPR")
                .required(true)
                .type(String.class)
                .arity("1")
                .description("a selector, or with --step any PromQL")
                .build());
    }

    int run(ParseResult options) {
        BacktestSettings settings;
        try {
            settings = settings(options);
        } catch (BacktestException e) {
            err.println("varve: " + e.getMessage());
            return USAGE;
        }
        try (History history = history(options)) {
            BacktestReport report = Backtest.run(settings, history);
            if (options.hasMatchedOption("--json")) {
                out.println(report.json());
            } else {
                report.print(out);
            }
            return 0;
        } catch (BacktestException e) {
            err.println("varve: " + e.getMessage());
            return 1;
        }
    }

    private static History history(ParseResult options) {
        String data = options.matchedOptionValue("--data", "");
        return data.isEmpty()
                ? new HttpHistory(options.matchedOptionValue("--url", QueryCommand.STANDARD_URL))
                : StoreHistory.open(Path.of(data));
    }

    private static BacktestSettings settings(ParseResult options) {
        if (options.hasMatchedOption("--data") && options.hasMatchedOption("--url")) {
            throw new BacktestException("either --data or --url");
        }
        if (!options.hasMatchedOption("--start") || !options.hasMatchedOption("--end")) {
            throw new BacktestException("a back-test needs --start and --end");
        }
        String name = options.matchedOptionValue("--detector", "consensus");
        DetectorKind kind = DetectorKind.of(name)
                .orElseThrow(() ->
                        new BacktestException("no such detector: " + name + "; there are " + DetectorKind.names()));
        return new BacktestSettings(
                options.matchedPositionalValue(0, ""),
                time("--start", options),
                time("--end", options),
                millis("--step", options),
                kind,
                options.hasMatchedOption("--threshold") ? threshold(options) : kind.threshold(),
                millis("--for", options));
    }

    private static double threshold(ParseResult options) {
        String text = options.matchedOptionValue("--threshold", "");
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new BacktestException("--threshold is no number: " + text, e);
        }
    }

    private static long millis(String option, ParseResult options) {
        try {
            return Quantity.duration(options.matchedOptionValue(option, "0")).toMillis();
        } catch (IllegalArgumentException e) {
            throw new BacktestException(option + ": " + e.getMessage(), e);
        }
    }

    private static long time(String option, ParseResult options) {
        String text = options.matchedOptionValue(option, "");
        try {
            return text.matches("[-0-9.]{1,32}")
                    ? new BigDecimal(text)
                            .movePointRight(3)
                            .setScale(0, RoundingMode.FLOOR)
                            .longValueExact()
                    : OffsetDateTime.parse(text.replace(' ', 'T')).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new BacktestException(
                    option + " is no time: " + text + "; write seconds since 1970, or 2026-11-27T12:00:00Z", e);
        }
    }
}
