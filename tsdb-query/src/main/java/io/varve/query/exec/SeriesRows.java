package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import io.varve.query.QueryWorkers;
import io.varve.query.histogram.Flaw;
import io.varve.query.kernel.Row;
import io.varve.query.plan.PartBudget;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Makes a row of each series of a selection. The first few are read by the query's own thread, which so learns whether
 * the rest is worth sharing with others.
 */
final class SeriesRows {

    private static final int SHARED_FROM = 4;
    private static final int FIRST = 4;
    private static final int PARTS_OF_FIRST = 16;
    private static final int MOST_IN_PART = 16;
    private static final long PART_NANOS = 200_000;
    private static final long LEAST_PATIENCE_NANOS = 1_000_000;

    private final Evaluator evaluator;
    private final QueryContext context;
    private final SummaryRule rule;
    private final Supplier<SeriesWork> works;
    private final BiConsumer<SeriesWork, Labels> mixed;
    private final RowTaker taker;

    /** What was charged for the samples of a series, bytes. */
    private long charged;

    /**
     * A reading.
     *
     * @param works makes the work of each thread; any thread asks it
     * @param mixed reads a series once more that {@link SeriesWork#isMixed}; asked by the query's own thread
     * @param taker takes the rows
     */
    SeriesRows(
            Evaluator evaluator,
            SummaryRule rule,
            Supplier<SeriesWork> works,
            BiConsumer<SeriesWork, Labels> mixed,
            RowTaker taker) {
        this.evaluator = evaluator;
        this.context = evaluator.context();
        this.rule = rule;
        this.works = works;
        this.mixed = mixed;
        this.taker = taker;
    }

    /** Reads all series. */
    void read(Selection selection) {
        QueryWorkers workers = context.workers();
        SeriesWork work = works.get();
        int series = selection.series();
        List<Labels> cut = workers.workers() == 1 || series < SHARED_FROM
                ? List.of()
                : selection.cuts(Math.max(1, Math.min(FIRST, series / PARTS_OF_FIRST)), 1);
        if (cut.isEmpty()) {
            alone(selection, work);
            return;
        }
        List<Selection> parts = selection.cut(cut);
        long began = context.budget().nanos();
        int first = Math.max(1, alone(parts.get(0), work));
        long nanosEach = Math.max(1, (context.budget().nanos() - began) / first);
        Selection rest = parts.get(1);
        int even = rest.series() / (2 * workers.workers()) + 1;
        int size = (int) Math.max(1, Math.min(Math.min(PART_NANOS / nanosEach, MOST_IN_PART), even));
        if (nanosEach * rest.series() < workers.worthwhileNanos() || rest.series() <= size) {
            alone(rest, work);
            return;
        }
        long inFlight = PartedReading.bytesInFlight(workers.workers(), size, evaluator.steps());
        if (!context.budget().lend(inFlight)) {
            alone(rest, work);
            return;
        }
        long patience = Math.max(LEAST_PATIENCE_NANOS, 2 * nanosEach * size);
        List<Selection> shared = rest.cut(rest.cuts(size, Integer.MAX_VALUE));
        try (PartedReading reading =
                new PartedReading(this, context, evaluator.steps().count(), patience, shared)) {
            reading.read(work);
        } finally {
            context.budget().giveBackLent(inFlight);
        }
    }

    /** Reads series in the query's own thread; how many there were. */
    int alone(Selection selection, SeriesWork work) {
        try (SeriesSet set = selection.open(rule, context.budget())) {
            int series = rest(set, work);
            context.annotations().holes(set.holes());
            return series;
        }
    }

    private int rest(SeriesSet set, SeriesWork work) {
        int series = 0;
        while (set.next()) {
            context.budget().series();
            work.read(set);
            finish(set.labels(), work);
            series++;
        }
        return series;
    }

    private void finish(Labels labels, SeriesWork work) {
        chargeFor(work.reader().heldBytes());
        if (work.isMixed()) {
            mixed.accept(work, labels);
            chargeFor(work.reader().heldBytes());
        }
        Row row = evaluator.row();
        work.make(labels, row);
        taker.take(labels, row, work.flaws());
    }

    /** Takes a row that was made before its turn; an empty one for another series. */
    Row take(ReadPart.Made made) {
        context.budget().series();
        context.budget().charge(made.samples(), made.bytes());
        chargeFor(made.heldBytes());
        Row counted = evaluator.row();
        made.row().labelBytes(counted.labelBytes()); // what was charged goes with the row that is in use
        counted.labelBytes(0);
        Set<Flaw> flaws = made.flaws();
        taker.take(made.labels(), made.row(), flaws == null ? EnumSet.noneOf(Flaw.class) : flaws);
        return counted;
    }

    /** Reads the rest of a part. */
    void goOn(ReadPart.Left left, PartBudget used) {
        do {
            context.budget().series();
            context.budget().charge(used.takeSamples(), used.takeBytes());
            finish(left.set().labels(), left.work());
        } while (next(left));
        context.budget().charge(used.takeSamples(), used.takeBytes());
    }

    private static boolean next(ReadPart.Left left) {
        boolean any = left.set().next();
        if (any) {
            left.work().read(left.set());
        }
        return any;
    }

    SeriesWork newWork() {
        return works.get();
    }

    SummaryRule rule() {
        return rule;
    }

    /** What one series after the other needs is what the largest does. */
    private void chargeFor(long heldBytes) {
        if (heldBytes > charged) {
            context.budget().charge(0, heldBytes - charged);
            charged = heldBytes;
        }
    }
}
