package io.varve.core.wal;

import io.varve.core.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * New series with their references, in few bytes: what series have in common is written once. Payload: for each series
 * the difference of its reference to the one before (zigzag varint), the number of labels (varint), and for each label
 * a varint. 0: a pair that was not there before, whose name (one of the names so far, from 1, or 0 and its text) and
 * value follow. 1: the pair at the same place of the series before. 2 and more: the pairs so far, in the order in which
 * they came. Not safe for use by several threads.
 */
public final class SeriesRecord {

    private final RecordBuffer buffer = new RecordBuffer();
    private final Map<String, Integer> names = new HashMap<>();

    /** Pairs by name, then value. */
    private final List<Map<String, Integer>> pairs = new ArrayList<>();

    private int pairCount;
    private long lastRef;
    private Labels last = Labels.EMPTY;

    /** Takes each series of a record. */
    @FunctionalInterface
    public interface Sink {
        /** One series. */
        void series(long ref, Labels labels);
    }

    /** Begins a record. */
    public void clear() {
        buffer.clear();
        names.clear();
        pairs.clear();
        pairCount = 0;
        lastRef = 0;
        last = Labels.EMPTY;
    }

    /** Adds a series. */
    public void add(long ref, Labels labels) {
        buffer.putVarint(RecordBuffer.zigzag(ref - lastRef));
        buffer.putVarint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            if (i < last.size()
                    && last.name(i).equals(labels.name(i))
                    && last.value(i).equals(labels.value(i))) {
                buffer.putVarint(1);
            } else {
                pair(labels.name(i), labels.value(i));
            }
        }
        lastRef = ref;
        last = labels;
    }

    private void pair(String name, String value) {
        Integer place = names.get(name);
        Integer known = place == null ? null : pairs.get(place).get(value);
        if (known != null) {
            buffer.putVarint(known + 2);
            return;
        }
        buffer.putVarint(0);
        if (place == null) {
            place = pairs.size();
            names.put(name, place);
            pairs.add(new HashMap<>());
            buffer.putVarint(0);
            buffer.putText(name);
        } else {
            buffer.putVarint(place + 1);
        }
        buffer.putText(value);
        pairs.get(place).put(value, pairCount++);
    }

    /** Bytes of the payload so far, less those that {@link #take} gave away. */
    public int length() {
        return buffer.length();
    }

    /** The bytes since this was called last; the payload goes on behind them. */
    byte[] take() {
        byte[] bytes = Arrays.copyOf(buffer.bytes(), buffer.length());
        buffer.clear();
        return bytes;
    }

    /** Appends the record to a log. */
    public long appendTo(IngestLog log) {
        return log.append(RecordKind.SERIES, buffer.bytes(), 0, buffer.length());
    }

    /**
     * Reads a record.
     *
     * @throws MalformedRecordException if it does not follow the format
     */
    public static void read(byte[] payload, int offset, int length, Sink sink) {
        RecordReader in = new RecordReader(payload, offset, length);
        List<String> names = new ArrayList<>();
        List<String> pairNames = new ArrayList<>();
        List<String> pairValues = new ArrayList<>();
        String[] before = {};
        long ref = 0;
        while (in.hasRemaining()) {
            long delta = in.varint();
            ref += delta >>> 1 ^ -(delta & 1);
            String[] labels = new String[in.count() * 2];
            for (int i = 0; i < labels.length; i += 2) {
                long code = in.varint();
                if (code == 0) {
                    labels[i] = name(in, names);
                    labels[i + 1] = in.text();
                    pairNames.add(labels[i]);
                    pairValues.add(labels[i + 1]);
                } else if (code == 1 && i < before.length) {
                    labels[i] = before[i];
                    labels[i + 1] = before[i + 1];
                } else if (code >= 2 && code - 2 < pairNames.size()) {
                    labels[i] = pairNames.get((int) code - 2);
                    labels[i + 1] = pairValues.get((int) code - 2);
                } else {
                    throw new MalformedRecordException("pair " + code + " of " + pairNames.size());
                }
            }
            sink.series(ref, labels(labels));
            before = labels;
        }
    }

    private static String name(RecordReader in, List<String> names) {
        long code = in.varint();
        if (code == 0) {
            String name = in.text();
            names.add(name);
            return name;
        }
        if (code < 0 || code > names.size()) {
            throw new MalformedRecordException("name " + code + " of " + names.size());
        }
        return names.get((int) code - 1);
    }

    /** @throws MalformedRecordException if they are no labels */
    private static Labels labels(String[] pairs) {
        try {
            return Labels.of(pairs);
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()));
        }
    }
}
