package io.varve.server.scrape;

import io.varve.server.config.ScrapeConfig.Format;
import io.varve.server.config.ScrapeProtocol;
import io.varve.server.scrape.fetch.Decompressor;
import io.varve.server.scrape.fetch.Fetcher.Answer;
import io.varve.server.scrape.format.ExpositionParser;
import io.varve.server.scrape.format.OpenMetricsText;
import io.varve.server.scrape.format.PrometheusProtobuf;
import io.varve.server.scrape.format.PrometheusText;
import io.varve.server.scrape.series.ScrapeBatch;
import io.varve.server.scrape.series.ScrapeFailure;
import io.varve.server.scrape.series.ScrapeWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What it takes to read an answer: parsers and buffers, used again by the next one. One thread at a time. */
final class AnswerReader implements AutoCloseable {

    private static final int SHOWN = 100;

    private final ScrapeWriter writer;
    private final ScrapeBatch batch = new ScrapeBatch();
    private final Decompressor decompressor = new Decompressor();
    private final PrometheusText text = new PrometheusText();
    private final OpenMetricsText openMetrics = new OpenMetricsText();
    private final @Nullable PrometheusProtobuf[] protobuf = new @Nullable PrometheusProtobuf[4];

    /** A reader that owns its writer. */
    AnswerReader(ScrapeWriter writer) {
        this.writer = writer;
    }

    ScrapeWriter writer() {
        return writer;
    }

    ScrapeBatch batch() {
        return batch;
    }

    Decompressor decompressor() {
        return decompressor;
    }

    /**
     * The parser of an answer, by its content type.
     *
     * @throws ScrapeFailure if there is none
     */
    ExpositionParser parser(Answer answer, Format format) {
        String type = answer.contentType().toLowerCase(Locale.ROOT);
        int semicolon = type.indexOf(';');
        String media = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
        ScrapeProtocol protocol =
                switch (media) {
                    case "text/plain" -> ScrapeProtocol.TEXT_0;
                    case "application/openmetrics-text" -> ScrapeProtocol.OPEN_METRICS_1;
                    case "application/vnd.google.protobuf" ->
                        type.contains("io.prometheus.client.metricfamily") && type.contains("delimited")
                                ? ScrapeProtocol.PROTOBUF
                                : format.fallback();
                    default -> format.fallback();
                };
        if (protocol == null) {
            String shown = answer.contentType().length() <= SHOWN
                    ? answer.contentType()
                    : answer.contentType().substring(0, SHOWN) + "…";
            throw new ScrapeFailure(
                    shown.isEmpty()
                            ? "the answer has no Content-Type: set fallback_scrape_protocol to read it"
                            : "no format of metrics: Content-Type \"" + shown
                                    + "\"; set fallback_scrape_protocol to read it");
        }
        return switch (protocol) {
            case PROTOBUF -> protobuf(format);
            case OPEN_METRICS_0, OPEN_METRICS_1 -> openMetrics;
            default -> text;
        };
    }

    private PrometheusProtobuf protobuf(Format format) {
        int place = (format.nativeHistograms() ? 1 : 0) + (format.classicToo() ? 2 : 0);
        PrometheusProtobuf parser = protobuf[place];
        if (parser == null) {
            parser = new PrometheusProtobuf(format.nativeHistograms(), format.classicToo());
            protobuf[place] = parser;
        }
        return parser;
    }

    @Override
    public void close() {
        writer.close();
    }
}
