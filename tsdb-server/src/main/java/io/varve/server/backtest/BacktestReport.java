package io.varve.server.backtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.server.backtest.SeriesBacktest.Moment;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What a back-test found, the series with the most alerts first; as a table for people or as JSON. */
public final class BacktestReport {

    private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999};

    private final BacktestSettings settings;
    private final List<SeriesBacktest> series;
    private final ScoreCounts scores = new ScoreCounts();
    private long samples;
    private long scored;
    private long alerts;
    private long coveredMs;
    private long alertingMs;
    private long firstMs = Long.MAX_VALUE;
    private long lastMs = Long.MIN_VALUE;

    BacktestReport(BacktestSettings settings, List<SeriesBacktest> series) {
        this.settings = settings;
        this.series = series.stream()
                .sorted(Comparator.comparingLong(SeriesBacktest::alerts)
                        .reversed()
                        .thenComparing(SeriesBacktest::name))
                .toList();
        for (SeriesBacktest one : series) {
            samples += one.samples();
            scored += one.scored();
            alerts += one.alerts();
            coveredMs += one.coveredMs();
            alertingMs += one.alertingMs();
            scores.addAll(one.scores());
            if (one.scored() > 0) {
                firstMs = Math.min(firstMs, one.firstMs());
                lastMs = Math.max(lastMs, one.lastMs());
            }
        }
    }

    /** Alerts of all series. */
    public long alerts() {
        return alerts;
    }

    /** Series that have samples. */
    public int series() {
        return series.size();
    }

    /** Prints a table: a line a series, below it its highest scores, and a total. */
    public void print(PrintStream out) {
        int width = Math.max(
                5, series.stream().mapToInt(one -> one.name().length()).max().orElse(0));
        String row = "%-" + width + "s %9s %8s %10s %9s %7s %7s %7s %7s%n";
        out.printf(
                "%s, %s from %s to %s, alerts from a score of %s%s%n",
                settings.expression(),
                settings.detector().label(),
                Instant.ofEpochMilli(settings.startMs()),
                Instant.ofEpochMilli(settings.endMs()),
                text(settings.threshold()),
                settings.forMs() == 0 ? "" : " for " + seconds(settings.forMs()) + " s");
        out.printf(row, "series", "samples", "alerts", "alerts/day", "alerting", "p50", "p90", "p99", "p99.9");
        for (SeriesBacktest one : series) {
            line(out, row, one.name(), one.samples(), one.alerts(), one.coveredMs(), share(one), one.scores());
            for (Moment moment : one.moments()) {
                out.printf(
                        "  %s  score %s  value %s%n",
                        Instant.ofEpochMilli(moment.timeMs()), text(moment.score()), moment.value());
            }
        }
        line(out, row, "total", samples, alerts, spanMs(), share(alertingMs, coveredMs), scores);
        out.println(series.size() == 1 ? "1 series" : series.size() + " series");
        if (scored == 0) {
            out.println("no sample has a score: the history is too short for this detector");
        }
    }

    private void line(
            PrintStream out,
            String row,
            String name,
            long count,
            long alerted,
            long spanMs,
            double share,
            ScoreCounts counts) {
        out.printf(
                row,
                name,
                count,
                alerted,
                text(perDay(alerted, spanMs)),
                Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f%%", 100 * share),
                text(counts.quantile(QUANTILES[0])),
                text(counts.quantile(QUANTILES[1])),
                text(counts.quantile(QUANTILES[2])),
                text(counts.quantile(QUANTILES[3])));
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
    }

    /** From the first score of any series to the last one. */
    private long spanMs() {
        return Math.max(0, scored == 0 ? 0 : lastMs - firstMs);
    }

    private static double perDay(long count, long spanMs) {
        return spanMs == 0 ? Double.NaN : count * 86_400_000.0 / spanMs;
    }

    private static double share(SeriesBacktest one) {
        return share(one.alertingMs(), one.coveredMs());
    }

    private static double share(long part, long whole) {
        return whole == 0 ? Double.NaN : part / (double) whole;
    }

    private static String text(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.3f" : "%.0f", value);
    }

    /** The same as JSON, one object; what is not known is null. */
    public String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("expression", settings.expression());
            json.writeStringField("detector", settings.detector().label());
            json.writeNumberField("threshold", settings.threshold());
            json.writeNumberField("forSeconds", settings.forMs() / 1_000.0);
            json.writeStringField(
                    "start", Instant.ofEpochMilli(settings.startMs()).toString());
            json.writeStringField("end", Instant.ofEpochMilli(settings.endMs()).toString());
            json.writeArrayFieldStart("series");
            for (SeriesBacktest one : series) {
                json.writeStartObject();
                json.writeStringField("series", one.name());
                counts(json, one.samples(), one.scored(), one.alerts(), one.coveredMs(), share(one));
                quantiles(json, one.scores());
                json.writeArrayFieldStart("highest");
                for (Moment moment : one.moments()) {
                    json.writeStartObject();
                    json.writeStringField(
                            "time", Instant.ofEpochMilli(moment.timeMs()).toString());
                    json.writeStringField("value", String.valueOf(moment.value())); // may be infinite
                    json.writeNumberField("score", moment.score());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeObjectFieldStart("total");
            counts(json, samples, scored, alerts, spanMs(), share(alertingMs, coveredMs));
            quantiles(json, scores);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new AssertionError("BUG: memory cannot be written to", e);
        }
        return text.toString();
    }

    private static void counts(JsonGenerator json, long all, long withScore, long alerted, long spanMs, double share)
            throws IOException {
        json.writeNumberField("samples", all);
        json.writeNumberField("scored", withScore);
        json.writeNumberField("alerts", alerted);
        number(json, "alertsPerDay", perDay(alerted, spanMs));
        number(json, "alertingShare", share);
    }

    private static void quantiles(JsonGenerator json, ScoreCounts counts) throws IOException {
        json.writeObjectFieldStart("scores");
        for (double q : QUANTILES) {
            number(json, String.valueOf(q), counts.quantile(q));
        }
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isNaN(value)) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }
}
