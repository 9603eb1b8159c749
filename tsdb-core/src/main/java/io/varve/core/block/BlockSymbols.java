package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import io.varve.core.index.SymbolTable;
import io.varve.core.model.Labels;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The names of a block and, for each, its values. A pair of name and value has the number of all values of the names
 * before it, plus that of the value. Any number of threads.
 */
final class BlockSymbols {

    private static final int CACHED = 1 << 9;

    private final SymbolTable names;
    private final SymbolTable[] values;
    private final int[] bases;

    /** Texts that were read last, by place of their pair: series share most of theirs. Races lose an entry at most. */
    private final @Nullable Cached[] cache = new Cached[CACHED];

    private final @Nullable String[] nameTexts;

    private record Cached(int pair, String text) {}

    BlockSymbols(ByteBuffer section) {
        ByteSource source = new ByteSource(section, 0);
        names = SymbolTable.read(section, source);
        if (names.size() > source.remaining()) {
            throw new MalformedPageException(0, "values of " + names.size() + " names: bytes=" + source.remaining());
        }
        values = new SymbolTable[names.size()];
        nameTexts = new String[names.size()];
        bases = new int[names.size() + 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = SymbolTable.read(section, source);
            bases[i + 1] = Math.addExact(bases[i], values[i].size());
        }
        if (!source.isAtEnd()) {
            throw new MalformedPageException(source.position(), "the end of the symbols");
        }
    }

    SymbolTable names() {
        return names;
    }

    SymbolTable values(int name) {
        return values[name];
    }

    /** The number of a name, or -1. */
    int find(String name) {
        int low = 0;
        int high = nameTexts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Labels.compareCodePoints(name(middle), name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** The text of a name. */
    String name(int name) {
        String text = nameTexts[name];
        if (text == null) {
            text = names.get(name);
            nameTexts[name] = text;
        }
        return text;
    }

    /** The text of a value of a name. */
    String text(int name, int rank) {
        int pair = bases[name] + rank;
        Cached cached = cache[pair % CACHED];
        if (cached != null && cached.pair == pair) {
            return cached.text;
        }
        String text = values[name].get(rank);
        cache[pair % CACHED] = new Cached(pair, text);
        return text;
    }

    /** Number of the first pair of a name. */
    int base(int name) {
        return bases[name];
    }

    /** Number of pairs. */
    int pairs() {
        return bases[values.length];
    }
}
