package io.varve.server.backtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a detector over the history of all series of an expression. History is read in pieces of time, each as long as
 * to hold about {@value #PIECE} samples, and forgotten piece by piece.
 */
public final class Backtest {

    static final int PIECE = 200_000;

    private static final long FIRST_MS = 3_600_000;
    private static final long SHORTEST_MS = 1_000;
    private static final long LONGEST_MS = 30L * 86_400_000;
    private static final long MOST_STEPS = 10_000;

    private final BacktestSettings settings;
    private final Map<String, SeriesBacktest> series = new TreeMap<>();
    private long samples;

    private Backtest(BacktestSettings settings) {
        this.settings = settings;
    }

    /**
     * Runs a detector over history.
     *
     * @throws BacktestException if there is no history or too much, or it can't be read
     */
    public static BacktestReport run(BacktestSettings settings, History history) {
        Backtest test = new Backtest(settings);
        test.read(history);
        if (test.samples == 0) {
            throw new BacktestException("no samples of " + settings.expression()
                    + " in that time: look for its series with varve query, or widen --start and --end");
        }
        List<SeriesBacktest> all = new ArrayList<>(test.series.values());
        return new BacktestReport(settings, all);
    }

    private void read(History history) {
        long from = settings.startMs();
        long length = FIRST_MS;
        while (from <= settings.endMs()) {
            long to = Math.min(settings.endMs(), from + wholeSteps(length) - 1);
            long before = samples;
            history.read(settings, from, to, this::take);
            long read = samples - before;
            length = read > PIECE ? length / 2 : read < PIECE / 4 ? length * 4 : length;
            length = Math.max(SHORTEST_MS, Math.min(LONGEST_MS, length));
            from = to + 1;
        }
    }

    /** A length that holds whole steps, so that the next piece begins at one. */
    private long wholeSteps(long length) {
        long step = settings.stepMs();
        return step == 0 ? length : step * Math.max(1, Math.min(MOST_STEPS, length / step));
    }

    private void take(String name, int count, long[] times, double[] values) {
        SeriesBacktest one = series.get(name);
        if (one == null) {
            if (series.size() == BacktestSettings.MOST_SERIES) {
                throw new BacktestException("more than " + BacktestSettings.MOST_SERIES + " series of "
                        + settings.expression() + ": name fewer of them");
            }
            one = new SeriesBacktest(name, settings);
            series.put(name, one);
        }
        samples += count;
        if (samples > BacktestSettings.MOST_SAMPLES) {
            throw new BacktestException("more than " + BacktestSettings.MOST_SAMPLES + " samples of "
                    + settings.expression() + ": name fewer series, a shorter time, or a longer --step");
        }
        for (int i = 0; i < count; i++) {
            one.take(times[i], values[i]);
        }
    }

    /** The expression with the window that reads from one millisecond to another, both included. */
    static String window(String expression, long fromMs, long toMs) {
        return String.format(Locale.ROOT, "%s[%dms]", expression, toMs - fromMs + 1);
    }

    /** What is told of an expression that is refused; the lines that point into it show a window that nobody wrote. */
    static String refused(BacktestSettings settings, String lines) {
        String why = lines.lines().findFirst().orElse("");
        String hint = settings.stepMs() == 0 ? "; an expression that is more than a selector needs --step" : "";
        return "cannot read " + settings.expression() + ": " + why + hint;
    }
}
