package io.varve.core.block;

import io.varve.core.index.ByteSink;
import io.varve.core.index.SymbolTable;
import io.varve.core.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Collects the labels of a block's series and builds three sections of them: symbols (the names, and for each name its
 * values), series (as numbers of names and values, each coded against its predecessor) and postings.
 */
final class SeriesWriter {

    private static final int MAX_MASK = 63;

    /** A mapped bitmap may take so much more room than a list that must be unpacked: 5/4. */
    private static final int ROARING_MAY_COST = 5;

    private final Map<String, Name> names = new TreeMap<>(Labels::compareCodePoints);
    private final List<Name> nameOfPair = new ArrayList<>();
    private final List<String> valueOfPair = new ArrayList<>();

    /** Pairs of all series, one after the other; provisional numbers. */
    private int[] pairs = new int[1_024];

    private int pairCount;
    private int[] ends = new int[64];
    private int series;

    /** A label name and the values seen with it. */
    private static final class Name {
        final Map<String, Integer> pairs = new HashMap<>();
        int id;
        int base;
        List<String> sorted = List.of();
    }

    void add(Labels labels) {
        for (int i = 0; i < labels.size(); i++) {
            Name name = names.computeIfAbsent(labels.name(i), n -> new Name());
            String value = labels.value(i);
            Integer pair = name.pairs.get(value);
            if (pair == null) {
                pair = nameOfPair.size();
                name.pairs.put(value, pair);
                nameOfPair.add(name);
                valueOfPair.add(value);
            }
            if (pairCount == pairs.length) {
                pairs = Arrays.copyOf(pairs, pairCount + pairCount / 2);
            }
            pairs[pairCount++] = pair;
        }
        if (series == ends.length) {
            ends = Arrays.copyOf(ends, series + series / 2);
        }
        ends[series++] = pairCount;
    }

    /** The symbols section. Gives names and values their numbers, so it comes first. */
    ByteSink symbols() {
        ByteSink out = new ByteSink();
        SymbolTable.write(new ArrayList<>(names.keySet()), out);
        int[] finalOf = new int[nameOfPair.size()];
        int id = 0;
        int base = 0;
        for (Name name : names.values()) {
            name.id = id++;
            name.base = base;
            name.sorted = new ArrayList<>(name.pairs.keySet());
            name.sorted.sort(Labels::compareCodePoints);
            for (String value : name.sorted) {
                finalOf[name.pairs.getOrDefault(value, 0)] = base++;
            }
            SymbolTable.write(name.sorted, out);
        }
        Name[] nameOfFinal = new Name[base];
        for (int pair = 0; pair < finalOf.length; pair++) {
            nameOfFinal[finalOf[pair]] = nameOfPair.get(pair);
        }
        for (int i = 0; i < pairCount; i++) {
            pairs[i] = finalOf[pairs[i]];
        }
        nameOfPair.clear();
        nameOfPair.addAll(Arrays.asList(nameOfFinal));
        valueOfPair.clear();
        return out;
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** The series section. */
    ByteSink series() {
        ByteSink entries = new ByteSink();
        ByteSink restarts = new ByteSink();
        for (int i = 0; i < series; i++) {
            boolean restart = i % BlockFormat.STEP == 0;
            if (restart) {
                restarts.u32(entries.size());
            }
            if (!restart && hasNamesOfPredecessor(i)) {
                writeChanged(i, entries);
            } else {
                writeWhole(i, entries);
            }
        }
        return DirectoryWriter.table(series, restarts, entries);
    }

    private boolean hasNamesOfPredecessor(int index) {
        int length = ends[index] - start(index);
        int before = start(index - 1);
        if (length != start(index) - before || length > MAX_MASK) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (nameOfPair.get(pairs[before + i]) != nameOfPair.get(pairs[start(index) + i])) {
                return false;
            }
        }
        return true;
    }

    private void writeChanged(int index, ByteSink out) {
        int from = start(index);
        int before = start(index - 1);
        long mask = 0;
        for (int i = 0; i < ends[index] - from; i++) {
            mask |= pairs[from + i] != pairs[before + i] ? 1L << i : 0;
        }
        out.varint(0);
        out.varint(mask);
        for (int i = from; i < ends[index]; i++) {
            if (pairs[i] != pairs[before + i - from]) {
                out.varint(pairs[i] - nameOfPair.get(pairs[i]).base);
            }
        }
    }

    private void writeWhole(int index, ByteSink out) {
        out.varint(1L + ends[index] - start(index));
        for (int i = start(index); i < ends[index]; i++) {
            Name name = nameOfPair.get(pairs[i]);
            out.varint(name.id);
            out.varint(pairs[i] - name.base);
        }
    }

    /** The postings section: for each pair of name and value its series, in the shape that takes least. */
    ByteSink postings() {
        int count = nameOfPair.size();
        int[] next = new int[count + 1];
        for (int i = 0; i < pairCount; i++) {
            next[pairs[i] + 1]++;
        }
        for (int i = 0; i < count; i++) {
            next[i + 1] += next[i];
        }
        int[] from = next.clone();
        int[] lists = new int[pairCount];
        for (int index = 0; index < series; index++) {
            for (int i = start(index); i < ends[index]; i++) {
                lists[next[pairs[i]]++] = index;
            }
        }
        ByteSink entries = new ByteSink();
        ByteSink restarts = new ByteSink();
        for (int pair = 0; pair < count; pair++) {
            if (pair % BlockFormat.STEP == 0) {
                restarts.u32(entries.size());
            }
            writeList(lists, from[pair], from[pair + 1], entries);
        }
        return DirectoryWriter.table(count, restarts, entries);
    }

    private static void writeList(int[] lists, int from, int to, ByteSink out) {
        ByteSink deltas = new ByteSink();
        ByteSink runs = new ByteSink();
        MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
        int end = 0;
        for (int i = from; i < to; ) {
            int run = i + 1;
            while (run < to && lists[run] == lists[run - 1] + 1) {
                run++;
            }
            bitmap.add((long) lists[i], lists[run - 1] + 1L);
            runs.varint(lists[i] - end);
            runs.varint(run - i - 1);
            for (int k = i; k < run; k++) {
                deltas.varint(lists[k] - (k == from ? 0 : lists[k - 1] + 1));
            }
            end = lists[run - 1] + 1;
            i = run;
        }
        bitmap.runOptimize();
        int least = Math.min(deltas.size(), runs.size());
        if (4L * bitmap.serializedSizeInBytes() <= (long) ROARING_MAY_COST * least) {
            java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(bitmap.serializedSizeInBytes());
            bitmap.serialize(bytes);
            bytes.flip();
            out.varint((long) bytes.remaining() << 2 | PostingsTable.ROARING);
            out.put(bytes);
        } else {
            ByteSink chosen = runs.size() <= deltas.size() ? runs : deltas;
            out.varint((long) chosen.size() << 2 | (chosen == runs ? PostingsTable.RUNS : PostingsTable.DELTAS));
            out.put(chosen.array(), 0, chosen.size());
        }
    }
}
