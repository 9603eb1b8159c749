package io.varve.server.scrape.format;

import io.varve.core.model.Histogram;
import io.varve.server.write.remote.MalformedWriteException;
import io.varve.server.write.remote.ProtoCursor;
import java.nio.charset.StandardCharsets;

/**
 * Messages {@code io.prometheus.client.MetricFamily}, each behind its length, read in place. Counters, gauges and
 * untyped metrics are one series; summaries and classic histograms are several; a native histogram is one, with its
 * classic buckets beside it if that is asked for.
 *
 * <pre>
 *   MetricFamily  1 name  2 help  3 enum type  4 repeated Metric  5 unit
 *   Metric        1 repeated LabelPair  2 Gauge  3 Counter  4 Summary  5 Untyped  6 int64 timestamp_ms  7 Histogram
 *   Gauge, Untyped  1 double value      Counter  1 double value  2 Exemplar  3 Timestamp created
 *   Summary       1 uint64 count  2 double sum  3 repeated Quantile {1 double quantile, 2 double value}  4 created
 *   Histogram     see {@link NativeHistogramReader};  3 repeated Bucket  15 created  16 repeated Exemplar
 *   Bucket        1 uint64 cumulative_count  2 double upper_bound  3 Exemplar  4 double cumulative_count_float
 *   Timestamp     1 int64 seconds  2 int32 nanos
 * </pre>
 *
 * <p>One thread at a time.
 */
public final class PrometheusProtobuf implements ExpositionParser {

    private static final int DELIMITED = ProtoCursor.LENGTH_DELIMITED;
    private static final int TYPE = 3 << 3 | ProtoCursor.VARINT;
    private static final int VALUE = 1 << 3 | ProtoCursor.FIXED64;
    private static final int SECOND_DOUBLE = 2 << 3 | ProtoCursor.FIXED64;
    private static final int FOURTH_DOUBLE = 4 << 3 | ProtoCursor.FIXED64;
    private static final int FIRST_INTEGER = 1 << 3 | ProtoCursor.VARINT;
    private static final int TIME = 6 << 3 | ProtoCursor.VARINT;
    private static final int LARGEST_TYPE = 5;
    private static final int GAUGE_HISTOGRAM = 5;
    private static final int MOST_HELP = 4 << 10;
    private static final int MOST_UNIT = 256;

    /** Types by their numbers, as Prometheus' API names them. */
    static final String[] TYPES = {"counter", "gauge", "summary", "unknown", "histogram", "gaugehistogram"};

    private final boolean nativeHistograms;
    private final boolean classicToo;
    private final ProtoCursor stream = new ProtoCursor();
    private final ProtoCursor family = new ProtoCursor();
    private final ProtoCursor metric = new ProtoCursor();
    private final ProtoCursor kind = new ProtoCursor();
    private final ProtoCursor inner = new ProtoCursor();
    private final ProtoKey key = new ProtoKey();
    private final NativeHistogramReader histogram = new NativeHistogramReader();
    private final ProtoExemplar exemplar = new ProtoExemplar();

    /**
     * A parser.
     *
     * @param nativeHistograms whether native histograms are told, else their classic buckets alone
     * @param classicToo whether classic buckets of native histograms are told as well
     */
    public PrometheusProtobuf(boolean nativeHistograms, boolean classicToo) {
        this.nativeHistograms = nativeHistograms;
        this.classicToo = classicToo;
    }

    @Override
    public void parse(byte[] bytes, int from, int to, ExpositionSink sink) {
        try {
            stream.reset(bytes, from, to);
            while (!stream.atEnd()) {
                int end = stream.length() + stream.position();
                family(bytes, stream.position(), end, sink);
                stream.position(end);
            }
        } catch (MalformedWriteException e) {
            throw new MalformedExpositionException("damaged protobuf at byte " + e.offset());
        } catch (IllegalArgumentException e) {
            throw new MalformedExpositionException(String.valueOf(e.getMessage()));
        } finally {
            histogram.trim();
        }
    }

    private void family(byte[] bytes, int from, int to, ExpositionSink sink) {
        int nameAt = 0;
        int nameLength = 0;
        int helpAt = 0;
        int helpLength = 0;
        int unitAt = 0;
        int unitLength = 0;
        int type = 0;
        family.reset(bytes, from, to);
        while (!family.atEnd()) {
            int tag = family.tag();
            if (tag == TYPE) {
                type = (int) family.varint();
            } else if ((tag & 7) == DELIMITED && tag >>> 3 != 4) {
                int length = family.length();
                int at = family.position();
                family.position(at + length);
                switch (tag >>> 3) {
                    case 1 -> {
                        nameAt = at;
                        nameLength = length;
                    }
                    case 2 -> {
                        helpAt = at;
                        helpLength = length;
                    }
                    case 5 -> {
                        unitAt = at;
                        unitLength = length;
                    }
                    default -> {}
                }
            } else {
                family.skip(tag);
            }
        }
        if (nameLength == 0 || type < 0 || type > LARGEST_TYPE) {
            throw new MalformedExpositionException("a family without a name, or of no type: type=" + type);
        }
        key.name(bytes, nameAt, nameLength);
        said(bytes, nameAt, nameLength, type, helpAt, helpLength, unitAt, unitLength, sink);
        family.reset(bytes, from, to);
        while (!family.atEnd()) {
            int tag = family.tag();
            if (tag == (4 << 3 | DELIMITED)) {
                int end = family.length() + family.position();
                metric(bytes, family.position(), end, type, sink);
                family.position(end);
            } else {
                family.skip(tag);
            }
        }
    }

