package io.varve.server.write.remote;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.server.write.remote.ProtoOracle.OracleLabel;
import io.varve.server.write.remote.ProtoOracle.OracleSample;
import io.varve.server.write.remote.ProtoOracle.OracleSeries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Histograms and exemplars of remote write 1.0 as protobuf-java writes them. */
public final class HistogramOracle {

    private static final FileDescriptor FILE = file();
    static final Descriptor HISTOGRAM = FILE.findMessageTypeByName("Histogram");
    private static final Descriptor SPAN = FILE.findMessageTypeByName("BucketSpan");

    private HistogramOracle() {}

    private static FileDescriptor file() {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("histogram.proto")
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Histogram")
                        .addField(field("count_int", 1, FieldDescriptorProto.Type.TYPE_UINT64))
                        .addField(field("count_float", 2, FieldDescriptorProto.Type.TYPE_DOUBLE))
                        .addField(field(
                                "sum",
                                3,
                                FieldDescriptorProto.Type.TYPE_FIXED64)) // bits, so that every NaN can be sent
                        .addField(field("schema", 4, FieldDescriptorProto.Type.TYPE_SINT32))
                        .addField(field("zero_threshold", 5, FieldDescriptorProto.Type.TYPE_DOUBLE))
                        .addField(field("zero_count_int", 6, FieldDescriptorProto.Type.TYPE_UINT64))
                        .addField(field("zero_count_float", 7, FieldDescriptorProto.Type.TYPE_DOUBLE))
                        .addField(spans("negative_spans", 8))
                        .addField(packed("negative_deltas", 9, FieldDescriptorProto.Type.TYPE_SINT64))
                        .addField(packed("negative_counts", 10, FieldDescriptorProto.Type.TYPE_DOUBLE))
                        .addField(spans("positive_spans", 11))
                        .addField(packed("positive_deltas", 12, FieldDescriptorProto.Type.TYPE_SINT64))
                        .addField(packed("positive_counts", 13, FieldDescriptorProto.Type.TYPE_DOUBLE))
                        .addField(field("reset_hint", 14, FieldDescriptorProto.Type.TYPE_INT32))
                        .addField(field("timestamp", 15, FieldDescriptorProto.Type.TYPE_INT64))
                        .addField(packed("custom_values", 16, FieldDescriptorProto.Type.TYPE_DOUBLE)))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("BucketSpan")
                        .addField(field("offset", 1, FieldDescriptorProto.Type.TYPE_SINT32))
                        .addField(field("length", 2, FieldDescriptorProto.Type.TYPE_UINT32)))
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private static FieldDescriptorProto.Builder packed(String name, int number, FieldDescriptorProto.Type type) {
        return field(name, number, type)
                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                .setOptions(FieldOptions.newBuilder().setPacked(true));
    }

    private static FieldDescriptorProto.Builder spans(String name, int number) {
        return field(name, number, FieldDescriptorProto.Type.TYPE_MESSAGE)
                .setTypeName("BucketSpan")
                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED);
    }

    /** A histogram message by its fields: numbers, or lists of numbers; spans as offset, length, offset, … */
    static byte[] raw(Object... namesAndValues) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(HISTOGRAM);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = (String) namesAndValues[i];
            Object value = namesAndValues[i + 1];
            if (name.endsWith("_spans")) {
                List<?> numbers = (List<?>) value;
                for (int j = 0; j < numbers.size(); j += 2) {
                    message.addRepeatedField(
                            ProtoOracle.field(HISTOGRAM, name),
                            DynamicMessage.newBuilder(SPAN)
                                    .setField(ProtoOracle.field(SPAN, "offset"), numbers.get(j))
                                    .setField(ProtoOracle.field(SPAN, "length"), numbers.get(j + 1))
                                    .build());
                }
            } else if (value instanceof List<?> list) {
                list.forEach(one -> message.addRepeatedField(ProtoOracle.field(HISTOGRAM, name), one));
            } else {
                message.setField(ProtoOracle.field(HISTOGRAM, name), value);
            }
        }
        return message.build().toByteArray();
    }

    /** A histogram as a Prometheus sends it. */
    static byte[] message(Histogram histogram, long millis) {
        HistogramLayout layout = histogram.layout();
        boolean floats = histogram.isFloat();
        List<Object> fields = new ArrayList<>(List.of(
                floats ? "count_float" : "count_int",
                number(histogram.countBits(), floats),
                floats ? "zero_count_float" : "zero_count_int",
                number(histogram.zeroCountBits(), floats),
                "sum",
                Double.doubleToRawLongBits(histogram.sum()),
                "schema",
                layout.schema(),
                "zero_threshold",
                layout.zeroThreshold(),
                "reset_hint",
                histogram.hint().id(),
                "timestamp",
                millis));
        buckets(histogram, "positive", 0, layout.positiveSpans(), 0, layout.positiveBuckets(), fields);
        buckets(
                histogram,
                "negative",
                layout.positiveSpans(),
                layout.negativeSpans(),
                layout.positiveBuckets(),
                layout.negativeBuckets(),
                fields);
        List<Double> bounds = new ArrayList<>();
        for (int i = 0; i < layout.bounds(); i++) {
            bounds.add(layout.bound(i));
        }
        fields.addAll(List.of("custom_values", bounds));
        return raw(fields.toArray());
    }

    private static Object number(long bits, boolean floats) {
        return floats ? (Object) Double.longBitsToDouble(bits) : (Object) bits;
    }

    private static void buckets(
            Histogram histogram, String sign, int span, int spans, int bucket, int buckets, List<Object> fields) {
        List<Integer> places = new ArrayList<>();
        for (int i = span; i < span + spans; i++) {
            places.add(histogram.layout().spanOffset(i));
            places.add(histogram.layout().spanLength(i));
        }
        List<Object> numbers = new ArrayList<>();
        long before = 0;
        for (int i = bucket; i < bucket + buckets; i++) {
            long bits = histogram.bucketBits(i);
            numbers.add(histogram.isFloat() ? (Object) Double.longBitsToDouble(bits) : (Object) (bits - before));
            before = bits;
        }
        fields.addAll(List.of(sign + "_spans", places, sign + (histogram.isFloat() ? "_counts" : "_deltas"), numbers));
    }

    /** An exemplar as a Prometheus sends it. */
    static byte[] message(Exemplar exemplar) {
        return written(out -> {
            for (int i = 0; i < exemplar.labels().size(); i++) {
                String name = exemplar.labels().name(i);
                String value = exemplar.labels().value(i);
                out.writeByteArray(1, written(label -> {
                    label.writeString(1, name);
                    label.writeString(2, value);
                }));
            }
            out.writeDouble(2, exemplar.value());
            out.writeInt64(3, exemplar.time());
        });
    }

    /** Writes fields of a message. */
    interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    static byte[] written(Fields fields) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request with a series of parts other than floats. */
    static byte[] request(List<String> labels, List<byte[]> histograms, List<byte[]> exemplars) {
        return DynamicMessage.newBuilder(ProtoOracle.REQUEST)
                .addRepeatedField(
                        ProtoOracle.field(ProtoOracle.REQUEST, "timeseries"), series(labels, histograms, exemplars))
                .build()
                .toByteArray();
    }

    private static List<OracleLabel> pairs(List<String> labels) {
        List<OracleLabel> pairs = new ArrayList<>();
        for (int i = 0; i < labels.size(); i += 2) {
            pairs.add(OracleLabel.of(labels.get(i), labels.get(i + 1)));
        }
        return pairs;
    }

    static DynamicMessage series(List<String> labels, List<byte[]> histograms, List<byte[]> exemplars) {
        DynamicMessage.Builder series = ProtoOracle.series(new OracleSeries(pairs(labels), List.of()));
        histograms.forEach(bytes -> series.addRepeatedField(
                ProtoOracle.field(ProtoOracle.SERIES, "histograms"), ByteString.copyFrom(bytes)));
        exemplars.forEach(bytes -> series.addRepeatedField(
                ProtoOracle.field(ProtoOracle.SERIES, "exemplars"), ByteString.copyFrom(bytes)));
        return series.build();
    }

    /** A request with histograms and exemplars of a series, for tests in other rooms. */
    public static byte[] request(
            List<String> labels, long millis, List<Histogram> histograms, List<Exemplar> exemplars) {
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < histograms.size(); i++) {
            messages.add(message(histograms.get(i), millis + i));
        }
        return request(
                labels,
                messages,
                exemplars.stream().map(HistogramOracle::message).toList());
    }

    /** A request with floats of a series, one a millisecond. */
    public static byte[] floats(List<String> labels, long millis, double... values) {
        List<OracleSample> samples = new ArrayList<>();
        for (double value : values) {
            samples.add(new OracleSample(Double.doubleToRawLongBits(value), millis + samples.size()));
        }
        return ProtoOracle.request(List.of(new OracleSeries(pairs(labels), samples)))
                .toByteArray();
    }

    /** A request with what is known of a metric. */
    public static byte[] metadata(int type, String metric, String help, String unit) {
        return written(request -> request.writeByteArray(3, written(out -> {
            out.writeInt32(1, type);
            out.writeString(2, metric);
            out.writeString(4, help);
            out.writeString(5, unit);
        })));
    }
}
