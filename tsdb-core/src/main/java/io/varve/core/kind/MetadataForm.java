package io.varve.core.kind;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.model.Metadata;

/** A metric's name and metadata as bytes: name (text), type (its id, 1 byte), unit (text), help (text). */
public final class MetadataForm {

    private MetadataForm() {}

    /** What a form says. */
    public record Named(String metric, Metadata metadata) {}

    /** Adds a form. */
    public static void write(String metric, Metadata metadata, ByteSink out) {
        FormBytes.text(out, metric);
        out.u8(metadata.type().id());
        FormBytes.text(out, metadata.unit());
        FormBytes.text(out, metadata.help());
    }

    /**
     * Reads a form.
     *
     * @throws MalformedPageException if the bytes are none
     */
    public static Named read(byte[] bytes, int offset, int length) {
        ByteSource in = FormBytes.source(bytes, offset, length);
        Named named = read(in);
        FormBytes.requireEnd(in);
        return named;
    }

    /** Reads a form that may have something behind it. */
    public static Named read(ByteSource in) {
        String metric = FormBytes.text(in);
        Metadata.Type type = Metadata.Type.byId(in.u8());
        String unit = FormBytes.text(in);
        String help = FormBytes.text(in);
        try {
            Metadata.requireName(metric);
            return new Named(metric, new Metadata(type, help, unit));
        } catch (IllegalArgumentException e) {
            throw new MalformedPageException(in.position(), String.valueOf(e.getMessage()));
        }
    }
}
