package io.varve.server;

import io.varve.core.Repair;
import io.varve.core.Restore;
import io.varve.core.Tsdb;
import io.varve.core.TsdbRuntime;
import io.varve.core.Verification;
import io.varve.core.fs.UnsupportedFormatException;
import io.varve.core.storage.Durability;
import io.varve.core.telemetry.clock.system.SystemClockGauges;
import io.varve.core.telemetry.clock.system.SystemClockReader;
import io.varve.server.api.BuildInfo;
import io.varve.server.cli.Programs;
import io.varve.server.cli.VarveCli;
import io.varve.server.config.ServerConfig;
import io.varve.server.demo.DemoConsole;
import io.varve.server.demo.MachineSource;
import io.varve.server.demo.ProcFiles;
import io.varve.server.demo.latency.FaultBoard;
import io.varve.server.demo.latency.FaultDoor;
import io.varve.server.demo.latency.LatencyDemo;
import io.varve.server.demo.latency.LatencyOptions;
import io.varve.server.demo.latency.node.NodeMain;
import io.varve.server.demo.latency.node.NodeSettings;
import io.varve.server.http.Router;
import io.varve.server.self.PeriodicWriter;
import io.varve.server.self.SelfSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The program. Its main thread starts what the command line asks for and waits; a shutdown hook (SIGTERM, Ctrl-C)
 * drains and closes. Exit codes: 0, 1 for a failure, 2 for a command line that cannot be understood, 128 and the
 * signal's number after a signal.
 */
public final class VarveServer {

    private static final String LOG_FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n";

    private static final long LOOK_SECONDS = 1;
    private static final long FIRST_CLOCK_SECONDS = 10;
    private static final Duration DEMO_INTERVAL = Duration.ofSeconds(1);

