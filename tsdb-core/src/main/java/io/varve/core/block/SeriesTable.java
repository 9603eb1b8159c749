package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import io.varve.core.model.Labels;
import java.util.Arrays;

/** The labels of a block's series. Any number of threads, each with a {@link Walk} of its own. */
final class SeriesTable {

    private static final int MAX_LABELS = 1 << 16;

    private final RunTable table;
    private final BlockSymbols symbols;

    SeriesTable(RunTable table, BlockSymbols symbols) {
        this.table = table;
        this.symbols = symbols;
    }

    int count() {
        return table.count();
    }

    Walk walk(int series) {
        return new Walk(series);
    }

    /** Reads series one after the other; going forward within sixteen is cheap. One thread. */
    final class Walk {

        private ByteSource source;
        private int next;
        private int[] names = new int[16];
        private int[] values = new int[16];
        private int size;

        /** Texts of the labels read last, by place, so that series with the same labels share them. */
        private String[] texts = new String[0];

        private int[] textPairs = new int[0];

        private Walk(int series) {
            source = series < table.count() ? table.run(series) : new ByteSource(java.nio.ByteBuffer.allocate(0), 0);
            next = series / BlockFormat.STEP * BlockFormat.STEP;
        }

        private void goTo(int series) {
            if (series < next || series / BlockFormat.STEP != next / BlockFormat.STEP || next % BlockFormat.STEP == 0) {
                source = table.run(series);
                next = series / BlockFormat.STEP * BlockFormat.STEP;
            }
            while (next <= series) {
                read(next % BlockFormat.STEP == 0);
                next++;
            }
        }

        private void read(boolean restart) {
            int head = source.varint(MAX_LABELS);
            if (head == 0) {
                if (restart) {
                    throw new MalformedPageException(source.position(), "a whole series at the start of a run");
                }
                long mask = source.varint();
                if (size < 64 && mask >>> size != 0) {
                    throw new MalformedPageException(source.position(), "changes of " + size + " labels: mask=" + mask);
                }
                for (; mask != 0; mask &= mask - 1) {
                    int place = Long.numberOfTrailingZeros(mask);
                    values[place] = rank(names[place]);
                }
                return;
            }
            size = head - 1;
            if (size > names.length) {
                names = new int[size];
                values = new int[size];
            }
            for (int i = 0; i < size; i++) {
                names[i] = source.varint(symbols.names().size() - 1L);
                values[i] = rank(names[i]);
            }
        }

        private int rank(int name) {
            return source.varint(symbols.values(name).size() - 1L);
        }

        /** Numbers of the pairs of name and value of a series. */
        int[] pairsOf(int series) {
            goTo(series);
            int[] pairs = new int[size];
            for (int i = 0; i < size; i++) {
                pairs[i] = symbols.base(names[i]) + values[i];
            }
            return pairs;
        }

        /** Whether these are labels as they are kept: names ascending, each once, and no text empty. */
        private boolean areSorted(String[] all) {
            for (int i = 0; i < size; i++) {
                if (i > 0 && names[i] <= names[i - 1] || all[2 * i].isEmpty() || all[2 * i + 1].isEmpty()) {
                    return false;
                }
            }
            return true;
        }

        /** The rank of a series' value of a name, or -1 if it does not have the name. */
        int rankOf(int series, int name) {
            goTo(series);
            for (int i = 0; i < size; i++) {
                if (names[i] == name) {
                    return values[i];
                }
            }
            return -1;
        }

        Labels labels(int series) {
            int[] pairs = pairsOf(series);
            String[] all = Arrays.copyOf(texts, 2 * size);
            for (int i = 0; i < size; i++) {
                if (i >= textPairs.length || textPairs[i] != pairs[i]) {
                    all[2 * i] = symbols.name(names[i]);
                    all[2 * i + 1] = symbols.text(names[i], values[i]);
                }
            }
            texts = all;
            textPairs = pairs;
            if (areSorted(all)) {
                return Labels.ofSorted(all);
            }
            try {
                return Labels.of(all);
            } catch (IllegalArgumentException e) {
                throw new MalformedPageException(
                        source.position(), "labels of series " + series + ": " + e.getMessage());
            }
        }
    }
}
