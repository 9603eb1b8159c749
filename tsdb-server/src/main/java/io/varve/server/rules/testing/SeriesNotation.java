package io.varve.server.rules.testing;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.StaleMarker;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramFold;
import io.varve.query.histogram.HistogramMath;
import io.varve.query.histogram.HistogramNotation;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Parser;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Series as unit tests of rules write them: {@code up{job="a"}}, and values {@code 1 _ 2+3x4 stale}. They stay runs: a
 * value that comes a million times takes as much memory as one.
 */
final class SeriesNotation {

    private static final String NUMBER = "(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[iI]nf|[nN]a[nN])";
    private static final Pattern FLOATS =
            Pattern.compile("([+-]?" + NUMBER + ")(?:(?:([+-]" + NUMBER + "))?x([0-9]{1,9}))?");
    private static final Pattern BLANKS = Pattern.compile("_(?:x([0-9]{1,9}))?");
    private static final Pattern HISTOGRAMS =
            Pattern.compile("(\\{\\{[^{}]*\\}\\})(?:(?:([+-])(\\{\\{[^{}]*\\}\\}))?x([0-9]{1,9}))?");

    private SeriesNotation() {}

    /**
     * Values that follow one another.
     *
     * @param count how many, at least 0
     * @param value the first, if it is no histogram
     * @param step from one to the next
     * @param histogram the first, if it is one
     * @param histogramStep from one to the next, null if they are all the same
     * @param blank whether there is none, at as many times
     */
    record Run(
            long count,
            double value,
            double step,
            @Nullable Histogram histogram,
            @Nullable Histogram histogramStep,
            boolean blank) {}

    /**
     * The labels of {@code name{label="value"}}; none for an empty text and for {@code {}}.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Labels labels(String text) {
        String series = text.strip();
        if (series.isEmpty() || series.equals("{}")) {
            return Labels.EMPTY;
        }
        if (!(Parser.parse(series) instanceof Expr.Selector selector)
                || !selector.timing().equals(Expr.Timing.PLAIN)) {
            throw new IllegalArgumentException("not a series, as up{job=\"a\"} is: " + text);
        }
        List<String> pairs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Matcher matcher : selector.matchers()) {
            if (matcher.type() != Matcher.Type.EQUAL) {
                throw new IllegalArgumentException("a label of a series has one value: " + matcher);
            }
            if (!names.add(matcher.name())) {
                throw new IllegalArgumentException("a series has the label twice: " + matcher.name());
            }
            if (!matcher.value().isEmpty()) {
                pairs.add(matcher.name());
                pairs.add(matcher.value());
            }
        }
        return Labels.of(pairs.toArray(new String[0]));
    }

    /**
     * The values of a series, one an interval.
     *
     * @throws IllegalArgumentException if they are none, with the one that is wrong
     */
    static List<Run> values(String text) {
        List<Run> runs = new ArrayList<>();
        for (String item : items(text)) {
            runs.add(run(item));
        }
        return runs;
    }

    private static Run run(String item) {
        java.util.regex.Matcher blanks = BLANKS.matcher(item);
        if (blanks.matches()) {
            return new Run(blanks.group(1) == null ? 1 : Long.parseLong(blanks.group(1)), 0, 0, null, null, true);
        }
        if (item.equals("stale")) {
            return new Run(1, StaleMarker.VALUE, 0, null, null, false);
        }
        java.util.regex.Matcher histograms = HISTOGRAMS.matcher(item);
        if (histograms.matches()) {
            Histogram first = HistogramNotation.floating(histograms.group(1));
            Histogram step = histograms.group(3) == null ? null : HistogramNotation.floating(histograms.group(3));
            boolean falls = "-".equals(histograms.group(2));
            return new Run(
                    count(histograms.group(4)),
                    0,
                    0,
                    first,
                    step == null || !falls ? step : HistogramMath.times(step, -1),
                    false);
        }
        java.util.regex.Matcher floats = FLOATS.matcher(item);
        if (!floats.matches()) {
            throw new IllegalArgumentException(
                    "not values, as 5, 0+10x3, _, stale or {{schema:0 count:1}} are: " + item);
        }
        double first = HistogramNotation.number(floats.group(1));
        double step = floats.group(2) == null ? 0 : HistogramNotation.number(floats.group(2));
        return new Run(count(floats.group(3)), first, step, null, null, false);
    }

    /** {@code x3} is three more. */
    private static long count(@Nullable String times) {
        return times == null ? 1 : Long.parseLong(times) + 1;
    }

    /** What stands between spaces, histograms whole. */
    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        int depth = 0;
        int from = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            boolean space = Character.isWhitespace(c) && depth <= 0;
            if (space && from >= 0) {
                items.add(text.substring(from, i));
                from = -1;
            } else if (!space && from < 0) {
                from = i;
            }
        }
        if (from >= 0) {
            items.add(text.substring(from));
        }
        return items;
    }

    /** Walks over the values of a series in their order. */
    static final class Walk {

        private final List<Run> runs;
        private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
        private int run;
        private long left;
        private double value;
        private @Nullable Histogram histogram;

        Walk(List<Run> runs) {
            this.runs = runs;
            enter();
        }

        private void enter() {
            while (run < runs.size() && runs.get(run).count() == 0) {
                run++;
            }
            if (run < runs.size()) {
                Run entered = runs.get(run);
                left = entered.count();
                value = entered.value();
                histogram = entered.histogram();
            }
        }

        boolean hasNext() {
            return run < runs.size();
        }

        /** Whether there is no value at this time. */
        boolean isBlank() {
            return runs.get(run).blank();
        }

        double value() {
            return value;
        }

        @Nullable
        Histogram histogram() {
            return histogram;
        }

        void next() {
            Run at = runs.get(run);
            if (--left == 0) {
                run++;
                enter();
                return;
            }
            value += at.step();
            Histogram step = at.histogramStep();
            if (step != null && histogram != null) {
                histogram = new HistogramFold(flaws).add(histogram).add(step).total();
            }
        }
    }
}
