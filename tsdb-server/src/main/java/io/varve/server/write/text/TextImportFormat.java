package io.varve.server.write.text;

import io.varve.core.model.TimeSource;
import io.varve.server.health.RequestPeaks.Kind;
import io.varve.server.http.BodyBytes;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.write.LabelRules;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.Refusal;
import io.varve.server.write.WriteDoor;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteSession;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The import of text over HTTP, as it is or gzipped. A bad line is counted with its number while the others are kept;
 * a line without a timestamp is of the moment at which the import began.
 */
public final class TextImportFormat implements WriteDoor.Format<TextImportFormat.State> {

    /** What a request needs while it is decoded. */
    public static final class State {

        private final WriteSession session;
        private final LineReader lines;
        private final LineParser parser;
        private final SeriesText series;

        /** A new state. */
        public State(WriteSession session, WriteLimits limits, MetadataStore metadata) {
            this.session = session;
            this.lines = new LineReader(limits.lineBytes());
            this.parser = new LineParser(metadata);
            this.series = new SeriesText(new LabelRules(limits));
        }

        /** Its session. */
        public WriteSession session() {
            return session;
        }
    }

    private final WriteLimits limits;
    private final TimeSource clock;

    /** The format; the clock gives the time of lines without one. */
    public TextImportFormat(WriteLimits limits, TimeSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public void check(HttpExchange exchange) {
        encoding(exchange);
    }

    private static boolean encoding(HttpExchange exchange) {
        String encoding = exchange.header("Content-Encoding");
        String name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "", "identity" -> false;
            case "gzip", "x-gzip" -> true;
            default ->
                throw HttpProblem.of(
                        ErrorType.BAD_DATA, 415, "Content-Encoding is gzip or none: value=" + LabelRules.shown(name));
        };
    }

    @Override
    public WriteSession session(State state) {
        return state.session;
    }

    @Override
    public void decode(HttpExchange exchange, State state) throws IOException {
        BodyBytes body = exchange.body();
        InputStream bytes = new ByteArrayInputStream(body.array(), 0, body.length());
        try (InputStream in = encoding(exchange) && body.length() > 0 ? new GZIPInputStream(bytes) : bytes) {
            decode(in, state);
        } catch (ZipException | EOFException e) {
            throw HttpProblem.badData("cannot decode import: damaged gzip after line " + state.lines.number());
        }
    }

    /**
     * Decodes text, line by line.
     *
     * @throws HttpProblem 413 if there is more of it than allowed
     */
    void decode(InputStream in, State state) throws IOException {
        long now = Math.floorDiv(clock.epochNanos(), 1_000_000L);
        LineReader lines = state.lines;
        LineParser parser = state.parser;
        WriteSession session = state.session;
        lines.reset(in);
        try {
            while (lines.next()) {
                if (lines.total() > limits.textBytes()) {
                    throw HttpProblem.tooLarge("the import, decompressed,", limits.textBytes());
                }
                session.report().line(lines.number());
                if (lines.tooLong()) {
                    session.refuse(Refusal.LINE_TOO_LONG, 1, "limit=" + limits.lineBytes());
                    continue;
                }
                try {
                    if (parser.parse(lines.bytes(), lines.from(), lines.to())) {
                        int length = parser.seriesTo() - parser.seriesFrom();
                        session.series(lines.bytes(), parser.seriesFrom(), length, state.series);
                        session.sample(parser.timed() ? parser.millis() : now, parser.value());
                    }
                } catch (LineSyntaxException e) {
                    session.refuse(Refusal.SYNTAX, 1, e.message());
                }
            }
        } finally {
            limits.peaks().record(Kind.IMPORT_BYTES, lines.total());
            limits.peaks().record(Kind.LINE_BYTES, lines.longest());
        }
    }

    @Override
    public void trim(State state) {
        state.lines.trim();
    }
}
