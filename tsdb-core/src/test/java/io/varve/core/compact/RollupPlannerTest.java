package io.varve.core.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.RollupSpan;
import io.varve.core.compact.RollupPlanner.Piece;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.RetentionRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rollups are due, up to date, merged, and what may go before. Width 10. */
class RollupPlannerTest {

    private static final long NEVER = Long.MIN_VALUE;

    private static BlockMeta raw(long position, long from, long to) {
        BlockHeader header = BlockHeader.raw("raw" + position, position - 1, position, 0, Resolution.MILLIS);
        return new BlockMeta(header, from, to, 3, 100, 1, 3, 1_000);
    }

    private static Piece piece(long position, long from, long to) {
        return piece(position, from, to, 0, false);
    }

    private static Piece piece(long position, long from, long to, int level, boolean hidden) {
        RollupSpan span = new RollupSpan(10, from, to, true);
        BlockHeader header = BlockHeader.rollup("r" + from, level, position, 0, Resolution.MILLIS, span, List.of());
        return new Piece(new BlockMeta(header, from + 1, to, 3, 30, 1, 3, 100), position, hidden);
    }

    private static RollupPlanner plan(List<BlockMeta> raw, Piece... pieces) {
        return new RollupPlanner(10, raw, List.of(pieces));
    }

    private static RollupSpan span(long from, long to) {
        return new RollupSpan(10, from, to, true);
    }

    @Test
    void bucketsAreOpenOnTheLeft() {
        assertThat(RollupSpan.startOf(10, 10)).isEqualTo(0);
        assertThat(RollupSpan.endOf(10, 10)).isEqualTo(10);
        assertThat(RollupSpan.startOf(11, 10)).isEqualTo(10);
        assertThat(RollupSpan.startOf(0, 10)).isEqualTo(-10);
    }

    @Test
    void theEarliestUncoveredSamplesAreDue() {
        List<BlockMeta> raw = List.of(raw(1, 5, 400), raw(2, 401, 990));
        assertThat(plan(raw).next(NEVER, 980, 24, true)).isEqualTo(span(0, 980));
        assertThat(plan(raw, piece(2, 0, 300)).next(NEVER, 980, 24, true)).isEqualTo(span(300, 980));
        assertThat(plan(raw, piece(2, 0, 800)).next(NEVER, 980, 24, true))
                .as("too few to be worth a file")
                .isNull();
        assertThat(plan(raw, piece(2, 0, 800)).next(NEVER, 980, 1, true)).isEqualTo(span(800, 980));
        assertThat(plan(raw, piece(2, 0, 980)).next(NEVER, 980, 1, true)).isNull();
        assertThat(plan(raw, piece(2, 500, 980)).next(NEVER, 980, 24, true))
                .as("backfill before what is covered")
                .isEqualTo(span(0, 500));
        assertThat(plan(List.of(raw(1, 5, 100_000))).next(NEVER, 100_000, 1, true))
                .as("no more than so many at a time")
                .isEqualTo(span(0, 10L * RollupPlanner.MOST));
    }

    @Test
    void aStretchWithoutSamplesBelongsToWhatFollows() {
        List<BlockMeta> raw = List.of(raw(1, 5, 95), raw(2, 5_001, 5_300));
        assertThat(plan(raw, piece(2, 0, 100)).next(NEVER, 5_300, 24, true)).isEqualTo(span(100, 5_300));
        assertThat(plan(raw).extended(span(0, 100), 5_300)).isEqualTo(span(0, 1_700));
        assertThat(plan(raw, piece(2, 300, 600)).extended(span(0, 100), 5_300)).isEqualTo(span(0, 300));
        assertThat(plan(raw).extended(span(0, 5_300), 5_300)).isEqualTo(span(0, 5_300));
    }

    @Test
    void aBucketOfWhichSamplesMayBeMissingIsNotDue() {
        List<BlockMeta> raw = List.of(raw(1, 5, 990));
        assertThat(plan(raw).next(101, 980, 1, true)).isEqualTo(span(100, 980));
        assertThat(plan(raw).next(102, 980, 1, true)).isEqualTo(span(110, 980));
        assertThat(plan(raw, piece(1, 0, 50)).next(102, 980, 1, true))
                .as("nobody knows what was between")
                .isEqualTo(span(110, 980));
    }

