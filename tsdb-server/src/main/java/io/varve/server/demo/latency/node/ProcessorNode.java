package io.varve.server.demo.latency.node;

import io.varve.core.telemetry.MessageContext;
import io.varve.core.telemetry.Outcome;
import io.varve.core.telemetry.StageHeader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A partition processor. Its clients enqueue commands, by a rate or as many as there is room for; one thread hands them
 * to the log, another takes what was appended, in the log's order, and applies it. A client whose command finds no room
 * is refused.
 */
final class ProcessorNode {

    private static final int BATCH = 256;
    private static final int PARTITION_KEYS = 1 << 16;
    private static final double RISING_SECONDS = 5;
    private static final long CLIENTS_PAUSE_NANOS = 500_000;

    private final SkewedClock clock;
    private final @Nullable NodeKit kit;
    private final MessageClock messages;
    private final int rate;
    private final BlockingQueue<Entry> free;
    private final BlockingQueue<Entry> queue;
    private final BlockingQueue<Entry> sent;
    private final StateMachine state = new StateMachine();
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong count = new AtomicLong();
    private @Nullable ProcessorMetrics metrics;
    private long requests;

    ProcessorNode(NodeSettings settings, SkewedClock clock, @Nullable NodeKit kit) {
        this.clock = clock;
        this.kit = kit;
        messages = new MessageClock(kit);
        rate = settings.rate();
        int room = settings.room();
        free = new ArrayBlockingQueue<>(room);
        queue = new ArrayBlockingQueue<>(room);
        sent = new ArrayBlockingQueue<>(room);
        for (int i = 0; i < room; i++) {
            free.add(new Entry(messages.stampCount()));
        }
    }

    /** Connects to the log and begins. */
    void start(int appendPort, int metadataPort) throws IOException {
        Socket log = new Socket(InetAddress.getLoopbackAddress(), appendPort);
        log.setTcpNoDelay(true);
        FrameWriter out = new FrameWriter(log.getOutputStream());
        FrameReader in = new FrameReader(log.getInputStream());
        MetadataClient metadata = new MetadataClient(metadataPort);
        ClockProbes probes = null;
        if (kit != null) {
            metrics = new ProcessorMetrics(kit, () -> tail.get() - applied.get(), metadata::version);
            probes = NodeMain.probe(kit, NodeSettings.Role.LOG, clock, out);
        }
        ClockProbes probesOfLog = probes;
        NodeThreads.start("processor-reader", () -> read(in, probesOfLog));
        NodeThreads.start("processor-sender", () -> send(out));
        NodeThreads.start("metadata-client", metadata::run);
        NodeThreads.start("clients", rate == 0 ? this::enqueueAll : this::enqueueByRate);
    }

    /** Commands that were applied since the start. */
    long count() {
        return count.get();
    }

    // ---- clients

    private void enqueueAll() throws InterruptedException {
        SplittableRandom random = new SplittableRandom();
        CRC32C crc = new CRC32C();
        List<Entry> some = new ArrayList<>(BATCH);
        while (true) {
            some.add(free.take());
            free.drainTo(some, BATCH - 1);
            long now = messages.now();
            for (Entry entry : some) {
                enqueue(entry, random, crc, now);
            }
            some.clear();
        }
    }

    private void enqueueByRate() throws InterruptedException {
        SplittableRandom random = new SplittableRandom();
        CRC32C crc = new CRC32C();
        Entry refused = new Entry(messages.stampCount());
        long began = clock.nanoTime();
        long came = 0;
        while (true) {
            long due = due((clock.nanoTime() - began) * 1e-9);
            came = Math.max(came, due - rate); // after a pause of the process clients do not make up for it
            for (; came < due; came++) {
                Entry entry = free.poll();
                long now = messages.now();
                if (entry != null) {
                    enqueue(entry, random, crc, now);
                } else {
                    messages.enqueued(refused.stamps, now);
                    messages.done(refused.stamps, Outcome.FAILED, ProcessorNode::noRoom, now);
                }
            }
            LockSupport.parkNanos(this, CLIENTS_PAUSE_NANOS);
        }
    }

    /**
     * Commands that are due after some seconds: the rate rises evenly in the first few, in which the processes are slow
     * because they are new.
     */
    private long due(double seconds) {
        double rising = Math.min(seconds, RISING_SECONDS);
        return (long) (rate * (rising * rising / (2 * RISING_SECONDS) + seconds - rising));
    }

    private static MessageContext noRoom() {
        return MessageContext.builder()
                .node(NodeSettings.Role.PROCESSOR.text())
                .dependency("log", "as many commands on their way as there is room for")
                .build();
    }

    private void enqueue(Entry entry, SplittableRandom random, CRC32C crc, long now) throws InterruptedException {
        Commands.fill(entry.command, requests + 1, random.nextInt(PARTITION_KEYS), random.nextInt(100), crc);
        entry.request = ++requests;
        messages.enqueued(entry.stamps, now);
        queue.put(entry);
    }

    // ---- to the log

    private void send(FrameWriter out) throws IOException, InterruptedException {
        List<Entry> batch = new ArrayList<>(BATCH);
        byte[] header = new byte[StageHeader.MAX_BYTES];
        while (true) {
            batch.add(queue.take());
            queue.drainTo(batch, BATCH - 1);
            long now = messages.now();
            synchronized (out) {
                for (Entry entry : batch) {
                    int length = messages.dequeued(entry.stamps, now, header);
                    sent.put(entry);
                    out.begin(Wire.APPEND, Long.BYTES + 1 + length + Commands.BYTES)
                            .putLong(entry.request)
                            .put((byte) length)
                            .put(header, 0, length)
                            .put(entry.command);
                    out.end();
                }
                out.flush();
            }
            if (metrics != null) {
                metrics.enqueued(batch.size());
            }
            batch.clear();
        }
    }

    // ---- from the log

    private void read(FrameReader in, @Nullable ClockProbes probes) throws IOException {
        for (int kind = in.next(); kind != FrameReader.END; kind = in.next()) {
            if (kind == Wire.APPENDED) {
                appended(in.body(), probes);
            } else if (kind == Wire.CLOCK && probes != null) {
                probes.take(in);
            }
        }
        throw new IOException("the log closed the connection");
    }

    private void appended(ByteBuffer body, @Nullable ClockProbes probes) throws IOException {
        int records = body.getInt();
        boolean done = body.get() != 0;
        long first = body.getLong();
        long committed = body.getLong();
        ProcessorMetrics counted = metrics;
        if (done) {
            tail.lazySet(first + records - 1);
            if (counted != null && probes != null) {
                counted.read(records, committed, probes.estimate(), clock.epochNanos());
            }
        }
        for (int i = 0; i < records; i++) {
            Entry entry = sent.poll();
            if (entry == null) {
                throw new IOException("the log acknowledged more than it was sent: records=" + records);
            }
            if (done) {
                apply(entry, first + i, counted);
            }
            free.add(entry);
        }
    }

    private void apply(Entry entry, long position, @Nullable ProcessorMetrics counted) throws IOException {
        boolean timed = counted != null && position % ProcessorMetrics.TIMED_ONE_OF == 0;
        long began = timed ? clock.nanoTime() : 0;
        entry.answer = state.apply(entry.command);
        if (timed && counted != null) {
            counted.applied(clock.nanoTime() - began);
        }
        applied.lazySet(position);
        count.lazySet(count.get() + 1);
    }
}
