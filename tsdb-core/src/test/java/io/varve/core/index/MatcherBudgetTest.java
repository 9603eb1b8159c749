package io.varve.core.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Matcher;
import io.varve.core.storage.ReadBudget;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** A regular expression over a million values ends when its query does. */
class MatcherBudgetTest {

    private static final int VALUES = 1_000_000;
    private static final String NAME = "v";

    /** A million series with a value each: many times the letter a, the series' number, an exclamation mark. */
    private static final class Many implements LabelIndex, LabelValues {

        private int visited;

        private static String text(int number) {
            return "aaaaaaaaaaaaaaaaaaaaaaaa" + number + "!";
        }

        @Override
        public List<String> labelNames() {
            return List.of(NAME);
        }

        @Override
        public List<String> labelValues(String name) {
            return List.of();
        }

        @Override
        public LabelValues values(String name) {
            return this;
        }

        @Override
        public LabelOf labelOf(String name) {
            return Many::text;
        }

        @Override
        public ImmutableRoaringBitmap all() {
            MutableRoaringBitmap all = new MutableRoaringBitmap();
            all.add(0L, VALUES);
            return all;
        }

        @Override
        public int size() {
            return VALUES;
        }

        @Override
        public int find(String value) {
            return -1;
        }

        @Override
        public int count(String prefix) {
            return VALUES;
        }

        @Override
        public void forEach(String prefix, Visitor visitor) {
            for (int i = 0; i < VALUES; i++) {
                visited++;
                visitor.value(i, text(i));
            }
        }

        @Override
        public int weight(int number) {
            return 1;
        }

        @Override
        public ImmutableRoaringBitmap postings(int number) {
            return MutableRoaringBitmap.bitmapOf(number);
        }
    }

    @Test
    void aBudgetIsAskedWhileAMillionValuesAreLookedThrough() {
        Many many = new Many();
        long[] asked = {0};
        ReadBudget counting = (samples, bytes) -> asked[0]++;
        Matcher backtracking = Matcher.regex(NAME, "(a+)+$");
        assertThat(PostingsSelector.select(many, counting, backtracking).isEmpty())
                .isTrue();
        assertThat(many.visited).isEqualTo(VALUES);
        assertThat(asked[0]).isBetween(VALUES / 200L, VALUES / 50L);
    }

    @Test
    void aBudgetThatIsUsedUpEndsIt() {
        Many many = new Many();
        long[] asked = {0};
        ReadBudget ending = (samples, bytes) -> {
            if (++asked[0] == 3) {
                throw new IllegalStateException("over");
            }
        };
        Matcher backtracking = Matcher.notRegex(NAME, "(a+)+$");
        assertThatThrownBy(() -> PostingsSelector.select(many, ending, backtracking))
                .hasMessage("over");
        assertThat(many.visited).isLessThan(1_000);
    }
}