    private void said(
            byte[] bytes,
            int nameAt,
            int nameLength,
            int type,
            int helpAt,
            int helpLength,
            int unitAt,
            int unitLength,
            ExpositionSink sink) {
        int bare = key.length();
        int keptHelp = Math.min(helpLength, MOST_HELP);
        key.kind((byte) (ProtoKey.FIRST_TYPE + type), keptHelp);
        key.label(bytes, helpAt, keptHelp);
        key.label(bytes, unitAt, Math.min(unitLength, MOST_UNIT));
        boolean fresh = sink.metadataIsNew(key.bytes(), 0, key.length());
        key.cut(bare);
        if (fresh) {
            sink.metadata(
                    text(bytes, nameAt, nameLength),
                    TYPES[type],
                    text(bytes, helpAt, helpLength),
                    text(bytes, unitAt, unitLength));
        }
    }

    private static String text(byte[] bytes, int at, int length) {
        return new String(bytes, at, length, StandardCharsets.UTF_8);
    }

    private void metric(byte[] bytes, int from, int to, int type, ExpositionSink sink) {
        int bare = key.length();
        int of = 0;
        int at = 0;
        int end = 0;
        long millis = ExpositionSink.NO_TIME;
        metric.reset(bytes, from, to);
        while (!metric.atEnd()) {
            int start = metric.position();
            int tag = metric.tag();
            if (tag == TIME) {
                millis = metric.varint();
            } else if ((tag & 7) == DELIMITED) {
                int length = metric.length();
                int content = metric.position();
                metric.position(content + length);
                if (tag >>> 3 == 1) {
                    key.label(bytes, start, content + length - start);
                } else if (tag >>> 3 <= 7) {
                    of = tag >>> 3;
                    at = content;
                    end = content + length;
                }
            } else {
                metric.skip(tag);
            }
        }
        millis = millis == 0 ? ExpositionSink.NO_TIME : millis;
        switch (of) {
            case 2, 5 -> value(bytes, at, end, millis, sink);
            case 3 -> counter(bytes, at, end, millis, sink);
            case 4 -> summary(bytes, at, end, millis, sink);
            case 7 -> histogram(bytes, at, end, type == GAUGE_HISTOGRAM, millis, sink);
            default -> throw new MalformedExpositionException("a metric without a value in front of byte " + to);
        }
        key.cut(bare);
    }

    private void tell(byte what, double bound, double value, long millis, ExpositionSink sink) {
        key.kind(what, bound);
        sink.series(key.bytes(), 0, key.length());
        sink.sample(value, millis);
    }

    private void value(byte[] bytes, int from, int to, long millis, ExpositionSink sink) {
        double value = 0;
        kind.reset(bytes, from, to);
        while (!kind.atEnd()) {
            int tag = kind.tag();
            if (tag == VALUE) {
                value = Double.longBitsToDouble(kind.fixed64());
            } else {
                kind.skip(tag);
            }
        }
        tell(ProtoKey.PLAIN, 0, value, millis, sink);
    }

    private void counter(byte[] bytes, int from, int to, long millis, ExpositionSink sink) {
        value(bytes, from, to, millis, sink);
        kind.reset(bytes, from, to);
        while (!kind.atEnd()) {
            int tag = kind.tag();
            if (tag == (2 << 3 | DELIMITED) || tag == (3 << 3 | DELIMITED)) {
                int end = kind.length() + kind.position();
                if (tag >>> 3 == 2) {
                    exemplar.tell(bytes, kind.position(), end, sink);
                } else {
                    started(bytes, kind.position(), end, sink);
                }
                kind.position(end);
            } else {
                kind.skip(tag);
            }
        }
    }

    private void started(byte[] bytes, int from, int to, ExpositionSink sink) {
        long start = ProtoExemplar.millis(inner, bytes, from, to);
        if (start > 0) {
            sink.start(start);
        }
    }

    private void summary(byte[] bytes, int from, int to, long millis, ExpositionSink sink) {
        double count = 0;
        double sum = 0;
        long created = 0;
        kind.reset(bytes, from, to);
        while (!kind.atEnd()) {
            int tag = kind.tag();
            if (tag == FIRST_INTEGER) {
                count = kind.varint();
            } else if (tag == SECOND_DOUBLE) {
                sum = Double.longBitsToDouble(kind.fixed64());
            } else if (tag == (3 << 3 | DELIMITED)) {
                int end = kind.length() + kind.position();
                quantile(bytes, kind.position(), end, millis, sink);
                kind.position(end);
            } else if (tag == (4 << 3 | DELIMITED)) {
                int end = kind.length() + kind.position();
                created = ProtoExemplar.millis(inner, bytes, kind.position(), end);
                kind.position(end);
            } else {
                kind.skip(tag);
            }
        }
        counted(count, sum, created, millis, sink);
    }

