package io.varve.server.demo.latency.node;

import io.varve.core.index.ByteSink;
import io.varve.core.telemetry.Sampling;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's process. It connects to the command that started it, says where it listens, is told where its peers are,
 * tells every second what it has measured, takes faults, and ends when the connection does: the command's end, however
 * it comes, is that of its nodes.
 */
public final class NodeMain {

    private static final long CLOCK_OFF_NANOS = 30_000_000;
    private static final int PROBE_MILLIS = 10;
    private static final int REPORT_MILLIS = 1_000;

    private final NodeSettings settings;
    private final SkewedClock clock = new SkewedClock();
    private final Fault.Switches faults = new Fault.Switches();
    private final @Nullable NodeKit kit;
    private final FrameWriter out;
    private final FrameReader in;

    private NodeMain(NodeSettings settings, Socket command) throws IOException {
        this.settings = settings;
        kit = settings.kit()
                ? new NodeKit(clock, settings.rate() == 0 ? Sampling.adaptive() : Sampling.fixed(1))
                : null;
        out = new FrameWriter(command.getOutputStream());
        in = new FrameReader(command.getInputStream());
    }

    /** Runs a node until the command that started it ends. */
    public static int run(NodeSettings settings) {
        try (Socket command = new Socket(InetAddress.getLoopbackAddress(), settings.control())) {
            command.setTcpNoDelay(true);
            new NodeMain(settings, command).run();
            return 0;
        } catch (IOException e) {
            System.err.println("the node " + settings.role().text() + " ended: " + e);
            return 1;
        }
    }

    private void run() throws IOException {
        if (settings.role() == NodeSettings.Role.LOG) {
            LogNode log = new LogNode(settings, clock, kit, faults);
            hello(log.appendPort(), log.metadataPort());
            log.start();
            begin(() -> 0);
            listen(null);
        } else {
            ProcessorNode processor = new ProcessorNode(settings, clock, kit);
            hello(0, 0);
            begin(processor::count);
            listen(processor);
        }
    }

    private void hello(int appendPort, int metadataPort) throws IOException {
        synchronized (out) {
            out.begin(Wire.HELLO, 1 + 2 * Integer.BYTES)
                    .put((byte) settings.role().number())
                    .putInt(appendPort)
                    .putInt(metadataPort);
            out.end();
            out.flush();
        }
    }

    private void begin(LongSupplier messages) {
        if (kit != null) { // until the process ends
            kit.telemetry().exportTo(new StoreOverWire(out, settings.resolution()), Duration.ofMillis(REPORT_MILLIS));
        }
        NodeThreads.start("reports", () -> {
            ByteSink bytes = new ByteSink();
            while (true) {
                Thread.sleep(REPORT_MILLIS);
                bytes.clear();
                new NodeReport(
                                messages.getAsLong(),
                                kit == null ? List.of() : kit.windows(),
                                kit == null ? List.of() : kit.clocks().readings(clock.epochNanos()))
                        .writeTo(bytes);
                out.send(Wire.REPORT, bytes.array(), bytes.size());
            }
        });
    }

    /** Does what the command says, until it ends. */
    private void listen(@Nullable ProcessorNode processor) throws IOException {
        for (int kind = in.next(); kind != FrameReader.END; kind = in.next()) {
            ByteBuffer body = in.body();
            if (kind == Wire.PEERS && processor != null) {
                processor.start(body.getInt(), body.getInt());
            } else if (kind == Wire.FAULT) {
                String number = Integer.toString(body.get());
                boolean on = body.get() != 0;
                Fault.of(number).ifPresent(fault -> set(fault, on));
            }
        }
    }

    private void set(Fault fault, boolean on) {
        faults.set(fault, on);
        if (fault == Fault.CLOCK_OFF && settings.role() == NodeSettings.Role.LOG) {
            clock.putOff(on ? CLOCK_OFF_NANOS : 0);
        }
    }

    /** Measures the clock of a peer from now on, over a connection to it. */
    static ClockProbes probe(NodeKit kit, NodeSettings.Role peer, SkewedClock clock, FrameWriter out) {
        ClockProbes probes = new ClockProbes(peer.text(), kit.clocks(), clock, out);
        NodeThreads.start("clock-" + peer.text(), () -> {
            while (true) {
                probes.probe();
                Thread.sleep(PROBE_MILLIS);
            }
        });
        return probes;
    }
}
