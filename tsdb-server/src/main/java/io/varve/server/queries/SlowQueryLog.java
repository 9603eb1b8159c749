package io.varve.server.queries;

import io.varve.core.model.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells of queries that took long, in one line each with what they read. The same expression is told of once a minute
 * and counted meanwhile; of different ones so many a minute at most. Any thread; the lock is held for a moment only.
 */
public final class SlowQueryLog {

    private static final long MINUTE = 60_000_000_000L;
    private static final int LINES_A_MINUTE = 20;
    private static final int REMEMBERED = 200;
    private static final int LONGEST_EXPRESSION = 500;

    /** When an expression was told of, and how often it was slow since. */
    private static final class Told {
        private final long at;
        private long since;

        Told(long at) {
            this.at = at;
        }
    }

    private final Supplier<Duration> threshold;
    private final TimeSource clock;
    private final Consumer<String> log;
    private final Map<String, Told> told = new LinkedHashMap<>();
    private long minuteBegan;
    private int lines;
    private long unsaid;

    /**
     * Nothing told yet.
     *
     * @param threshold from when on a query is slow; zero tells of none
     * @param log takes a line
     */
    public SlowQueryLog(Supplier<Duration> threshold, TimeSource clock, Consumer<String> log) {
        this.threshold = threshold;
        this.clock = clock;
        this.log = log;
        this.minuteBegan = clock.nanoTime();
    }

    /**
     * A query has ended.
     *
     * @param nanos how long it took, its answer included
     */
    void ended(ActiveQuery query, long nanos) {
        long least = threshold.get().toNanos();
        if (least > 0 && nanos >= least) {
            String line = lineOf(query, nanos);
            if (!line.isEmpty()) {
                log.accept(line);
            }
        }
    }

    private synchronized String lineOf(ActiveQuery query, long nanos) {
        long now = clock.nanoTime();
        if (now - minuteBegan >= MINUTE) {
            minuteBegan = now;
            lines = 0;
        }
        String expression = shown(query.expression());
        Told before = told.get(expression);
        if (before != null && now - before.at < MINUTE) {
            before.since++;
            return "";
        }
        if (lines >= LINES_A_MINUTE) {
            unsaid++;
            return "";
        }
        lines++;
        told.remove(expression);
        told.put(expression, new Told(now));
        if (told.size() > REMEMBERED) {
            told.remove(told.keySet().iterator().next());
        }
        String more =
                before == null || before.since == 0 ? "" : "; " + before.since + " times more since it was told of";
        String others = unsaid == 0 ? "" : "; " + unsaid + " other slow queries were not told of";
        unsaid = 0;
        return String.format(
                Locale.ROOT,
                "%.3f s, %,d series, %,d samples, %,d bytes read, %,d bytes of memory, %s, from %s: %s%s%s",
                nanos / 1e9,
                query.control().series(),
                query.control().samples(),
                query.control().bytesRead(),
                query.control().bytes(),
                query.outcome(),
                query.client(),
                expression,
                more,
                others);
    }

    /** An expression in one line that cannot be mistaken for another. */
    private static String shown(String expression) {
        StringBuilder line = new StringBuilder();
        int length = Math.min(expression.length(), LONGEST_EXPRESSION);
        for (int i = 0; i < length; i++) {
            char c = expression.charAt(i);
            line.append(c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029 ? ' ' : c);
        }
        return expression.length() > length ? line.append('…').toString() : line.toString();
    }
}
