package io.varve.core.wal;

import io.varve.core.model.Deletion;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A deletion as the log and the list of live deletions hold it. Payload: first and last tick of the range, 8 bytes
 * each; number of matchers (varint); for each its type (varint), name and value as length (varint) and UTF-8 bytes.
 */
public final class DeletionRecord {

    /** Most bytes of a payload. */
    public static final int MAX_BYTES = 64 << 10;

    /** By their code. */
    private static final List<Matcher.Type> TYPES =
            List.of(Matcher.Type.EQUAL, Matcher.Type.NOT_EQUAL, Matcher.Type.REGEX, Matcher.Type.NOT_REGEX);

    private DeletionRecord() {}

    /**
     * The payload of a deletion; its position is not part of it.
     *
     * @throws IllegalArgumentException if its matchers are longer than a record may be, or no Unicode
     */
    public static byte[] encode(Deletion deletion) {
        RecordBuffer buffer = new RecordBuffer();
        buffer.putLong(deletion.range().from());
        buffer.putLong(deletion.range().to());
        buffer.putVarint(deletion.matchers().size());
        for (Matcher matcher : deletion.matchers()) {
            buffer.putVarint(TYPES.indexOf(matcher.type()));
            buffer.putText(wellFormed(matcher, matcher.name()));
            buffer.putText(wellFormed(matcher, matcher.value()));
        }
        if (buffer.length() > MAX_BYTES) {
            throw new IllegalArgumentException("the matchers of a deletion take at most " + MAX_BYTES + " bytes: bytes="
                    + buffer.length() + "; delete in several steps");
        }
        return Arrays.copyOf(buffer.bytes(), buffer.length());
    }

    /** No label has such a text, and a replacement could match others. */
    private static String wellFormed(Matcher matcher, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("a matcher without unpaired surrogates: matcher=" + matcher);
        }
        return text;
    }

    /**
     * Reads a payload.
     *
     * @param position where the deletion stands in the log
     * @throws MalformedRecordException if it does not follow the format
     */
    public static Deletion decode(long position, byte[] payload, int offset, int length) {
        RecordReader in = new RecordReader(payload, offset, length);
        TimeRange range = TimeRange.of(in.fixedLong(), in.fixedLong());
        int count = in.count();
        List<Matcher> matchers = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                long type = in.varint();
                if (type < 0 || type >= TYPES.size()) {
                    throw new MalformedRecordException("type of a matcher: " + type);
                }
                matchers.add(Matcher.of(TYPES.get((int) type), in.text(), in.text()));
            }
            if (in.hasRemaining()) {
                throw new MalformedRecordException(in.remaining() + " bytes behind a deletion");
            }
            return new Deletion(position, matchers, range);
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()));
        }
    }
}