    private void counted(double count, double sum, long created, long millis, ExpositionSink sink) {
        tell(ProtoKey.COUNT, 0, count, millis, sink);
        if (created > 0) {
            sink.start(created);
        }
        tell(ProtoKey.SUM, 0, sum, millis, sink);
        if (created > 0) {
            sink.start(created);
        }
    }

    private void quantile(byte[] bytes, int from, int to, long millis, ExpositionSink sink) {
        double quantile = 0;
        double value = 0;
        inner.reset(bytes, from, to);
        while (!inner.atEnd()) {
            int tag = inner.tag();
            if (tag == VALUE) {
                quantile = Double.longBitsToDouble(inner.fixed64());
            } else if (tag == SECOND_DOUBLE) {
                value = Double.longBitsToDouble(inner.fixed64());
            } else {
                inner.skip(tag);
            }
        }
        tell(ProtoKey.QUANTILE, quantile, value, millis, sink);
    }

    private void histogram(byte[] bytes, int from, int to, boolean gauge, long millis, ExpositionSink sink) {
        long created = 0;
        histogram.clear();
        kind.reset(bytes, from, to);
        while (!kind.atEnd()) {
            int tag = kind.tag();
            if (tag == (15 << 3 | DELIMITED)) {
                int end = kind.length() + kind.position();
                created = ProtoExemplar.millis(inner, bytes, kind.position(), end);
                kind.position(end);
            } else if (!histogram.read(kind, bytes, tag)) {
                kind.skip(tag);
            }
        }
        boolean asNative = nativeHistograms && histogram.isNative();
        if (asNative) {
            Histogram read = histogram.histogram(gauge);
            key.kind(ProtoKey.PLAIN, 0);
            sink.series(key.bytes(), 0, key.length());
            sink.histogram(read, millis);
            if (created > 0) {
                sink.start(created);
            }
            exemplars(bytes, from, to, sink);
        }
        if (!asNative || classicToo) {
            classic(bytes, from, to, created, millis, sink);
        }
    }

    /** Exemplars of a native histogram: its own, and those of its buckets. */
    private void exemplars(byte[] bytes, int from, int to, ExpositionSink sink) {
        kind.reset(bytes, from, to);
        while (!kind.atEnd()) {
            int tag = kind.tag();
            if (tag == (16 << 3 | DELIMITED)) {
                int end = kind.length() + kind.position();
                exemplar.tell(bytes, kind.position(), end, sink);
                kind.position(end);
            } else {
                kind.skip(tag);
            }
        }
    }

    private void classic(byte[] bytes, int from, int to, long created, long millis, ExpositionSink sink) {
        boolean endless = false;
        boolean any = false;
        kind.reset(bytes, from, to);
        while (!kind.atEnd()) {
            int tag = kind.tag();
            if (tag == (3 << 3 | DELIMITED)) {
                int end = kind.length() + kind.position();
                endless |= bucket(bytes, kind.position(), end, created, millis, sink);
                any = true;
                kind.position(end);
            } else {
                kind.skip(tag);
            }
        }
        if (!endless && (any || !histogram.isNative() || !nativeHistograms)) {
            tell(ProtoKey.BUCKET, Double.POSITIVE_INFINITY, histogram.count(), millis, sink);
            if (created > 0) {
                sink.start(created);
            }
        }
        if (any || !histogram.isNative() || !nativeHistograms) {
            counted(histogram.count(), histogram.sum(), created, millis, sink);
        }
    }

    /** Tells a bucket, with its exemplar; whether it is the one without a bound. */
    private boolean bucket(byte[] bytes, int from, int to, long created, long millis, ExpositionSink sink) {
        double count = 0;
        double countFloat = 0;
        double bound = 0;
        int exemplarAt = 0;
        int exemplarEnd = 0;
        inner.reset(bytes, from, to);
        while (!inner.atEnd()) {
            int tag = inner.tag();
            if (tag == FIRST_INTEGER) {
                count = inner.varint();
            } else if (tag == SECOND_DOUBLE) {
                bound = Double.longBitsToDouble(inner.fixed64());
            } else if (tag == FOURTH_DOUBLE) {
                countFloat = Double.longBitsToDouble(inner.fixed64());
            } else if (tag == (3 << 3 | DELIMITED)) {
                exemplarEnd = inner.length() + inner.position();
                exemplarAt = inner.position();
                inner.position(exemplarEnd);
            } else {
                inner.skip(tag);
            }
        }
        tell(ProtoKey.BUCKET, bound, countFloat > 0 ? countFloat : count, millis, sink);
        if (created > 0) {
            sink.start(created);
        }
        if (exemplarEnd > 0) {
            exemplar.tell(bytes, exemplarAt, exemplarEnd, sink);
        }
        return bound == Double.POSITIVE_INFINITY;
    }
}
