package io.varve.server.scrape.format;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.server.write.LabelRules;
import io.varve.server.write.WriteLimits;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a parser tells, one line for each call, with labels as they would be stored. */
final class RecordingSink implements ExpositionSink {

    private final SeriesKeys keys = new SeriesKeys(new LabelRules(WriteLimits.defaults()));
    private final List<String> told = new ArrayList<>();
    private String series = "";

    static List<String> parse(ExpositionParser parser, byte[] bytes) {
        RecordingSink sink = new RecordingSink();
        parser.parse(bytes, 0, bytes.length, sink);
        return sink.told;
    }

    @Override
    public int expected(byte[] bytes, int from, int to) {
        return -1;
    }

    @Override
    public void series(byte[] bytes, int from, int to) {
        series = keys.labels(bytes, from, to - from).toString();
    }

    private static String at(long millis) {
        return millis == NO_TIME ? "" : " @" + millis;
    }

    @Override
    public void sample(double value, long millis) {
        told.add(series + " " + value + at(millis));
    }

    @Override
    public void histogram(Histogram histogram, long millis) {
        told.add(series + " " + histogram + at(millis));
    }

    @Override
    public boolean exemplarIsNew(byte[] bytes, int from, int to) {
        return true;
    }

    @Override
    public void exemplar(Labels labels, double value, long millis) {
        told.add("exemplar " + labels + " " + value + at(millis));
    }

    @Override
    public void start(long millis) {
        told.add("start " + millis);
    }

    @Override
    public boolean metadataIsNew(byte[] bytes, int from, int to) {
        return true;
    }

    @Override
    public void metadata(String metric, String type, String help, String unit) {
        told.add("metadata " + metric + "|" + type + "|" + help + "|" + unit);
    }
}
