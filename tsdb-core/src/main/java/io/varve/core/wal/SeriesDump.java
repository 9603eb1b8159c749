package io.varve.core.wal;

import io.varve.core.model.Labels;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Many series in few bytes. Payload: for each series the difference of its reference to the one before (zigzag
 * varint), the number of labels (varint), and for each label a varint. 0: a pair that was not there before, whose name
 * (one of the names so far, from 1, or 0 and its text) and value follow. 1: the pair at the same place of the series
 * before. 2 and more: the pairs so far, in the order in which they came. One thread; made for one dump.
 */
final class SeriesDump {

    private static final int PART_BYTES = 1 << 20;

    private final RecordBuffer buffer = new RecordBuffer();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private final Map<String, Integer> names = new HashMap<>();

    /** Pairs by name, then value. */
    private final List<Map<String, Integer>> pairs = new ArrayList<>();

    private int pairCount;
    private long lastRef;
    private Labels last = Labels.EMPTY;

    void add(long ref, Labels labels) {
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
        if (buffer.length() >= PART_BYTES) {
            cut();
        }
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

    private void cut() {
        byte[] bytes = new byte[buffer.length()];
        System.arraycopy(buffer.bytes(), 0, bytes, 0, bytes.length);
        parts.add(ByteBuffer.wrap(bytes));
        buffer.clear();
    }

    /** The payload; nothing is added any more. */
    List<ByteBuffer> parts() {
        if (buffer.length() > 0) {
            cut();
        }
        return parts;
    }

    /** @throws MalformedRecordException if the payload does not follow the format */
    static void read(byte[] payload, SeriesRecord.Sink sink) {
        RecordReader in = new RecordReader(payload, 0, payload.length);
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
            sink.series(ref, SeriesRecord.labels(labels));
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
}
