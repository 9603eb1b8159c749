package io.varve.server.demo.latency;

import io.varve.core.model.Resolution;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.server.demo.latency.node.Fault;
import io.varve.server.demo.latency.node.NodeReport;
import io.varve.server.demo.latency.node.NodeSettings.Role;
import io.varve.server.self.PeriodicWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the example: nodes, faults, what is shown, and its end. Messages a second are those that went the whole way in
 * the second half of the run, by the processor's own count, with the kit or without it.
 */
public final class LatencyDemo implements AutoCloseable {

    private static final long TICK_MILLIS = 1_000;
    private static final int MOST_COUNTS = 3_600;
    private static final String UP = "\u001b[%dA";
    private static final String CLEAR = "\u001b[2K";

    private final LatencyOptions options;
    private final Setting setting;
    private final PrintStream out;
    private final TimeSource clock;
    private final FaultBoard faults;
    private final IntConsumer end;
    private final StageBoard board;
    private final LatencyTable table;
    private final NodeProcesses nodes;
    private final PeriodicWriter windows;
    private final List<Count> counts = new ArrayList<>();
    private @Nullable ScheduledFuture<?> ticks;
    private long began;
    private int drawn;
    private boolean faulted;
    private boolean over;

    /**
     * Where the demo runs.
     *
     * @param url the server's address
     * @param directory where nodes may write
     * @param terminal whether lines may be drawn again
     */
    public record Setting(String url, Path directory, boolean terminal) {}

    /** Messages since the start, at a moment of the monotonic clock. */
    private record Count(long at, long messages) {}

    /**
     * Nothing was started yet.
     *
     * @param store makes appenders of the server's store
     * @param faults which are on, switched by others too
     * @param end ends the process with an exit code; called from any thread
     */
    public LatencyDemo(
            LatencyOptions options,
            Setting setting,
            Supplier<Appender> store,
            Resolution resolution,
            FaultBoard faults,
            PrintStream out,
            TimeSource clock,
            IntConsumer end)
            throws IOException {
        this.options = options;
        this.setting = setting;
        this.out = out;
        this.clock = clock;
        this.faults = faults;
        this.end = end;
        board = new StageBoard(clock);
        table = new LatencyTable(board, faults);
        nodes = new NodeProcesses(
                setting.directory(), resolution, options, faults, store, this::told, this::nodeFailed);
        windows = new PeriodicWriter("the windows of the example", board, store.get(), resolution, clock);
    }

    /** Starts the nodes, then shows once a second what they do. */
    public void start(ScheduledExecutorService scheduler) throws IOException, InterruptedException {
        out.println("Latency demo at " + setting.url() + ": a partition processor and a log, "
                + (options.rate() == 0 ? "full load" : String.format(Locale.ROOT, "%,d commands/s", options.rate()))
                + (options.kit() ? "" : ", without the telemetry kit"));
        out.flush();
        nodes.start();
        began = clock.nanoTime();
        hint();
        if (options.kit()) {
            windows.start(scheduler, Duration.ofMillis(TICK_MILLIS));
        }
        synchronized (this) {
            ticks = scheduler.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
        Thread keys = new Thread(this::readKeys, "varve-demo-keys");
        keys.setDaemon(true);
        keys.start();
    }

    private void hint() {
        out.println("the nodes run; 1, 2, 3 and Enter switch a fault, q and Enter or Ctrl-C end");
        if (options.kit()) {
            out.println("  ./varve query 'varve_stage_duration_seconds{quantile=\"0.99\",window=\"10s\"}' --url "
                    + setting.url());
            out.println("  curl '" + setting.url()
                    + "/api/v1/query_exemplars?query=varve_stage_duration_seconds&start=0&end=9999999999'");
        }
        out.flush();
    }

    private void told(Role node, NodeReport report) {
        board.tell(node, report);
        if (node == Role.PROCESSOR) {
            synchronized (counts) {
                counts.add(new Count(clock.nanoTime(), report.messages()));
                if (counts.size() > MOST_COUNTS) {
                    counts.remove(0);
                }
            }
        }
    }

    private void nodeFailed(String why) {
        out.println("varve: " + why);
        out.flush();
        end.accept(1);
    }

    private synchronized void tick() {
        if (over) {
            return;
        }
        long ran = clock.nanoTime() - began;
        if (!faulted && options.fault().isPresent() && ran >= options.after().toNanos()) {
            faulted = true;
            faults.set(options.fault().get(), true);
        }
        show();
        if (!options.length().isZero() && ran >= options.length().toNanos()) {
            end.accept(0);
        }
    }

    private void show() {
        if (!options.kit()) {
            out.println(String.format(Locale.ROOT, "%,d messages/s without the kit", Math.round(lastRate())));
        } else if (setting.terminal()) {
            if (drawn > 0) {
                out.print(UP.formatted(drawn));
            }
            List<String> lines = table.table();
            lines.forEach(line -> out.println(CLEAR + line));
            drawn = lines.size();
        } else {
            out.println(table.line());
        }
        out.flush();
    }

    /** Messages a second between the last two reports. */
    private double lastRate() {
        synchronized (counts) {
            int size = counts.size();
            return size < 2 ? 0 : rate(counts.get(size - 2), counts.get(size - 1));
        }
    }

    private static double rate(Count from, Count to) {
        return (to.messages - from.messages) * 1e9 / Math.max(1, to.at - from.at);
    }

    /** Lines of the terminal, or of whoever writes to the process: faults by number or name. */
    private void readKeys() {
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String key = line.strip();
                if (key.equals("q")) {
                    end.accept(0);
                    return;
                }
                Fault.of(key).ifPresent(faults::toggle);
                synchronized (this) {
                    drawn = 0; // the line that was typed has moved the table
                }
            }
        } catch (IOException e) {
            // a process without an input has no keys
        }
    }

    /** Ends the nodes and says how much went through. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            if (ticks != null) {
                ticks.cancel(false);
            }
        }
        nodes.close();
        windows.close();
        synchronized (counts) {
            int size = counts.size();
            if (size > 1) {
                Count last = counts.get(size - 1);
                Count half = counts.get(size / 2 == size - 1 ? 0 : size / 2);
                out.println(String.format(
                        Locale.ROOT,
                        "%,d messages went the whole way, kit %s: %.0f messages/s in the last %.0f s",
                        last.messages,
                        options.kit() ? "on" : "off",
                        rate(half, last),
                        (last.at - half.at) / 1e9));
                out.flush();
            }
        }
    }
}