    /** Libraries that talk at INFO. Kept here, since the JDK forgets the level of a logger that nobody holds. */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("org.eclipse.jetty"), Logger.getLogger("net.openhft"));

    private final PrintStream out;
    private final PrintStream err;
    private final BuildInfo build;

    private VarveServer(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        this.build = BuildInfo.load();
    }

    /** Starts what the command line asks for. */
    public static void main(String[] args) {
        if (System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", LOG_FORMAT);
            QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        }
        int code = new VarveServer(System.out, System.err).run(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    private int run(String... args) {
        long memory = MemoryPlan.machine(
                System.getProperty("varve.memory", ""), Runtime.getRuntime().maxMemory());
        return new VarveCli(new Served(), build.line(), memory, out, err).run(args);
    }

    private int serve(Supplier<ServerConfig> config, Consumer<Router> moreDoors, Companion companion) {
        RunningServer server;
        try {
            server = RunningServer.start(config, build, TsdbRuntime.create(), moreDoors);
        } catch (IOException e) {
            return failed(e.getMessage());
        }
        ScheduledExecutorService scheduler = scheduler("varve-periodic");
        server.closeFirst(() -> stop(scheduler));
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    server.close();
                    stopped.countDown();
                },
                "varve-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        server.banner().forEach(out::println);
        out.flush();
        ScheduledFuture<?> looks = scheduler.scheduleAtFixedRate(server::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
        server.closeFirst(() -> looks.cancel(false));
        keepOwnMetrics(server, scheduler);
        followSystemClock(server);
        HangUp.does(server::reloadQuietly);
        try {
            companion.start(server, scheduler);
            stopped.await();
        } catch (IOException e) {
            return failed(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /** On a thread of its own, since a time service may let its asker wait for seconds; not while the server starts. */
    private static void followSystemClock(RunningServer server) {
        TsdbRuntime runtime = server.runtime();
        SystemClockGauges gauges =
                SystemClockGauges.show(runtime.telemetry(), SystemClockReader.create(runtime.clock()));
        ScheduledExecutorService asker = scheduler("varve-system-clock");
        ScheduledFuture<?> reads = asker.scheduleWithFixedDelay(
                gauges::read, FIRST_CLOCK_SECONDS, SystemClockGauges.PERIOD.toSeconds(), TimeUnit.SECONDS);
        server.closeFirst(asker::shutdown);
        server.closeFirst(() -> reads.cancel(true));
    }

    private static ScheduledExecutorService scheduler(String name) {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void stop(ScheduledExecutorService scheduler) throws InterruptedException {
        scheduler.shutdown();
        if (!scheduler.awaitTermination(2, TimeUnit.SECONDS)) {
            throw new IllegalStateException("periodic work does not end");
        }
    }

    private static void keepOwnMetrics(RunningServer server, ScheduledExecutorService scheduler) {
        Tsdb self = server.selfStore();
        if (self == null) {
            return;
        }
        TsdbRuntime runtime = server.runtime();
        PeriodicWriter writer = new PeriodicWriter(
                "own metrics",
                new SelfSource(runtime.telemetry()),
                self.appender(Durability.WRITTEN),
                self.resolution(),
                runtime.clock());
        server.closeFirst(writer);
        writer.start(scheduler, server.config().self().interval());
    }

    private void startDemo(RunningServer server, ScheduledExecutorService scheduler) {
        TsdbRuntime runtime = server.runtime();
        Tsdb store = server.store();
        MachineSource machine = new MachineSource(ProcFiles.machine());
        PeriodicWriter writer = new PeriodicWriter(
                "the machine's metrics",
                machine,
                store.appender(server.config().durability()),
                store.resolution(),
                runtime.clock(),
                "job",
                "demo",
                "instance",
                machine.host());
        server.closeFirst(writer);
        DemoConsole console = new DemoConsole(
                out,
                DemoConsole.onTerminal(),
                new DemoConsole.Setting(server.url(), server.config().data().toString(), machine.absent()),
                request -> server.engine().query(request),
                store::status,
                runtime.telemetry().pipeline("ingest", "entered", "left", "logged", "durable"),
                store.resolution(),
                runtime.clock());
        server.closeFirst(console::farewell);
        console.welcome();
        writer.start(scheduler, DEMO_INTERVAL);
        ScheduledFuture<?> ticks = scheduler.scheduleAtFixedRate(
                console::tick, DEMO_INTERVAL.toMillis() / 2, DEMO_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        server.closeFirst(() -> ticks.cancel(false));
    }

    private void startLatency(
            LatencyOptions options, FaultBoard faults, RunningServer server, ScheduledExecutorService scheduler)
            throws IOException, InterruptedException {
        TsdbRuntime runtime = server.runtime();
        Tsdb store = server.store();
        AtomicBoolean ending = new AtomicBoolean();
        LatencyDemo demo = new LatencyDemo(
                options,
                new LatencyDemo.Setting(
                        server.url(), server.config().data().resolve("nodes"), DemoConsole.onTerminal()),
                () -> store.appender(Durability.WRITTEN),
                store.resolution(),
                faults,
                out,
                runtime.clock(),
                code -> {
                    if (ending.compareAndSet(false, true)) {
                        new Thread(() -> System.exit(code), "varve-end").start();
                    }
                });
        server.closeFirst(demo);
        demo.start(scheduler);
    }

    private int failed(@org.jspecify.annotations.Nullable String message) {
        err.println("varve: " + message);
        return 1;
    }

    /** The programs behind the command line. */
    private final class Served implements Programs {

        @Override
        public int serve(Supplier<ServerConfig> config) {
            return VarveServer.this.serve(config, router -> {}, (server, scheduler) -> {});
        }

        @Override
        public int demo(Supplier<ServerConfig> config) {
            return VarveServer.this.serve(config, router -> {}, VarveServer.this::startDemo);
        }

        @Override
        public int latency(Supplier<ServerConfig> config, LatencyOptions options) {
            FaultBoard faults = new FaultBoard();
            FaultDoor door = new FaultDoor(faults);
            return VarveServer.this.serve(
                    config,
                    router -> router.query(FaultDoor.PATH, door),
                    (server, scheduler) -> startLatency(options, faults, server, scheduler));
        }

        @Override
        public int latencyNode(NodeSettings settings) {
            return NodeMain.run(settings);
        }

        @Override
        public int verify(Path directory) {
            return guarded("verify", directory, () -> {
                Verification.Report report = Verification.verify(directory);
                report.findings().forEach(out::println);
                out.println(report.summary());
                return report.findings().isEmpty() ? 0 : 1;
            });
        }

        @Override
        public int restore(Path snapshot, Path directory) {
            return guarded("restore " + snapshot + " to", directory, () -> {
                out.println(Restore.restore(snapshot, directory));
                return 0;
            });
        }

        @Override
        public int repair(Path directory, Repair.Options options) {
            return guarded("repair", directory, () -> {
                Repair.Report report = Repair.repair(directory, options);
                report.actions().forEach(out::println);
                out.println(report.summary());
                return 0;
            });
        }

        private int guarded(String verb, Path directory, Work work) {
            try {
                return work.run();
            } catch (AccessDeniedException e) {
                return failed("cannot " + verb + " " + directory + ": permission denied: " + e.getMessage()
                        + ": run it as the user whom the store belongs to");
            } catch (FileAlreadyExistsException e) {
                return failed(
                        "cannot " + verb + " " + directory + ": it is there and not empty: choose another directory");
            } catch (UnsupportedFormatException e) {
                return failed(
                        "cannot " + verb + " " + directory + ": " + e.getMessage() + ": use the version that wrote it");
            } catch (IOException e) {
                return failed("cannot " + verb + " " + directory + ": " + e.getMessage());
            }
        }
    }

    /** What a command does; returns an exit code. */
    private interface Work {
        int run() throws IOException;
    }

    /** What runs beside a server, from its start on. */
    private interface Companion {
        void start(RunningServer server, ScheduledExecutorService scheduler) throws IOException, InterruptedException;
    }
}
