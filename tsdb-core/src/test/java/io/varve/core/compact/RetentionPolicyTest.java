package io.varve.core.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.TimeRange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {

    private static final long DAY = 86_400_000L;
    private static final long NOW = 1_000 * DAY;

    private static RetentionRule rule(int days, Matcher... match) {
        return new RetentionRule(List.of(match), Duration.ofDays(days));
    }

    private static RetentionPolicy policy(int days, RetentionRule... rules) {
        return new RetentionPolicy(Resolution.MILLIS, Duration.ofDays(days), List.of(rules), 0);
    }

    private static BlockMeta block(String id, long from, long to, int series, long bytes) {
        return new BlockMeta(BlockHeader.raw(id, 0, 1, 0, Resolution.MILLIS), from, to, series, 10, 1, 1, bytes);
    }

    @Test
    void theFirstRuleThatMatchesHolds() {
        Cutoffs cutoffs = policy(
                        30,
                        rule(7, Matcher.equal("job", "x"), Matcher.notEqual("keep", "yes")),
                        rule(0, Matcher.regex("job", "billing|x")),
                        rule(90, Matcher.equal("env", "")))
                .at(NOW);
        assertThat(cutoffs.of(Labels.of("job", "x", "env", "prod"))).isEqualTo(NOW - 7 * DAY);
        assertThat(cutoffs.of(Labels.of("job", "x", "keep", "yes"))).isEqualTo(Long.MIN_VALUE);
        assertThat(cutoffs.of(Labels.of("job", "billing"))).isEqualTo(Long.MIN_VALUE);
        assertThat(cutoffs.of(Labels.of("job", "y"))).as("no env at all").isEqualTo(NOW - 90 * DAY);
        assertThat(cutoffs.of(Labels.of("job", "y", "env", "prod"))).isEqualTo(NOW - 30 * DAY);
        assertThat(cutoffs.lowest()).isEqualTo(Long.MIN_VALUE);
        assertThat(cutoffs.within(Labels.of("job", "x"), TimeRange.of(0, NOW)))
                .isEqualTo(TimeRange.of(NOW - 7 * DAY, NOW));
        assertThat(cutoffs.keepAll(TimeRange.of(NOW - 7 * DAY, NOW))).isTrue();
        assertThat(cutoffs.keepAll(TimeRange.of(NOW - 7 * DAY - 1, NOW))).isFalse();
    }

    @Test
    void whatExpires() {
        assertThat(policy(0).byAge()).isFalse();
        assertThat(policy(0).at(NOW).lowest()).isEqualTo(Long.MIN_VALUE);
        assertThat(policy(0, rule(7, Matcher.equal("a", "b"))).byAge()).isTrue();
        assertThat(policy(30, rule(90, Matcher.equal("a", "b"))).longestAge()).isEqualTo(90 * DAY);
        assertThat(policy(30, rule(0, Matcher.equal("a", "b"))).longestAge()).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> rule(7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a rule of retention has at least one matcher");
        assertThatThrownBy(() -> rule(-7, Matcher.equal("a", "b"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOldestGoFirstAndTheNewestStays() {
        List<BlockMeta> blocks =
                List.of(block("new", 50, 90, 1, 400), block("old", 0, 40, 1, 300), block("mid", 10, 60, 1, 300));
        assertThat(sized(1_100).beyondSize(blocks, 100)).isEmpty();
        assertThat(ids(sized(1_099).beyondSize(blocks, 100))).containsExactly("old");
        assertThat(ids(sized(799).beyondSize(blocks, 100))).containsExactly("old", "mid");
        assertThat(ids(sized(1).beyondSize(blocks, 100))).containsExactly("old", "mid");
        assertThat(sized(0).beyondSize(blocks, 100)).isEmpty();
    }

    private static RetentionPolicy sized(long bytes) {
        return new RetentionPolicy(Resolution.MILLIS, Duration.ZERO, List.of(), bytes);
    }

    private static List<String> ids(List<BlockMeta> blocks) {
        return blocks.stream().map(BlockMeta::id).toList();
    }

    @Test
    void aQuarterMakesARewriteWorthwhile() {
        Cutoffs cutoffs = policy(30).at(NOW);
        BlockMeta recent = block("a", NOW - 10 * DAY, NOW, 100, 1);
        assertThat(RetentionPolicy.isWorthRewriting(recent, 24, cutoffs)).isFalse();
        assertThat(RetentionPolicy.isWorthRewriting(recent, 25, cutoffs)).isTrue();
        BlockMeta crossing = block("b", NOW - 35 * DAY, NOW - 18 * DAY, 100, 1);
        assertThat(RetentionPolicy.isWorthRewriting(crossing, 0, cutoffs)).isTrue();
        BlockMeta written = block("c", NOW - 30 * DAY, NOW - 18 * DAY, 100, 1);
        assertThat(RetentionPolicy.isWorthRewriting(written, 0, cutoffs)).isFalse();
        assertThat(RetentionPolicy.isWorthRewriting(crossing, 0, Cutoffs.NONE)).isFalse();
    }
}
