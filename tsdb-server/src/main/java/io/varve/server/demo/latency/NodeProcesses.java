package io.varve.server.demo.latency;

import io.varve.core.model.Resolution;
import io.varve.core.storage.Appender;
import io.varve.server.demo.latency.node.Fault;
import io.varve.server.demo.latency.node.FrameReader;
import io.varve.server.demo.latency.node.FrameWriter;
import io.varve.server.demo.latency.node.NodeReport;
import io.varve.server.demo.latency.node.NodeSettings.Role;
import io.varve.server.demo.latency.node.SamplesReplay;
import io.varve.server.demo.latency.node.Wire;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes as processes of this machine. Each connects back; what it says comes over that connection, and when that
 * ends, so does the node. What a node prints goes to a file.
 */
final class NodeProcesses implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeProcesses.class);
    private static final int PATIENCE_SECONDS = 60;
    private static final int END_SECONDS = 5;

    /** Time in which a node may end because all do, before it counts as a failure. */
    private static final int TOGETHER_MILLIS = 500;

    private final Path directory;
    private final Resolution resolution;
    private final LatencyOptions options;
    private final FaultBoard faults;
    private final Supplier<Appender> store;
    private final BiConsumer<Role, NodeReport> reports;
    private final Consumer<String> onFailure;
    private final ServerSocket control;
    private final List<Process> processes = new ArrayList<>();
    private final Map<Role, Socket> connections = new EnumMap<>(Role.class);
    private final Map<Role, FrameWriter> writers = new EnumMap<>(Role.class);
    private final CountDownLatch connected = new CountDownLatch(Role.values().length);
    private int appendPort;
    private int metadataPort;
    private volatile boolean closing;
    private volatile boolean gap;

    /**
     * Nothing was started yet.
     *
     * @param directory where nodes may write
     * @param store appenders for what they measured
     * @param reports takes what they tell
     * @param onFailure told why a node is no longer there
     */
    NodeProcesses(
            Path directory,
            Resolution resolution,
            LatencyOptions options,
            FaultBoard faults,
            Supplier<Appender> store,
            BiConsumer<Role, NodeReport> reports,
            Consumer<String> onFailure)
            throws IOException {
        this.directory = directory;
        this.resolution = resolution;
        this.options = options;
        this.faults = faults;
        this.store = store;
        this.reports = reports;
        this.onFailure = onFailure;
        control = new ServerSocket(0, Role.values().length, InetAddress.getLoopbackAddress());
    }

    /** Starts them, and waits until they have connected and know of each other. */
    void start() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        for (Role role : Role.values()) {
            Process process = new ProcessBuilder(command(role))
                    .redirectErrorStream(true)
                    .redirectOutput(output(role).toFile())
                    .start();
            process.getOutputStream().close();
            synchronized (this) {
                processes.add(process);
            }
            thread("varve-demo-watch", () -> watch(role, process));
        }
        thread("varve-demo-nodes", this::accept);
        if (!connected.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the nodes do not connect within " + PATIENCE_SECONDS + " s: see " + directory);
        }
        faults.follow(this::tell);
    }

    private List<String> command(Role role) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                java,
                "-Xms96m",
                "-Xmx192m",
                "-Xmn64m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                "io.varve.server.VarveServer",
                "demo",
                "latency-node",
                "--role",
                role.text(),
                "--control",
                Integer.toString(control.getLocalPort()),
                "--directory",
                directory.toString(),
                "--kit",
                options.kit() ? "on" : "off",
                "--rate",
                Integer.toString(options.rate()),
                "--resolution",
                resolution.unit());
    }

    private static String absolute(String classPath) {
        List<String> parts = new ArrayList<>();
        for (String part : classPath.split(File.pathSeparator, -1)) {
            parts.add(Path.of(part).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, parts);
    }

    private Path output(Role role) {
        return directory.resolve(role.text() + ".txt");
    }

    private void watch(Role role, Process process) {
        try {
            int code = process.waitFor();
            Thread.sleep(TOGETHER_MILLIS);
            if (!closing) {
                onFailure.accept("the node " + role.text() + " ended with exit code " + code
                        + ": what it printed is in " + output(role));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!closing) {
                Socket node = control.accept();
                node.setTcpNoDelay(true);
                thread("varve-demo-node", () -> read(node));
            }
        } catch (IOException e) {
            if (!closing) {
                onFailure.accept("cannot take connections of nodes: " + e.getMessage());
            }
        }
    }

    private void read(Socket node) {
        try (node) {
            FrameReader in = new FrameReader(node.getInputStream());
            if (in.next() != Wire.HELLO || in.length() != 1 + 2 * Integer.BYTES) {
                return;
            }
            ByteBuffer hello = in.body();
            Role role = Role.of(hello.get());
            if (introduce(role, node, hello.getInt(), hello.getInt())) {
                listen(role, in);
            }
        } catch (IOException | RuntimeException e) {
            if (!closing) {
                onFailure.accept("cannot understand a node: " + e);
            }
        }
    }

    /** Remembers a node, and tells the processor where the log is once both are there; false if it is there already. */
    private synchronized boolean introduce(Role role, Socket node, int appends, int metadata) throws IOException {
        if (connections.putIfAbsent(role, node) != null) {
            return false;
        }
        writers.put(role, new FrameWriter(node.getOutputStream()));
        if (role == Role.LOG) {
            appendPort = appends;
            metadataPort = metadata;
        }
        FrameWriter processor = writers.get(Role.PROCESSOR);
        if (processor != null && writers.size() == Role.values().length) {
            byte[] ports = ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(appendPort)
                    .putInt(metadataPort)
                    .array();
            processor.send(Wire.PEERS, ports, ports.length);
        }
        connected.countDown();
        return true;
    }

    private void listen(Role role, FrameReader in) throws IOException {
        try (SamplesReplay samples = new SamplesReplay(store.get(), role.text())) {
            for (int kind = in.next(); kind != FrameReader.END; kind = in.next()) {
                if (kind == Wire.REPORT) {
                    reports.accept(role, NodeReport.of(in.bytes(), in.length()));
                } else if (kind == Wire.SAMPLES) {
                    samples.write(in.bytes(), in.length()).whenComplete((commit, failure) -> stored(failure));
                }
            }
        }
    }

    /** What cannot be stored is a gap, which is told when it begins. */
    private void stored(@Nullable Throwable failure) {
        if (failure == null) {
            gap = false;
        } else if (!gap) {
            gap = true;
            LOG.warn("cannot store what nodes measured: {}", failure.toString());
        }
    }

    private synchronized void tell(Fault fault, boolean on) {
        byte[] body = {(byte) fault.number(), (byte) (on ? 1 : 0)};
        writers.forEach((role, writer) -> {
            try {
                writer.send(Wire.FAULT, body, body.length);
            } catch (IOException e) {
                if (!closing) {
                    onFailure.accept("cannot tell the node " + role.text() + " of a fault: " + e.getMessage());
                }
            }
        });
    }

    /** Ends the nodes. */
    @Override
    public void close() throws IOException {
        closing = true;
        control.close();
        List<Process> started;
        synchronized (this) {
            for (Socket connection : connections.values()) {
                connection.close();
            }
            started = List.copyOf(processes);
        }
        for (Process process : started) {
            if (connected.getCount() > 0 || !ends(process)) {
                process.destroyForcibly();
            }
        }
    }

    private static boolean ends(Process process) {
        try {
            return process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
