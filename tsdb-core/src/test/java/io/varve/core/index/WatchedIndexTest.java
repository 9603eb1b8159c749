package io.varve.core.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Matcher;
import io.varve.core.storage.ReadBudget;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

class WatchedIndexTest {

    private static final int VALUES = 1_000_000;

    /** A million series with a value each: many times the letter a, the series' number, an exclamation mark. */
    private static final class Many implements LabelIndex {

        private int visited;

        @Override
        public List<String> labelNames() {
            return List.of("v");
        }

        @Override
        public List<String> labelValues(String name) {
            return List.of();
        }

        @Override
        public @Nullable ImmutableRoaringBitmap postings(String name, String value) {
            return null;
        }

        @Override
        public void forEachValue(
                String name, String prefix, Predicate<String> wanted, Consumer<ImmutableRoaringBitmap> series) {
            for (int i = 0; i < VALUES; i++) {
                visited++;
                if (wanted.test("aaaaaaaaaaaaaaaaaaaaaaaa" + i + "!")) {
                    series.accept(MutableRoaringBitmap.bitmapOf(i));
                }
            }
        }

        @Override
        public ImmutableRoaringBitmap all() {
            MutableRoaringBitmap all = new MutableRoaringBitmap();
            all.add(0L, VALUES);
            return all;
        }
    }

    @Test
    void a_budget_is_asked_while_a_million_values_are_looked_through() {
        Many many = new Many();
        long[] asked = {0};
        ReadBudget counting = (samples, bytes) -> {
            assertThat(samples + bytes).isZero();
            asked[0]++;
        };
        Matcher backtracking = Matcher.regex("v", "(a+)+$");
        assertThat(PostingsSelector.select(new WatchedIndex(many, counting), backtracking)
                        .isEmpty())
                .isTrue();
        assertThat(many.visited).isEqualTo(VALUES);
        assertThat(asked[0]).isBetween(VALUES / 50L, VALUES / 20L);
    }

    @Test
    void a_budget_that_is_used_up_ends_it() {
        Many many = new Many();
        long[] asked = {0};
        ReadBudget ending = (samples, bytes) -> {
            if (++asked[0] == 3) {
                throw new IllegalStateException("over");
            }
        };
        Matcher backtracking = Matcher.notRegex("v", "(a+)+$");
        assertThatThrownBy(() -> PostingsSelector.select(new WatchedIndex(many, ending), backtracking))
                .hasMessage("over");
        assertThat(many.visited).isLessThan(200);
    }
}
