package io.varve.server.scrape.format;

import static io.varve.server.scrape.format.TextMetadata.pastBlanks;
import static io.varve.server.scrape.format.TextMetadata.tokenEnd;

import io.varve.core.model.Labels;
import io.varve.server.write.LabelRules;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.text.LineSyntaxException;
import io.varve.server.write.text.NumberText;
import io.varve.server.write.text.SeriesText;
import java.util.Arrays;

/**
 * OpenMetrics' text, 1.0 and 0.0.1: {@code series value [seconds] [# {labels} value [seconds]]}, no blank lines, and
 * {@code # EOF} at the end. A {@code _created} line stays a series of its own; right behind the {@code _total} line
 * with the same labels it is the start of that counter's counting, too.
 */
public final class OpenMetricsText implements ExpositionParser {

    private static final byte[] EOF = {'#', ' ', 'E', 'O', 'F'};
    private static final byte[] CREATED = {'_', 'c', 'r', 'e', 'a', 't', 'e', 'd'};
    private static final byte[] TOTAL = {'_', 't', 'o', 't', 'a', 'l'};
    private static final double MILLIS = 1e3;
    private static final double LATEST = 1e15;

    private final SeriesText labels = new SeriesText(new LabelRules(WriteLimits.defaults()));
    private byte[] named = new byte[256];

    /** Where the line before stands if it is a counter's; {@code counterTo} is 0 if not. */
    private int counterFrom;

    private int counterNameEnd;
    private int counterTo;

    /** A parser. */
    public OpenMetricsText() {}

    @Override
    public void parse(byte[] bytes, int from, int to, ExpositionSink sink) {
        long number = 0;
        boolean ended = false;
        counterTo = 0;
        int at = from;
        try {
            while (at < to) {
                number++;
                if (ended) {
                    throw new LineSyntaxException("there is something behind # EOF");
                }
                int end = PrometheusText.lineEnd(bytes, at, to);
                if (end == at) {
                    throw new LineSyntaxException("a blank line");
                }
                if (bytes[at] != '#') {
                    sample(bytes, at, end, sink);
                } else if (Arrays.equals(bytes, at, end, EOF, 0, EOF.length)) {
                    ended = true;
                } else {
                    TextMetadata.read(bytes, at, end, sink);
                }
                at = end + 1;
            }
            if (!ended) {
                throw new LineSyntaxException("the answer does not end with # EOF");
            }
        } catch (LineSyntaxException e) {
            throw MalformedExpositionException.line(number, e.message());
        } catch (IllegalArgumentException e) {
            throw MalformedExpositionException.line(number, String.valueOf(e.getMessage()));
        }
    }

    private void sample(byte[] bytes, int from, int to, ExpositionSink sink) throws LineSyntaxException {
        int seriesEnd = sink.expected(bytes, from, to);
        if (seriesEnd < 0) {
            seriesEnd = SeriesText.end(bytes, from, to);
        }
        int at = pastBlanks(bytes, seriesEnd, to);
        int end = tokenEnd(bytes, at, to);
        if (at == end) {
            throw new LineSyntaxException("value is missing");
        }
        double value = NumberText.value(bytes, at, end);
        long millis = ExpositionSink.NO_TIME;
        at = pastBlanks(bytes, end, to);
        if (at < to && bytes[at] != '#') {
            end = tokenEnd(bytes, at, to);
            millis = millis(bytes, at, end);
            at = pastBlanks(bytes, end, to);
        }
        if (at < to && bytes[at] != '#') {
            throw new LineSyntaxException("text behind the timestamp");
        }
        started(bytes, from, seriesEnd, value, sink);
        sink.series(bytes, from, seriesEnd);
        sink.sample(value, millis);
        if (at < to && sink.exemplarIsNew(bytes, at, to)) {
            exemplar(bytes, at + 1, to, sink);
        }
    }

    private static long millis(byte[] bytes, int from, int to) throws LineSyntaxException {
        double seconds = NumberText.value(bytes, from, to);
        double millis = seconds * MILLIS;
        if (!(Math.abs(millis) < 9e18)) {
            throw new LineSyntaxException("no timestamp in seconds: " + seconds);
        }
        return (long) millis;
    }

    /** Tells the start of the counter before if this is its line of it. */
    private void started(byte[] bytes, int from, int to, double value, ExpositionSink sink) {
        int nameEnd = nameEnd(bytes, from, to);
        int suffix = nameEnd - CREATED.length;
        int base = counterNameEnd - TOTAL.length - counterFrom;
        if (counterTo > 0
                && suffix - from == base
                && value > 0
                && value < LATEST
                && Arrays.equals(bytes, suffix, nameEnd, CREATED, 0, CREATED.length)
                && Arrays.equals(bytes, from, suffix, bytes, counterFrom, counterFrom + base)
                && Arrays.equals(bytes, nameEnd, to, bytes, counterNameEnd, counterTo)) {
            sink.start((long) (value * MILLIS));
        }
        boolean counter = nameEnd - from > TOTAL.length
                && Arrays.equals(bytes, nameEnd - TOTAL.length, nameEnd, TOTAL, 0, TOTAL.length);
        counterFrom = from;
        counterNameEnd = nameEnd;
        counterTo = counter ? to : 0;
    }

    private static int nameEnd(byte[] bytes, int from, int to) {
        int nameEnd = from;
        while (nameEnd < to && bytes[nameEnd] != '{' && bytes[nameEnd] != ' ') {
            nameEnd++;
        }
        return nameEnd;
    }

    private void exemplar(byte[] bytes, int from, int to, ExpositionSink sink) throws LineSyntaxException {
        int at = pastBlanks(bytes, from, to);
        int labelsEnd = at < to && bytes[at] == '{' ? SeriesText.end(bytes, at, to) : at;
        if (labelsEnd == at) {
            throw new LineSyntaxException("labels of an exemplar are missing");
        }
        Labels of = labels(bytes, at, labelsEnd);
        at = pastBlanks(bytes, labelsEnd, to);
        int end = tokenEnd(bytes, at, to);
        double value = NumberText.value(bytes, at, end);
        at = pastBlanks(bytes, end, to);
        end = tokenEnd(bytes, at, to);
        long millis = at == end ? ExpositionSink.NO_TIME : millis(bytes, at, end);
        if (pastBlanks(bytes, end, to) < to) {
            throw new LineSyntaxException("text behind an exemplar");
        }
        sink.exemplar(of, value, millis);
    }

    /** Labels of an exemplar: those of a series, but that they have no name of a metric. */
    private Labels labels(byte[] bytes, int from, int to) {
        int length = to - from + 1;
        if (named.length < length) {
            named = new byte[2 * length];
        }
        named[0] = 'x';
        System.arraycopy(bytes, from, named, 1, to - from);
        return labels.decode(named, 0, length).without(Labels.NAME);
    }
}
