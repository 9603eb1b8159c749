package io.varve.server.scrape.format;

import static io.varve.server.scrape.format.TextMetadata.pastBlanks;
import static io.varve.server.scrape.format.TextMetadata.tokenEnd;

import io.varve.server.write.text.LineSyntaxException;
import io.varve.server.write.text.NumberText;
import io.varve.server.write.text.SeriesText;

/**
 * Prometheus' text format, 0.0.4 and 1.0.0: lines of {@code series value [milliseconds]}, comments, and what they say
 * about metrics. Other than an import it is read as a whole or not at all.
 */
public final class PrometheusText implements ExpositionParser {

    /** A parser. */
    public PrometheusText() {}

    @Override
    public void parse(byte[] bytes, int from, int to, ExpositionSink sink) {
        long number = 0;
        int at = from;
        try {
            while (at < to) {
                number++;
                int end = lineEnd(bytes, at, to);
                int begin = pastBlanks(bytes, at, end);
                if (begin < end) {
                    if (bytes[begin] == '#') {
                        TextMetadata.read(bytes, begin, withoutReturn(bytes, begin, end), sink);
                    } else {
                        sample(bytes, begin, withoutReturn(bytes, begin, end), sink);
                    }
                }
                at = end + 1;
            }
        } catch (LineSyntaxException e) {
            throw MalformedExpositionException.line(number, e.message());
        } catch (IllegalArgumentException e) {
            throw MalformedExpositionException.line(number, String.valueOf(e.getMessage()));
        }
    }

    /** Where a line ends. */
    static int lineEnd(byte[] bytes, int from, int to) throws LineSyntaxException {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        if (at - from > MAX_LINE) {
            throw new LineSyntaxException("longer than " + MAX_LINE + " bytes");
        }
        return at;
    }

    private static int withoutReturn(byte[] bytes, int from, int to) {
        return to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    }

    private static void sample(byte[] bytes, int from, int to, ExpositionSink sink) throws LineSyntaxException {
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
        at = pastBlanks(bytes, end, to);
        long millis = ExpositionSink.NO_TIME;
        if (at < to) {
            end = tokenEnd(bytes, at, to);
            millis = NumberText.millis(bytes, at, end);
            at = pastBlanks(bytes, end, to);
            if (at < to) {
                throw new LineSyntaxException("text behind the timestamp");
            }
        }
        sink.series(bytes, from, seriesEnd);
        sink.sample(value, millis);
    }
}
