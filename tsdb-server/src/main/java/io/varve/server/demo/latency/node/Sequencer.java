package io.varve.server.demo.latency.node;

import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Gives commands their positions in the log: all that have come since the last append are written and forced together,
 * then acknowledged. Without a leader they wait for one for a while, and fail then. One thread.
 */
final class Sequencer {

    private static final int LEAST_SLOW_MILLIS = 60;
    private static final int MOST_SLOW_MILLIS = 120;
    private static final long LEADER_PATIENCE_NANOS = 500_000_000;
    private static final int LOOK_MILLIS = 10;
    private static final int ANSWER_BYTES = Integer.BYTES + 1 + 2 * Long.BYTES;

    private final LogFile file;
    private final SkewedClock clock;
    private final MessageClock messages;
    private final Fault.Switches faults;
    private final @Nullable Metrics metrics;
    private final @Nullable LogContext context;
    private final SplittableRandom random = new SplittableRandom();
    private long next = 1;

    /** What a sequencer counts, under the names that Restate has for it. */
    private static final class Metrics {

        final Distribution append;
        final Distribution store;
        final Counter records;

        Metrics(NodeKit kit) {
            append = kit.latency(
                    "restate.bifrost.sequencer.append_duration.seconds", "Time to append a batch of records");
            store = kit.latency(
                    "restate.bifrost.sequencer.store_duration.seconds", "Time to write and force a batch of records");
            records = kit.telemetry()
                    .counter(Metric.of(
                            "restate.bifrost.sequencer.committed_records.total", "Records that were committed"));
        }
    }

    Sequencer(LogFile file, SkewedClock clock, @Nullable NodeKit kit, MessageClock messages, Fault.Switches faults) {
        this.file = file;
        this.clock = clock;
        this.messages = messages;
        this.faults = faults;
        metrics = kit == null ? null : new Metrics(kit);
        context = kit == null ? null : new LogContext(kit, clock);
    }

    /**
     * Appends what comes, for ever.
     *
     * @param free takes what is done
     * @param out to the processor
     */
    void run(BlockingQueue<Entry> queue, BlockingQueue<Entry> free, FrameWriter out)
            throws IOException, InterruptedException {
        List<Entry> batch = new ArrayList<>();
        while (true) {
            batch.add(queue.take());
            queue.drainTo(batch);
            long began = clock.nanoTime();
            boolean led = awaitLeader(began);
            long first = next;
            long storeNanos = led ? append(batch, began) : 0;
            long committed = clock.epochNanos();
            long ended = messages.now();
            synchronized (out) {
                out.begin(Wire.APPENDED, ANSWER_BYTES)
                        .putInt(batch.size())
                        .put((byte) (led ? 1 : 0))
                        .putLong(first)
                        .putLong(committed);
                out.end();
                out.flush();
            }
            end(batch, led, storeNanos, ended);
            free.addAll(batch);
            batch.clear();
        }
    }

    private void end(List<Entry> batch, boolean led, long storeNanos, long ended) {
        if (context != null) {
            context.batch(led, batch.size(), storeNanos);
        }
        for (Entry entry : batch) {
            messages.done(
                    entry.stamps,
                    led ? Outcome.OK : Outcome.FAILED,
                    context == null ? null : context.of(entry.request),
                    ended);
        }
    }

    /** Whether there is a leader, for which it waits. */
    private boolean awaitLeader(long began) throws InterruptedException {
        while (faults.isOn(Fault.LOST_LEADER)) {
            if (clock.nanoTime() - began > LEADER_PATIENCE_NANOS) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** Appends a batch; nanoseconds that it took to write and force it. */
    private long append(List<Entry> batch, long began) throws IOException, InterruptedException {
        long stored = clock.nanoTime();
        for (Entry entry : batch) {
            file.add(next++, entry.command, entry.command.length);
        }
        if (faults.isOn(Fault.SLOW_DISK)) {
            Thread.sleep(random.nextInt(LEAST_SLOW_MILLIS, MOST_SLOW_MILLIS + 1));
        }
        file.commit();
        long now = clock.nanoTime();
        if (metrics != null) {
            metrics.store.record(now - stored);
            metrics.append.record(now - began);
            metrics.records.add(batch.size());
        }
        return now - stored;
    }
}
