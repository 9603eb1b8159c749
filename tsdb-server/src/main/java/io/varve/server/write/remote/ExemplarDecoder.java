package io.varve.server.write.remote;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.server.write.LabelRules;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code prometheus.Exemplar} of remote write 1.0: {@code 1 repeated Label labels, 2 double value, 3 int64
 * timestamp} in milliseconds. Its bytes are read whole before anything is made of them; of labels that are too long
 * in all no more is kept than an exemplar may have. Mutable; one thread at a time.
 */
final class ExemplarDecoder {

    private static final int LABEL = 1 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int VALUE = 2 << 3 | ProtoCursor.FIXED64;
    private static final int TIMESTAMP = 3 << 3 | ProtoCursor.VARINT;
    private static final int NAME_OF_LABEL = 1 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int VALUE_OF_LABEL = 2 << 3 | ProtoCursor.LENGTH_DELIMITED;

    private final ProtoCursor in = new ProtoCursor();
    private final ProtoCursor inner = new ProtoCursor();
    private final List<String> pairs = new ArrayList<>();
    private byte[] message = {};
    private double value;
    private long millis;
    private long labelBytes;
    private boolean invalidText;

    ExemplarDecoder() {}

    /**
     * Reads a message.
     *
     * @throws MalformedWriteException if its bytes are none
     */
    void read(byte[] bytes, int from, int to) {
        message = bytes;
        pairs.clear();
        value = 0;
        millis = 0;
        labelBytes = 0;
        invalidText = false;
        in.reset(bytes, from, to);
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case LABEL -> label();
                case VALUE -> value = Double.longBitsToDouble(in.fixed64());
                case TIMESTAMP -> millis = in.varint();
                default -> in.skip(tag);
            }
        }
    }

    private void label() {
        int end = in.length() + in.position();
        int name = 0;
        int nameEnd = 0;
        int text = 0;
        int textEnd = 0;
        inner.reset(message, in.position(), end);
        while (!inner.atEnd()) {
            int tag = inner.tag();
            if (tag == NAME_OF_LABEL || tag == VALUE_OF_LABEL) {
                int length = inner.length();
                int at = inner.position();
                inner.position(at + length);
                if (tag == NAME_OF_LABEL) {
                    name = at;
                    nameEnd = at + length;
                } else {
                    text = at;
                    textEnd = at + length;
                }
            } else {
                inner.skip(tag);
            }
        }
        in.position(end);
        labelBytes += 4L + (nameEnd - name) + (textEnd - text); // as Exemplar.bytes counts them
        if (labelBytes <= Exemplar.MAX_BYTES) {
            pairs.add(text(name, nameEnd));
            pairs.add(text(text, textEnd));
        }
    }

    private String text(int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            invalidText = true;
            return new String(message, from, to - from, StandardCharsets.UTF_8);
        }
    }

    /** Milliseconds since 1970 of what was read. */
    long millis() {
        return millis;
    }

    /** The value of what was read. */
    double value() {
        return value;
    }

    /**
     * The labels of what was read.
     *
     * @throws IllegalArgumentException if they break a rule; the message says which
     */
    Labels labels() {
        if (labelBytes > Exemplar.MAX_BYTES) {
            throw new IllegalArgumentException("labels of an exemplar take at most " + Exemplar.MAX_BYTES
                    + " bytes in UTF-8, with two for the length of each text: found=" + labelBytes);
        }
        if (invalidText) {
            throw new IllegalArgumentException(
                    "a label of an exemplar is valid UTF-8: labels=" + LabelRules.shown(pairs.toString()));
        }
        return Labels.of(pairs.toArray(new String[0]));
    }

    /** Lets go of the request that was read from. */
    void trim() {
        message = new byte[0];
        pairs.clear();
    }
}
