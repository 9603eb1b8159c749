package io.varve.server.write.remote;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.server.health.RequestPeaks.Kind;
import io.varve.server.write.LabelRules;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.Refusal;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteSession;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decodes {@code prometheus.WriteRequest} of remote write 1.0 and feeds a session. The bytes of a series' labels are
 * handed on as they came, so that a known series costs a hash of them and no object. Fields that it does not know are
 * passed over.
 *
 * <pre>
 *   WriteRequest    1 repeated TimeSeries   3 repeated MetricMetadata
 *   TimeSeries      1 repeated Label        2 repeated Sample   3 repeated Exemplar   4 repeated Histogram
 *   Label           1 string name           2 string value
 *   Sample          1 double value          2 int64 timestamp, milliseconds
 *   Exemplar        {@link ExemplarDecoder}  Histogram  {@link HistogramDecoder}
 *   MetricMetadata  1 enum type             2 string metric_family_name   4 string help   5 string unit
 * </pre>
 *
 * <p>A message is walked once to find its parts and check its lengths before anything of it is used. Mutable; one
 * thread at a time. Source: the Prometheus remote write 1.0 specification and prompb's public message definitions.
 */
public final class RemoteWriteDecoder {

    private static final int TIME_SERIES = 1 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int METADATA = 3 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int LABEL = 1 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int SAMPLE = 2 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int EXEMPLAR = 3 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int HISTOGRAM = 4 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int SAMPLE_VALUE = 1 << 3 | ProtoCursor.FIXED64;
    private static final int SAMPLE_TIME = 2 << 3 | ProtoCursor.VARINT;
    private static final int METADATA_TYPE = 1 << 3 | ProtoCursor.VARINT;
    private static final int METADATA_NAME = 2 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int METADATA_HELP = 4 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int METADATA_UNIT = 5 << 3 | ProtoCursor.LENGTH_DELIMITED;

    private static final String[] TYPES = {
        "unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"
    };

    private final MetadataStore metadata;
    private final ProtoLabels labels;
    private final WriteLimits limits;
    private final SnappyBlock block;
    private final int keptBytes;
    private final ProtoCursor request = new ProtoCursor();
    private final ProtoCursor message = new ProtoCursor();
    private final ProtoCursor field = new ProtoCursor();
    private final HistogramDecoder histogram;
    private final ExemplarDecoder exemplar = new ExemplarDecoder();
    private int histograms;
    private byte[] gathered = new byte[256];

    /** A decoder with buffers of its own; what senders say about their metrics goes into the store. */
    public RemoteWriteDecoder(WriteLimits limits, MetadataStore metadata) {
        this.metadata = metadata;
        this.limits = limits;
        this.labels = new ProtoLabels(new LabelRules(limits));
        this.block = new SnappyBlock(limits.decodedBytes(), limits.keptBytes());
        this.keptBytes = limits.keptBytes();
        this.histogram = new HistogramDecoder(limits.histogramBuckets());
    }

    /**
     * Decodes a snappy block.
     *
     * @throws MalformedWriteException if it is damaged or too large; what was decoded before lies in the session
     */
    public void decodeSnappy(byte[] bytes, int offset, int length, WriteSession session) {
        try {
            block.decompress(bytes, offset, length);
        } catch (MalformedWriteException e) {
            boolean tooLarge = e.kind() == MalformedWriteException.Kind.TOO_LARGE;
            limits.peaks().record(Kind.DECOMPRESSED_BYTES, tooLarge ? limits.decodedBytes() : 0);
            throw e;
        }
        limits.peaks().record(Kind.DECOMPRESSED_BYTES, block.length());
        decode(block.bytes(), 0, block.length(), session);
    }

    /**
     * Decodes a message.
     *
     * @throws MalformedWriteException if it is damaged; what was decoded before lies in the session
     */
    public void decode(byte[] bytes, int offset, int length, WriteSession session) {
        histograms = 0;
        request.reset(bytes, offset, offset + length);
        while (!request.atEnd()) {
            int tag = request.tag();
            if (tag == TIME_SERIES) {
                int end = request.length() + request.position();
                timeSeries(bytes, request.position(), end, session);
                request.position(end);
            } else if (tag == METADATA) {
                int end = request.length() + request.position();
                metadata(bytes, request.position(), end, session);
                request.position(end);
            } else {
                request.skip(tag);
            }
        }
    }

    /** Lets go of buffers that one large request has made large. */
    public void trim() {
        block.trim();
        histogram.trim();
        exemplar.trim();
        if (gathered.length > keptBytes) {
            gathered = new byte[256];
        }
    }

