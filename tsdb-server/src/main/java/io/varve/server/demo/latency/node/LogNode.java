package io.varve.server.demo.latency.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The log: one thread takes what the processor sends, the {@link Sequencer}'s appends it and answers. Beside it a
 * {@link MetadataStore}.
 */
final class LogNode {

    private final SkewedClock clock;
    private final @Nullable NodeKit kit;
    private final MessageClock messages;
    private final BlockingQueue<Entry> free;
    private final BlockingQueue<Entry> queue;
    private final ServerSocket appends;
    private final MetadataStore metadata;
    private final Sequencer sequencer;

    LogNode(NodeSettings settings, SkewedClock clock, @Nullable NodeKit kit, Fault.Switches faults) throws IOException {
        this.clock = clock;
        this.kit = kit;
        messages = new MessageClock(kit);
        int room = settings.room() + 1; // never full: the processor has no more on their way
        free = new ArrayBlockingQueue<>(room);
        queue = new ArrayBlockingQueue<>(room);
        for (int i = 0; i < room; i++) {
            free.add(new Entry(messages.stampCount()));
        }
        appends = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        metadata = new MetadataStore(clock, kit);
        sequencer = new Sequencer(new LogFile(settings.directory()), clock, kit, messages, faults);
    }

    int appendPort() {
        return appends.getLocalPort();
    }

    int metadataPort() {
        return metadata.port();
    }

    /** Begins to take connections. */
    void start() {
        NodeThreads.start("metadata-store", metadata::run);
        NodeThreads.start("log-reader", this::serve);
    }

    private void serve() throws IOException, InterruptedException {
        Socket processor = appends.accept();
        processor.setTcpNoDelay(true);
        FrameWriter out = new FrameWriter(processor.getOutputStream());
        FrameReader in = new FrameReader(processor.getInputStream());
        ClockProbes probes = kit == null ? null : NodeMain.probe(kit, NodeSettings.Role.PROCESSOR, clock, out);
        NodeThreads.start("sequencer", () -> sequencer.run(queue, free, out));
        long fills = -1;
        long now = 0;
        for (int kind = in.next(); kind != FrameReader.END; kind = in.next()) {
            if (kind == Wire.APPEND) {
                if (fills != in.fills()) {
                    fills = in.fills();
                    now = messages.now();
                }
                take(in, probes, now);
            } else if (kind == Wire.CLOCK && probes != null) {
                probes.take(in);
            }
        }
        throw new IOException("the processor closed the connection");
    }

    private void take(FrameReader in, @Nullable ClockProbes probes, long now) throws IOException, InterruptedException {
        ByteBuffer body = in.body();
        int head = Long.BYTES + 1;
        int stamps = body.remaining() < head ? 0 : body.get(Long.BYTES) & 0xff;
        if (body.remaining() != head + stamps + Commands.BYTES) {
            throw new IOException("a command has " + Commands.BYTES + " bytes: message=" + body.remaining());
        }
        Entry entry = free.take();
        entry.request = body.getLong();
        long ahead = probes == null ? 0 : probes.estimate().offsetNanos();
        messages.arrived(in.bytes(), head, stamps, ahead, entry.stamps, now);
        body.position(head + stamps).get(entry.command);
        queue.put(entry);
    }
}
