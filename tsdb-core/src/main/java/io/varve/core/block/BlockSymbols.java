package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import io.varve.core.index.SymbolTable;
import java.nio.ByteBuffer;

/**
 * The names of a block and, for each, its values. A pair of name and value has the number of all values of the names
 * before it, plus that of the value. Any number of threads.
 */
final class BlockSymbols {

    private final SymbolTable names;
    private final SymbolTable[] values;
    private final int[] bases;

    BlockSymbols(ByteBuffer section) {
        ByteSource source = new ByteSource(section, 0);
        names = SymbolTable.read(section, source);
        if (names.size() > source.remaining()) {
            throw new MalformedPageException(0, "values of " + names.size() + " names: bytes=" + source.remaining());
        }
        values = new SymbolTable[names.size()];
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

    /** Number of the first pair of a name. */
    int base(int name) {
        return bases[name];
    }

    /** Number of pairs. */
    int pairs() {
        return bases[values.length];
    }
}