    @Test
    void whatComesBehindThePositionMakesItOutOfDateWhereItIs() {
        List<BlockMeta> raw = List.of(raw(1, 5, 400), raw(2, 390, 700));
        assertThat(plan(raw).isCurrent(piece(1, 0, 380))).isTrue();
        assertThat(plan(raw).isCurrent(piece(1, 0, 390))).isFalse();
        assertThat(plan(raw).isCurrent(piece(2, 0, 390))).isTrue();
        assertThat(plan(raw).isCurrent(piece(2, 0, 390, 0, true))).isFalse();
        assertThat(plan(raw).newer(piece(1, 0, 390))).containsExactly(raw.get(1));
    }

    @Test
    void nothingGoesBeforeItIsDurable() {
        List<BlockMeta> raw = List.of(raw(1, 5, 400), raw(2, 390, 700));
        assertThat(plan(raw).durableUntil(NEVER)).isEqualTo(5);
        assertThat(plan(raw, piece(1, 0, 300)).durableUntil(NEVER)).isEqualTo(301);
        assertThat(plan(raw, piece(1, 0, 400)).durableUntil(NEVER))
                .as("the second block came behind it")
                .isEqualTo(390);
        assertThat(plan(raw, piece(2, 0, 400), piece(2, 400, 700)).durableUntil(NEVER))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(plan(raw, piece(2, 0, 400, 0, true)).durableUntil(NEVER)).isEqualTo(5);
        assertThat(plan(raw).durableUntil(101))
                .as("what is incomplete waits for nothing")
                .isEqualTo(101);
        assertThat(plan(List.of()).durableUntil(NEVER)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void neighboursOfATierMerge() {
        List<Piece> eight = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            eight.add(piece(1, 100L * i, 100L * i + 100));
        }
        List<BlockMeta> raw = List.of(raw(1, 5, 900));
        RollupPlanner all = new RollupPlanner(10, raw, eight);
        assertThat(all.nextMerge(false, Long.MAX_VALUE)).isEqualTo(eight);
        assertThat(all.nextMerge(false, 500)).as("too long for its age").isEmpty();
        assertThat(all.nextMerge(true, 500)).hasSize(5);
        RollupPlanner seven = new RollupPlanner(10, raw, eight.subList(0, 7));
        assertThat(seven.nextMerge(false, Long.MAX_VALUE)).isEmpty();
        assertThat(seven.nextMerge(true, Long.MAX_VALUE)).hasSize(7);
        RollupPlanner late = new RollupPlanner(10, List.of(raw.get(0), raw(2, 305, 310)), eight);
        assertThat(late.nextMerge(true, Long.MAX_VALUE)).isEqualTo(eight.subList(0, 3));
        assertThat(plan(raw, piece(1, 0, 100), piece(1, 110, 200)).nextMerge(true, Long.MAX_VALUE))
                .as("not over what is not covered")
                .isEmpty();
    }

    @Test
    void floorsRememberWhatEachSetOfRulesTookAway() {
        RetentionRule debug = new RetentionRule(List.of(Matcher.equal("job", "debug")), Duration.ofDays(1));
        Labels other = Labels.of("job", "a");
        Labels debugging = Labels.of("job", "debug");
        RawFloors first = RawFloors.NONE.with(new Cutoffs(100, List.of(debug), new long[] {500}));
        assertThat(first.of(other)).isEqualTo(100);
        assertThat(first.of(debugging)).isEqualTo(500);
        assertThat(first.lowest()).isEqualTo(100);
        assertThat(first.with(new Cutoffs(90, List.of(debug), new long[] {400})))
                .isSameAs(first);
        RawFloors second = first.with(new Cutoffs(200, List.of(), new long[0]));
        assertThat(second.of(other)).isEqualTo(200);
        assertThat(second.of(debugging)).as("the rule that is gone took more").isEqualTo(500);
        assertThat(second.withAllUpTo(299).of(other)).isEqualTo(300);
        assertThat(second.withAllUpTo(299).of(debugging)).isEqualTo(500);
        assertThat(RawFloors.NONE.with(Cutoffs.NONE)).isSameAs(RawFloors.NONE);
        RawFloors many = RawFloors.NONE;
        for (int i = 1; i < 40; i++) {
            RetentionRule rule = new RetentionRule(List.of(Matcher.equal("job", "j" + i)), Duration.ofDays(1));
            many = many.with(new Cutoffs(i, List.of(rule), new long[] {1_000L + i}));
        }
        assertThat(many.entries()).hasSizeLessThanOrEqualTo(8);
        assertThat(many.of(Labels.of("job", "j1"))).isGreaterThanOrEqualTo(1_001);
    }
}
