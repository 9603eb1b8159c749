package io.varve.core.block;

import io.varve.core.index.LabelIndex;
import io.varve.core.index.LabelValues;
import io.varve.core.index.MatcherCache;
import io.varve.core.index.SymbolTable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** The labels of a block, straight from its mapped sections. Valid while the block's reader is retained. */
final class BlockIndex implements LabelIndex {

    /** What matchers found takes at most so much of each block. */
    private static final int CACHE_BYTES = 128 << 10;

    private final BlockSymbols symbols;
    private final PostingsTable postings;
    private final SeriesTable table;
    private final MatcherCache cache = new MatcherCache(CACHE_BYTES);

    BlockIndex(BlockSymbols symbols, PostingsTable postings, SeriesTable table) {
        this.symbols = symbols;
        this.postings = postings;
        this.table = table;
    }

    @Override
    public List<String> labelNames() {
        return symbols.names().list(0, symbols.names().size());
    }

    @Override
    public List<String> labelValues(String name) {
        int number = symbols.find(name);
        return number < 0
                ? List.of()
                : symbols.values(number).list(0, symbols.values(number).size());
    }

    @Override
    public @Nullable LabelValues values(String name) {
        int number = symbols.find(name);
        return number < 0 ? null : new Values(symbols.values(number), symbols.base(number));
    }

    /** Values by their ranks. */
    private final class Values implements LabelValues {

        /** Behind this, no text begins with a prefix that it follows, but for a few that nobody uses. */
        private static final String LAST = "\udbff\udfff";

        private final SymbolTable values;
        private final int base;

        Values(SymbolTable values, int base) {
            this.values = values;
            this.base = base;
        }

        @Override
        public int size() {
            return values.size();
        }

        @Override
        public int find(String value) {
            return values.find(value);
        }

        @Override
        public int count(String prefix) {
            return values.lowerBound(prefix + LAST) - values.lowerBound(prefix);
        }

        @Override
        public void forEach(String prefix, Visitor visitor) {
            values.forEach(prefix.isEmpty() ? 0 : values.lowerBound(prefix), (rank, text) -> {
                if (!text.startsWith(prefix)) {
                    return false;
                }
                visitor.value(rank, text);
                return true;
            });
        }

        @Override
        public int weight(int number) {
            return postings.weight(base + number);
        }

        @Override
        public ImmutableRoaringBitmap postings(int number) {
            return postings.get(base + number);
        }
    }

    @Override
    public LabelOf labelOf(String name) {
        int number = symbols.find(name);
        if (number < 0) {
            return series -> "";
        }
        SeriesTable.Walk walk = table.walk(0);
        return series -> {
            int rank = walk.rankOf(series, number);
            return rank < 0 ? "" : symbols.text(number, rank);
        };
    }

    @Override
    public int size() {
        return table.count();
    }

    @Override
    public MatcherCache cache() {
        return cache;
    }

    @Override
    public ImmutableRoaringBitmap all() {
        MutableRoaringBitmap all = new MutableRoaringBitmap();
        all.add(0L, (long) table.count());
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
