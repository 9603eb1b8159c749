package io.varve.server.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** An expression at a time or over a range, asked of a server; mistakes are told in one line. */
final class ServerQuestion {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(10);

    private final PrintStream err;
    private final Map<String, String> form = new LinkedHashMap<>();

    /** The question that the options of a command ask. */
    ServerQuestion(ParseResult options, PrintStream err) {
        this.err = err;
        form.put("query", options.matchedPositionalValue(0, ""));
        for (String name : new String[] {"time", "start", "end", "step"}) {
            if (options.hasMatchedOption("--" + name)) {
                form.put(name, options.matchedOptionValue("--" + name, ""));
            }
        }
    }

    /** Adds the options that say what is asked, of whom and when. */
    static CommandSpec spec(CommandSpec spec) {
        VarveCli.add(spec, "--url", "URL", "the server, default http://127.0.0.1:9470");
        VarveCli.add(spec, "--time", "T", "when to evaluate: seconds since 1970 or RFC 3339; default now");
        VarveCli.add(spec, "--start", "T", "first time of a range");
        VarveCli.add(spec, "--end", "T", "last time of a range");
        VarveCli.add(spec, "--step", "D", "distance of a range's times, such as 15s");
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("EXPR")
                .required(true)
                .type(String.class)
                .arity("1")
                .description("PromQL")
                .build());
    }

    /** Whether a range is asked for. */
    boolean isRange() {
        return form.containsKey("start") || form.containsKey("end") || form.containsKey("step");
    }

    /** Whether the times make sense; if not, it was told why. */
    boolean hasSoundTimes() {
        if (isRange() && !(form.containsKey("start") && form.containsKey("end") && form.containsKey("step"))) {
            err.println("varve: a range needs --start, --end and --step");
            return false;
        }
        if (isRange() && form.containsKey("time")) {
            err.println("varve: either --time, or --start, --end and --step");
            return false;
        }
        return true;
    }

    /** Prints an answer of the API. */
    @FunctionalInterface
    interface Printer {
        /** Prints it, and answers the exit code. */
        int print(byte[] json) throws IOException;
    }

    /**
     * Asks.
     *
     * @return exit code
     */
    int ask(String url, String path, Printer printer) {
        String body = form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create((url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + path))
                    .timeout(ANSWER)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<byte[]> answer = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofByteArray());
            return printer.print(answer.body());
        } catch (ConnectException e) {
            err.println("varve: cannot reach " + url + ": no server listens there; start one with varve server, "
                    + "or name it with --url");
        } catch (IOException e) {
            err.println("varve: cannot ask " + url + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            err.println("varve: not a server's address: " + url + "; write it as http://127.0.0.1:9470");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            err.println("varve: interrupted");
        }
        return 1;
    }
}
