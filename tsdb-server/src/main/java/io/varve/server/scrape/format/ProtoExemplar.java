package io.varve.server.scrape.format;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.server.write.remote.ProtoCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code io.prometheus.client.Exemplar}: {@code 1 repeated LabelPair, 2 double value, 3 Timestamp}. One thread at
 * a time.
 */
final class ProtoExemplar {

    private static final int DELIMITED = ProtoCursor.LENGTH_DELIMITED;
    private static final int VALUE = 2 << 3 | ProtoCursor.FIXED64;
    private static final int SECONDS = 1 << 3 | ProtoCursor.VARINT;
    private static final int NANOS = 2 << 3 | ProtoCursor.VARINT;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MOST_SECONDS = Long.MAX_VALUE / (2 * MILLIS_PER_SECOND);

    private final ProtoCursor in = new ProtoCursor();
    private final ProtoCursor inner = new ProtoCursor();
    private final List<String> pairs = new ArrayList<>();

    /** Tells an exemplar of the last sample if it is new. */
    void tell(byte[] bytes, int from, int to, ExpositionSink sink) {
        if (!sink.exemplarIsNew(bytes, from, to)) {
            return;
        }
        pairs.clear();
        int labelBytes = 0;
        double value = 0;
        long millis = ExpositionSink.NO_TIME;
        in.reset(bytes, from, to);
        while (!in.atEnd()) {
            int tag = in.tag();
            if (tag == (1 << 3 | DELIMITED) || tag == (3 << 3 | DELIMITED)) {
                int end = in.length() + in.position();
                if (tag >>> 3 == 3) {
                    millis = millis(inner, bytes, in.position(), end);
                } else {
                    labelBytes += end - in.position();
                    if (labelBytes <= 2 * Exemplar.MAX_BYTES) {
                        label(bytes, in.position(), end);
                    }
                }
                in.position(end);
            } else if (tag == VALUE) {
                value = Double.longBitsToDouble(in.fixed64());
            } else {
                in.skip(tag);
            }
        }
        if (labelBytes <= 2 * Exemplar.MAX_BYTES) {
            sink.exemplar(Labels.of(pairs.toArray(new String[0])), value, millis);
        }
    }

    private void label(byte[] bytes, int from, int to) {
        String name = "";
        String text = "";
        inner.reset(bytes, from, to);
        while (!inner.atEnd()) {
            int tag = inner.tag();
            if ((tag & 7) == DELIMITED) {
                int length = inner.length();
                String read = new String(bytes, inner.position(), length, StandardCharsets.UTF_8);
                inner.position(inner.position() + length);
                name = tag >>> 3 == 1 ? read : name;
                text = tag >>> 3 == 2 ? read : text;
            } else {
                inner.skip(tag);
            }
        }
        pairs.add(name);
        pairs.add(text);
    }

    /** Milliseconds since 1970 of a {@code Timestamp}; 0 for one that is none. */
    static long millis(ProtoCursor cursor, byte[] bytes, int from, int to) {
        long seconds = 0;
        long nanos = 0;
        cursor.reset(bytes, from, to);
        while (!cursor.atEnd()) {
            int tag = cursor.tag();
            if (tag == SECONDS) {
                seconds = cursor.varint();
            } else if (tag == NANOS) {
                nanos = (int) cursor.varint();
            } else {
                cursor.skip(tag);
            }
        }
        return Math.abs(seconds) > MOST_SECONDS ? 0 : seconds * MILLIS_PER_SECOND + nanos / NANOS_PER_MILLI;
    }
}
