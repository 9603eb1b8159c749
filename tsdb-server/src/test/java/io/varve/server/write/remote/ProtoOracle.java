package io.varve.server.write.remote;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;

/** The messages of remote write 1.0 as protobuf-java understands them; strings are bytes, so that any can be sent. */
final class ProtoOracle {

    /** A label as bytes. */
    record OracleLabel(ByteString name, ByteString value) {
        static OracleLabel of(String name, String value) {
            return new OracleLabel(ByteString.copyFromUtf8(name), ByteString.copyFromUtf8(value));
        }
    }

    /** A sample by its bits. */
    record OracleSample(long bits, long millis) {}

    /** A series. */
    record OracleSeries(List<OracleLabel> labels, List<OracleSample> samples) {}

    private static final FileDescriptor FILE = file();
    static final Descriptor REQUEST = FILE.findMessageTypeByName("WriteRequest");
    static final Descriptor SERIES = FILE.findMessageTypeByName("TimeSeries");
    static final Descriptor LABEL = FILE.findMessageTypeByName("Label");
    static final Descriptor SAMPLE = FILE.findMessageTypeByName("Sample");
    static final Descriptor METADATA = FILE.findMessageTypeByName("MetricMetadata");

    private ProtoOracle() {}

    private static FileDescriptor file() {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("remote.proto")
                .addMessageType(message("WriteRequest")
                        .addField(repeated("timeseries", 1, "TimeSeries"))
                        .addField(repeated("metadata", 3, "MetricMetadata")))
                .addMessageType(message("TimeSeries")
                        .addField(repeated("labels", 1, "Label"))
                        .addField(repeated("samples", 2, "Sample"))
                        .addField(field("exemplars", 3, FieldDescriptorProto.Type.TYPE_BYTES)
                                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED))
                        .addField(field("histograms", 4, FieldDescriptorProto.Type.TYPE_BYTES)
                                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)))
                .addMessageType(message("Label")
                        .addField(field("name", 1, FieldDescriptorProto.Type.TYPE_BYTES))
                        .addField(field("value", 2, FieldDescriptorProto.Type.TYPE_BYTES)))
                .addMessageType(message("Sample")
                        .addField(field("value", 1, FieldDescriptorProto.Type.TYPE_FIXED64))
                        .addField(field("timestamp", 2, FieldDescriptorProto.Type.TYPE_INT64)))
                .addMessageType(message("MetricMetadata")
                        .addField(field("type", 1, FieldDescriptorProto.Type.TYPE_INT32))
                        .addField(field("metric_family_name", 2, FieldDescriptorProto.Type.TYPE_BYTES))
                        .addField(field("help", 4, FieldDescriptorProto.Type.TYPE_BYTES))
                        .addField(field("unit", 5, FieldDescriptorProto.Type.TYPE_BYTES)))
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static DescriptorProto.Builder message(String name) {
        return DescriptorProto.newBuilder().setName(name);
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private static FieldDescriptorProto.Builder repeated(String name, int number, String type) {
        return field(name, number, FieldDescriptorProto.Type.TYPE_MESSAGE)
                .setTypeName(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED);
    }

    static FieldDescriptor field(Descriptor message, String name) {
        FieldDescriptor field = message.findFieldByName(name);
        if (field == null) {
            throw new AssertionError(name);
        }
        return field;
    }

    static DynamicMessage.Builder series(OracleSeries series) {
        DynamicMessage.Builder built = DynamicMessage.newBuilder(SERIES);
        for (OracleLabel label : series.labels()) {
            built.addRepeatedField(
                    field(SERIES, "labels"),
                    DynamicMessage.newBuilder(LABEL)
                            .setField(field(LABEL, "name"), label.name())
                            .setField(field(LABEL, "value"), label.value())
                            .build());
        }
        for (OracleSample sample : series.samples()) {
            built.addRepeatedField(field(SERIES, "samples"), sample(sample));
        }
        return built;
    }

    static Message sample(OracleSample sample) {
        return DynamicMessage.newBuilder(SAMPLE)
                .setField(field(SAMPLE, "value"), sample.bits())
                .setField(field(SAMPLE, "timestamp"), sample.millis())
                .build();
    }

    static DynamicMessage request(List<OracleSeries> series) {
        DynamicMessage.Builder request = DynamicMessage.newBuilder(REQUEST);
        for (OracleSeries one : series) {
            request.addRepeatedField(field(REQUEST, "timeseries"), series(one).build());
        }
        return request.build();
    }

    /** Samples, exemplars and histograms that protobuf-java finds in bytes. */
    static long countParts(byte[] bytes) throws InvalidProtocolBufferException {
        DynamicMessage request = DynamicMessage.parseFrom(REQUEST, bytes);
        long parts = 0;
        for (Message series : messages(request, field(REQUEST, "timeseries"))) {
            for (String name : List.of("samples", "exemplars", "histograms")) {
                parts += series.getRepeatedFieldCount(field(SERIES, name));
            }
        }
        return parts;
    }

    private static List<Message> messages(Message parent, FieldDescriptor field) {
        List<Message> result = new ArrayList<>();
        for (int i = 0; i < parent.getRepeatedFieldCount(field); i++) {
            result.add((Message) parent.getRepeatedField(field, i));
        }
        return result;
    }
}
