package io.varve.server.demo;

import io.varve.core.TsdbStatus;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.WindowView;
import io.varve.query.QueryException;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import java.io.Console;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the demo prints: the address, three questions with their answers, one line about ingest that is redrawn on a
 * terminal and repeated now and then elsewhere, and on the way out how to ask what was stored. Any thread; it prints
 * whole lines.
 */
public final class DemoConsole {

    /** Rounds after which the questions are shown although one has no answer yet. */
    private static final int PATIENCE = 10;
    /** Without a terminal the line about ingest comes once in so many rounds. */
    private static final int PLAIN_EVERY = 10;

    private static final String REDRAW = "\r\u001b[K";

    /**
     * Where the demo runs.
     *
     * @param url the server's address
     * @param directory the store's directory, as a user would write it
     * @param absent kinds of metrics that this system does not tell
     */
    public record Setting(String url, String directory, List<String> absent) {}

    private final PrintStream out;
    private final boolean terminal;
    private final Setting setting;
    private final Function<QueryRequest, QueryResult> queries;
    private final Supplier<TsdbStatus> status;
    private final Pipeline ingest;
    private final Resolution resolution;
    private final TimeSource clock;
    private final List<DemoQuery> questions;
    private int rounds;
    private boolean answered;
    private boolean over;

    /**
     * A console that has printed nothing.
     *
     * @param terminal whether a line may be redrawn
     * @param queries evaluates a query on the demo's store
     * @param ingest the pipeline whose percentiles are shown
     * @param resolution of the demo's store
     */
    public DemoConsole(
            PrintStream out,
            boolean terminal,
            Setting setting,
            Function<QueryRequest, QueryResult> queries,
            Supplier<TsdbStatus> status,
            Pipeline ingest,
            Resolution resolution,
            TimeSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.setting = setting;
        this.queries = queries;
        this.status = status;
        this.ingest = ingest;
        this.resolution = resolution;
        this.clock = clock;
        this.questions = DemoQuery.suggested(setting.absent());
    }

    /** Whether the process' input and output are a terminal that understands how to redraw a line. */
    @SuppressWarnings("SystemConsoleNull") // from JDK 22 on the console is asked as well
    public static boolean onTerminal() {
        String kind = System.getenv("TERM");
        Console console = System.console();
        if (console == null || kind == null || kind.isEmpty() || kind.equals("dumb")) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException e) {
            return true; // before JDK 22 there is no console without a terminal
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Says where the demo is to be found; once, at the start. */
    public synchronized void welcome() {
        out.println("Varve demo at " + setting.url() + " with the metrics of this machine, every second");
        if (!setting.absent().isEmpty()) {
            out.println("not told by this system: " + String.join(", ", setting.absent()));
        }
        out.flush();
    }

    /** Shows the present state; once a second. */
    public synchronized void tick() {
        if (over) {
            return;
        }
        rounds++;
        if (!answered) {
            List<String> answers = answers();
            if (answers.contains("") && rounds < PATIENCE) {
                return;
            }
            answered = true;
            showQuestions(answers);
        }
        if (terminal) {
            out.print(REDRAW + state());
        } else if (rounds % PLAIN_EVERY == 0) {
            out.println(state());
        }
        out.flush();
    }

    private List<String> answers() {
        long now = clock.epochNanos() / resolution.nanosPerTick();
        List<String> answers = new ArrayList<>();
        for (DemoQuery question : questions) {
            answers.add(answer(question, now));
        }
        return answers;
    }

    /** The first value of an answer with its unit, or an empty text if there is none. */
    private String answer(DemoQuery question, long now) {
        try {
            QueryResult result = queries.apply(QueryRequest.instant(question.expression(), now));
            if (result.value() instanceof QueryResult.Vector vector
                    && !vector.samples().isEmpty()
                    && !Double.isNaN(vector.samples().get(0).value())) {
                double value = vector.samples().get(0).value();
                return (String.format(Locale.ROOT, "%.2f", value) + " " + question.unit()).strip();
            }
            return "";
        } catch (QueryException e) {
            return rounds < PATIENCE ? "" : "no answer: " + e.getMessage();
        }
    }

    private void showQuestions(List<String> answers) {
        out.println("Three questions to try, with what they answer now:");
        for (int i = 0; i < questions.size(); i++) {
            DemoQuery question = questions.get(i);
            String answer = answers.get(i).isEmpty() ? "no answer yet" : answers.get(i);
            out.println("  " + question.title() + ": " + answer);
            out.println("    ./varve query '" + question.expression() + "' --url " + setting.url());
        }
        out.println("Ctrl-C ends the demo and keeps what it stored.");
    }

    private String state() {
        WindowView window = ingest.window();
        TsdbStatus now = status.get();
        return "ingest p50 " + duration(window.p50()) + " p90 " + duration(window.p90()) + " p95 "
                + duration(window.p95()) + " p99 " + duration(window.p99()) + " | "
                + String.format(Locale.ROOT, "%,d samples of %,d series", now.samples(), now.series()) + " | "
                + bytesPerSample(now);
    }

    /** A duration in seconds as people read it. */
    static String duration(double seconds) {
        if (Double.isNaN(seconds)) {
            return "-";
        }
        if (seconds < 1e-3) {
            return String.format(Locale.ROOT, "%.0f us", seconds * 1e6);
        }
        return seconds < 1
                ? String.format(Locale.ROOT, "%.1f ms", seconds * 1e3)
                : String.format(Locale.ROOT, "%.2f s", seconds);
    }

    /** Of blocks if there are any, else of the log, which is what the samples take until they are sealed. */
    static String bytesPerSample(TsdbStatus status) {
        if (status.blockSamples() > 0) {
            return String.format(
                    Locale.ROOT,
                    "%.2f bytes per sample in blocks",
                    (double) status.blockBytes() / status.blockSamples());
        }
        return status.samples() > 0
                ? String.format(
                        Locale.ROOT,
                        "%.2f bytes per sample in the log, not sealed yet",
                        (double) status.walBytes() / status.samples())
                : "nothing stored yet";
    }

    /** Says what was stored and how to ask it; once, when the process ends. */
    public synchronized void farewell() {
        if (over) {
            return;
        }
        over = true;
        TsdbStatus last = status.get();
        String question = questions.get(0).expression();
        out.println(terminal ? REDRAW : "");
        out.println(String.format(
                Locale.ROOT,
                "Stored %,d samples of %,d series in %s (%s).",
                last.samples(),
                last.series(),
                setting.directory(),
                bytesPerSample(last)));
        out.println("They are there again with   ./varve server --data " + setting.directory());
        if (last.samples() > 0) {
            long second = resolution.instant(last.newestTime()).getEpochSecond();
            out.println("and answer to               ./varve query '" + question + "' --time " + second);
        }
        out.flush();
    }
}