    private void timeSeries(byte[] bytes, int from, int to, WriteSession session) {
        int labelFrom = from;
        int labelTo = from;
        int labelBytes = 0;
        int firstSample = to;
        message.reset(bytes, from, to);
        while (!message.atEnd()) {
            int start = message.position();
            int tag = message.tag();
            message.skip(tag);
            if (tag == LABEL) {
                labelFrom = labelBytes == 0 ? start : labelFrom;
                labelTo = message.position();
                labelBytes += labelTo - start;
            } else if (tag == SAMPLE || tag == EXEMPLAR || tag == HISTOGRAM) {
                firstSample = Math.min(firstSample, start);
            }
        }
        if (labelTo - labelFrom == labelBytes) {
            session.series(bytes, labelFrom, labelBytes, labels);
        } else {
            gather(bytes, from, labelBytes);
            session.series(gathered, 0, labelBytes, labels);
        }
        message.position(firstSample);
        while (!message.atEnd()) {
            int tag = message.tag();
            if (tag == SAMPLE || tag == EXEMPLAR || tag == HISTOGRAM) {
                int end = message.length() + message.position();
                int start = message.position();
                switch (tag) {
                    case SAMPLE -> sample(bytes, start, end, session);
                    case EXEMPLAR -> exemplar(bytes, start, end, session);
                    default -> histogram(bytes, start, end, session);
                }
                message.position(end);
            } else {
                message.skip(tag);
            }
        }
    }

    /** Copies the label fields of the message, between which others lie, one after the other. */
    private void gather(byte[] bytes, int from, int labelBytes) {
        if (gathered.length < labelBytes) {
            gathered = Arrays.copyOf(gathered, Math.max(labelBytes, 2 * gathered.length));
        }
        int at = 0;
        message.position(from);
        while (!message.atEnd()) {
            int start = message.position();
            int tag = message.tag();
            message.skip(tag);
            if (tag == LABEL) {
                int length = message.position() - start;
                System.arraycopy(bytes, start, gathered, at, length);
                at += length;
            }
        }
    }

    private void sample(byte[] bytes, int from, int to, WriteSession session) {
        long valueBits = 0;
        long millis = 0;
        field.reset(bytes, from, to);
        while (!field.atEnd()) {
            int tag = field.tag();
            if (tag == SAMPLE_VALUE) {
                valueBits = field.fixed64();
            } else if (tag == SAMPLE_TIME) {
                millis = field.varint();
            } else {
                field.skip(tag);
            }
        }
        session.sample(millis, Double.longBitsToDouble(valueBits));
    }

    private void exemplar(byte[] bytes, int from, int to, WriteSession session) {
        exemplar.read(bytes, from, to);
        Labels of;
        try {
            of = exemplar.labels();
        } catch (IllegalArgumentException e) {
            session.refuse(Refusal.EXEMPLAR, 1, String.valueOf(e.getMessage()));
            return;
        }
        session.exemplar(of, exemplar.millis(), exemplar.value());
    }

    private void histogram(byte[] bytes, int from, int to, WriteSession session) {
        histogram.read(bytes, from, to);
        limits.peaks().record(Kind.HISTOGRAMS_PER_REQUEST, ++histograms);
        limits.peaks().record(Kind.HISTOGRAM_BUCKETS, histogram.buckets());
        if (histograms > limits.histograms()) {
            session.refuse(Refusal.TOO_MANY_HISTOGRAMS, 1, "limit=" + limits.histograms());
            return;
        }
        if (histogram.hasTooManyBuckets()) {
            session.refuse(
                    Refusal.TOO_MANY_BUCKETS,
                    1,
                    "buckets=" + histogram.buckets() + ", limit=" + limits.histogramBuckets());
            return;
        }
        Histogram found;
        try {
            found = histogram.histogram();
        } catch (IllegalArgumentException e) {
            session.refuse(Refusal.HISTOGRAM, 1, String.valueOf(e.getMessage()));
            return;
        }
        session.histogram(histogram.millis(), found);
    }

    private void metadata(byte[] bytes, int from, int to, WriteSession session) {
        String name = "";
        String help = "";
        String unit = "";
        int type = 0;
        message.reset(bytes, from, to);
        while (!message.atEnd()) {
            int tag = message.tag();
            switch (tag) {
                case METADATA_TYPE -> type = (int) message.varint();
                case METADATA_NAME -> name = text(bytes);
                case METADATA_HELP -> help = text(bytes);
                case METADATA_UNIT -> unit = text(bytes);
                default -> message.skip(tag);
            }
        }
        String typeName = type >= 0 && type < TYPES.length ? TYPES[type] : TYPES[0];
        MetadataStore.Metadata said = new MetadataStore.Metadata(typeName, help, unit);
        metadata.put(name, said);
        session.metadata(name, MetadataStore.stored(said));
    }

    private String text(byte[] bytes) {
        int length = message.length();
        int from = message.position();
        message.position(from + length);
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }
}
