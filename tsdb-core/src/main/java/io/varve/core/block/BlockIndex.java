package io.varve.core.block;

import io.varve.core.index.LabelIndex;
import io.varve.core.index.SymbolTable;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** The labels of a block, straight from its mapped sections. Valid while the block's reader is retained. */
final class BlockIndex implements LabelIndex {

    private final BlockSymbols symbols;
    private final PostingsTable postings;
    private final int series;

    BlockIndex(BlockSymbols symbols, PostingsTable postings, int series) {
        this.symbols = symbols;
        this.postings = postings;
        this.series = series;
    }

    @Override
    public List<String> labelNames() {
        return symbols.names().list(0, symbols.names().size());
    }

    @Override
    public List<String> labelValues(String name) {
        int number = symbols.names().find(name);
        return number < 0
                ? List.of()
                : symbols.values(number).list(0, symbols.values(number).size());
    }

    @Override
    public @Nullable ImmutableRoaringBitmap postings(String name, String value) {
        int number = symbols.names().find(name);
        int rank = number < 0 ? -1 : symbols.values(number).find(value);
        return rank < 0 ? null : postings.get(symbols.base(number) + rank);
    }

    @Override
    public void forEachValue(
            String name, String prefix, Predicate<String> wanted, Consumer<ImmutableRoaringBitmap> action) {
        int number = symbols.names().find(name);
        if (number < 0) {
            return;
        }
        SymbolTable values = symbols.values(number);
        int from = prefix.isEmpty() ? 0 : values.lowerBound(prefix);
        int step = prefix.isEmpty() ? values.size() : SymbolTable.STEP;
        for (int rank = from; rank < values.size(); rank += step) {
            int at = rank;
            for (String value : values.list(rank, Math.min(values.size(), rank + Math.max(1, step)))) {
                if (!value.startsWith(prefix)) {
                    return;
                }
                if (wanted.test(value)) {
                    action.accept(postings.get(symbols.base(number) + at));
                }
                at++;
            }
        }
    }

    @Override
    public ImmutableRoaringBitmap all() {
        MutableRoaringBitmap all = new MutableRoaringBitmap();
        all.add(0L, (long) series);
        return all;
    }

    /** Number of pairs of name and value. */
    int pairs() {
        return symbols.pairs();
    }

    /** Whether the postings are those of another table. */
    boolean sameAs(PostingsTable other) {
        for (int pair = 0; pair < symbols.pairs(); pair++) {
            if (!postings.get(pair).equals(other.get(pair))) {
                return false;
            }
        }
        return true;
    }
}
