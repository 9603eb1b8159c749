package io.varve.query.exec;

import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.query.QueryWorkers;
import io.varve.query.kernel.Row;
import io.varve.query.plan.Steps;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a selection by the query's own thread and whoever has time to help (ADR 0036). Rows are taken in
 * label order by the query's own thread, which charges then what reading them used: answers, refusals and counters are
 * those of one thread. A part whose turn has come and that nobody has begun, or not brought to an end in time, is read
 * by the query's own thread without being kept; others read ahead of it, a few parts at most. Where a part has many
 * histograms, or a series that must be asked for once more, it is left to the query's own thread from there on. Closing
 * waits until nobody helps any more.
 */
final class PartedReading implements AutoCloseable {

    private static final int AHEAD_OF_WORKER = 8;
    private static final long HISTOGRAM_ROOM = 256 << 10;
    private static final long PATIENCE_NANOS = 10_000_000;
    private static final long NANOS_OF_MS = 1_000_000;

    private final SeriesRows rows;
    private final QueryContext context;
    private final QueryWorkers workers;
    private final List<ReadPart> parts;
    private final int steps;
    private final long patienceNanos;
    private final Queue<SeriesWork> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Row> spare = new ConcurrentLinkedQueue<>();
    private final Object lock = new Object();
    private volatile boolean stopped;
    private boolean interrupted;

    /** Part whose turn it is; this and what follows is guarded by the lock. */
    private int turn;

    /** Parts that somebody has begun to read: those before this one. */
    private int begun;

    private int helpers;

    /**
     * A reading.
     *
     * @param patienceNanos how long the query's own thread waits for a part that another has begun with
     */
    PartedReading(SeriesRows rows, QueryContext context, int steps, long patienceNanos, List<Selection> selections) {
        this.rows = rows;
        this.patienceNanos = patienceNanos;
        this.context = context;
        this.workers = context.workers();
        this.steps = steps;
        this.parts = selections.stream()
                .map(selection -> new ReadPart(selection, context.budget(), () -> stopped))
                .toList();
    }

    /** Memory of what may be read before its turn, in bytes, if parts have so many series. */
    static long bytesInFlight(int workers, int size, Steps steps) {
        long part = size * Row.bytes(steps.count()) + HISTOGRAM_ROOM;
        return (long) workers * (AHEAD_OF_WORKER * part + 8L * steps.count());
    }

    /** Reads all parts. */
    void read(SeriesWork own) {
        idle.add(own);
        for (ReadPart part : parts) {
            askForHelp();
            if (!claimTurn() && await(part)) {
                take(part);
            } else {
                SeriesWork work = work();
                rows.alone(part.selection(), work);
                idle.add(work);
            }
            synchronized (lock) {
                turn++;
            }
        }
    }

    private SeriesWork work() {
        SeriesWork work = idle.poll();
        return work == null ? rows.newWork() : work;
    }

    private void askForHelp() {
        while (true) {
            synchronized (lock) {
                boolean enough = helpers == workers.workers() - 1;
                if (enough || begun + 1 >= Math.min(parts.size(), turn + AHEAD_OF_WORKER * workers.workers())) {
                    return;
                }
                helpers++;
            }
            if (!workers.help(() -> context.budget().turn().help(this::help))) {
                synchronized (lock) {
                    helpers--;
                }
                return;
            }
        }
    }

    private void help() {
        try {
            for (ReadPart part = claim(); part != null; part = claim()) {
                readAhead(part);
            }
        } finally {
            synchronized (lock) {
                helpers--;
                lock.notifyAll();
            }
        }
    }

    /** Takes the part whose turn it is, if nobody has begun with it. */
    private boolean claimTurn() {
        synchronized (lock) {
            if (begun == turn) {
                begun++;
                return true;
            }
            return false;
        }
    }

    /** The next part that may be read ahead of its turn, or null if there is none. */
    private @Nullable ReadPart claim() {
        synchronized (lock) {
            boolean none = begun >= Math.min(parts.size(), turn + AHEAD_OF_WORKER * workers.workers());
            return stopped || none ? null : parts.get(begun++);
        }
    }

    private void readAhead(ReadPart part) {
        try {
            SeriesWork work = work();
            SeriesSet set = part.selection().open(rows.rule(), part.budget());
            try {
                readAhead(part, set, work);
            } finally {
                if (part.left() == null) {
                    set.close();
                }
            }
            if (part.left() == null) {
                idle.add(work);
            }
        } catch (RuntimeException | Error e) { // thrown again when it is the part's turn
            part.fail(e);
        }
        synchronized (lock) {
            ReadPart.Left left = part.left();
            if (part.isAbandoned() && left != null) {
                left.set().close();
            }
            part.finish();
            lock.notifyAll();
        }
    }

    private void readAhead(ReadPart part, SeriesSet set, SeriesWork work) {
        long histograms = 0;
        while (set.next()) {
            work.read(set);
            if (work.isMixed() || histograms > HISTOGRAM_ROOM) {
                part.leave(set, work);
                return;
            }
            Row row = spare.poll();
            if (row == null) {
                row = new Row(steps);
            }
            work.make(set.labels(), row);
            histograms += row.hasHistograms() ? HistogramCalls.bytes(row) : 0;
            part.made()
                    .add(new ReadPart.Made(
                            set.labels(),
                            row,
                            part.budget().takeSamples(),
                            part.budget().takeBytes(),
                            work.reader().heldBytes(),
                            work.flaws().isEmpty() ? null : EnumSet.copyOf(work.flaws())));
            work.flaws().clear();
        }
        part.holes(set.holes());
    }

    /**
     * Waits for a part that somebody else reads, and reads further ones meanwhile. Where a thread is held up, as on a
     * busy machine, its part is read once more.
     *
     * @return whether it is finished
     */
    private boolean await(ReadPart part) {
        long since = -1;
        while (true) {
            synchronized (lock) {
                if (part.isFinished()) {
                    return true;
                }
            }
            ReadPart ahead = claim();
            if (ahead != null) {
                readAhead(ahead);
                continue;
            }
            long now = context.budget().nanos();
            since = since < 0 ? now : since;
            synchronized (lock) {
                long left = patienceNanos - (now - since);
                if (!part.isFinished() && left <= 0) {
                    part.abandon();
                    return false;
                }
                if (!part.isFinished()) {
                    pause(Math.min(left, PATIENCE_NANOS));
                }
            }
            context.budget().check();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // those who call it look again afterwards
    private void pause(long nanos) {
        try {
            lock.wait(nanos / NANOS_OF_MS, (int) (nanos % NANOS_OF_MS));
        } catch (InterruptedException e) {
            interrupted = true; // told at the end: helpers must have left by then
        }
    }

    private void take(ReadPart part) {
        for (ReadPart.Made made : part.made()) {
            spare.add(rows.take(made));
        }
        Throwable failure = part.failure();
        if (failure instanceof Error error) {
            throw error;
        } else if (failure != null) {
            throw (RuntimeException) failure;
        }
        ReadPart.Left left = part.left();
        if (left != null) {
            rows.goOn(left, part.budget());
            part.holes(left.set().holes());
            left.set().close();
        } else {
            context.budget().charge(part.budget().takeSamples(), part.budget().takeBytes());
        }
        context.annotations().holes(part.holes());
        part.made().clear();
    }

    @Override
    public void close() {
        stopped = true;
        synchronized (lock) {
            while (helpers > 0) {
                pause(PATIENCE_NANOS);
            }
        }
        for (ReadPart part : parts) {
            ReadPart.Left left = part.left();
            if (left != null) {
                left.set().close(); // once more does nothing
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
