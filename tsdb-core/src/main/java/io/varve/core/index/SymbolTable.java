package io.varve.core.index;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.model.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Texts in order of their code points, numbered from 0. Each begins with what it shares with the one before; every
 * {@link #STEP}th stands whole and its place is known, so that a text is found by binary search in mapped bytes and
 * nothing is unpacked. Any number of threads may read it.
 */
public final class SymbolTable {

    /** One text of so many stands whole. */
    public static final int STEP = 16;

    private final ByteBuffer bytes;
    private final int count;
    private final int restarts;
    private final int texts;

    private SymbolTable(ByteBuffer bytes, int count, int restarts, int texts) {
        this.bytes = bytes;
        this.count = count;
        this.restarts = restarts;
        this.texts = texts;
    }

    /**
     * Writes a table: the count, the places of the whole texts, the bytes of all texts.
     *
     * @param sorted texts without repeats, in order of their code points
     */
    public static void write(List<String> sorted, ByteSink out) {
        out.varint(sorted.size());
        ByteSink texts = new ByteSink();
        byte[] before = new byte[0];
        for (int i = 0; i < sorted.size(); i++) {
            byte[] text = sorted.get(i).getBytes(StandardCharsets.UTF_8);
            int shared = 0;
            if (i % STEP == 0) {
                out.u32(texts.size());
            } else {
                int mismatch = Arrays.mismatch(before, text);
                shared = mismatch < 0 ? text.length : mismatch;
                texts.varint(shared);
            }
            texts.varint(text.length - shared);
            texts.put(text, shared, text.length - shared);
            before = text;
        }
        out.varint(texts.size());
        out.put(texts.array(), 0, texts.size());
    }

    /**
     * A table over bytes that {@link #write} made; the source stands behind it afterwards.
     *
     * @throws MalformedPageException if they cannot be a table
     */
    public static SymbolTable read(ByteBuffer bytes, ByteSource source) {
        int count = source.varint(source.remaining());
        int restarts = source.position();
        source.seek(restarts + 4L * ((count + STEP - 1) / STEP));
        int length = source.varint(source.remaining());
        int texts = source.position();
        source.seek((long) texts + length);
        return new SymbolTable(bytes.duplicate().order(bytes.order()).limit(texts + length), count, restarts, texts);
    }

    /** Number of texts. */
    public int size() {
        return count;
    }

    /**
     * The text of a number.
     *
     * @throws MalformedPageException if the bytes are damaged, or there is no such number
     */
    public String get(int index) {
        if (index < 0 || index >= count) {
            throw new MalformedPageException(texts, "a symbol below " + count + ": found=" + index);
        }
        Walk walk = new Walk(index / STEP);
        while (walk.index < index) {
            walk.next();
        }
        return walk.text();
    }

    /** The number of a text, or {@code -1 - n} if it is not there and would stand before number n. */
    public int find(String text) {
        int at = lowerBound(text);
        return at < count && get(at).equals(text) ? at : -1 - at;
    }

    /** Number of the first text that is not before the given one; {@link #size} if there is none. */
    public int lowerBound(String text) {
        int low = 0;
        int high = (count + STEP - 1) / STEP;
        while (low < high) { // the first whole text that is not before it
            int middle = (low + high) >>> 1;
            if (Labels.compareCodePoints(new Walk(middle).text(), text) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == 0) {
            return 0;
        }
        Walk walk = new Walk(low - 1);
        int end = Math.min(count, low * STEP);
        while (walk.index + 1 < end) {
            walk.next();
            if (Labels.compareCodePoints(walk.text(), text) >= 0) {
                return walk.index;
            }
        }
        return end;
    }

    /** Takes one text after the other. */
    @FunctionalInterface
    public interface Visitor {
        /** One text; false if no more are wanted. */
        boolean text(int index, String text);
    }

    /** Visits texts in order, from a number on, without keeping them. */
    public void forEach(int from, Visitor visitor) {
        if (from >= count) {
            return;
        }
        Walk walk = new Walk(from / STEP);
        while (walk.index < from) {
            walk.next();
        }
        while (visitor.text(walk.index, walk.text()) && walk.index + 1 < count) {
            walk.next();
        }
    }

    /** Texts in order, from a number on. */
    public List<String> list(int from, int to) {
        List<String> list = new ArrayList<>(Math.max(0, to - from));
        if (from < to) {
            Walk walk = new Walk(from / STEP);
            while (walk.index < from) {
                walk.next();
            }
            list.add(walk.text());
            while (walk.index + 1 < to) {
                walk.next();
                list.add(walk.text());
            }
        }
        return list;
    }

    /** Goes from a whole text to those behind it. */
    private final class Walk {

        private final ByteSource source;
        private byte[] text = new byte[64];
        private int length;
        private int index;

        Walk(int restart) {
            source = new ByteSource(bytes, texts + (bytes.getInt(restarts + 4 * restart) & 0xffff_ffffL));
            index = restart * STEP;
            append(0);
        }

        void next() {
            index++;
            append(index % STEP == 0 ? 0 : source.varint(length));
        }

        private void append(int shared) {
            int more = source.varint(source.remaining());
            if (shared + more > text.length) {
                text = Arrays.copyOf(text, Math.max(2 * text.length, shared + more));
            }
            source.get(text, shared, more);
            length = shared + more;
        }

        String text() {
            return new String(text, 0, length, StandardCharsets.UTF_8);
        }
    }
}
