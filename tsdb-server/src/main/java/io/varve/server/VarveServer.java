package io.varve.server;

import io.varve.core.fs.StoreLockedException;
import io.varve.server.api.BuildInfo;
import io.varve.server.cli.Programs;
import io.varve.server.cli.VarveCli;
import io.varve.server.config.ServerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The program. Its main thread starts what the command line asks for and waits; a shutdown hook (SIGTERM, Ctrl-C) drains
 * and closes. Exit codes: 0, 1 for a failure, 2 for a command line that cannot be understood, 128 and the signal's number
 * after a signal.
 */
public final class VarveServer {

    private static final String LOG_FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n";

    /** Kept here, since the JDK forgets the level of a logger that nobody holds. */
    private static final Logger JETTY_LOG = Logger.getLogger("org.eclipse.jetty");

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
            JETTY_LOG.setLevel(Level.WARNING);
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

    private int serve(ServerConfig config) {
        RunningServer server;
        try {
            server = RunningServer.start(config, build);
        } catch (StoreLockedException e) {
            return failed(e.getMessage());
        } catch (IOException e) {
            return failed(e.getMessage());
        }
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
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private int failed(@org.jspecify.annotations.Nullable String message) {
        err.println("varve: " + message);
        return 1;
    }

    /** The programs behind the command line. */
    private final class Served implements Programs {

        @Override
        public int serve(ServerConfig config) {
            return VarveServer.this.serve(config);
        }

        @Override
        public int demo(ServerConfig config) {
            return VarveServer.this.serve(config);
        }

        @Override
        public int verify(Path directory) {
            return failed("cannot verify " + directory + ": no verifier");
        }
    }
}
