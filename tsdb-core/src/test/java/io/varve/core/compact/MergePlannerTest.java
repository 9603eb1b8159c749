package io.varve.core.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.model.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The planner as a table: what is there, and what is merged. */
class MergePlannerTest {

    private static final long HOUR = 3_600_000L;

    /** Blocks as {@code name level from-to megabytes}, times in hours, in position order. */
    private static List<BlockMeta> blocks(String text) {
        List<BlockMeta> blocks = new ArrayList<>();
        long position = 0;
        for (String line : text.split(",", -1)) {
            String[] parts = line.strip().split(" ");
            String[] times = parts[2].split("-", -1);
            BlockHeader header = new BlockHeader(
                    parts[0],
                    Integer.parseInt(parts[1]),
                    position,
                    ++position,
                    0,
                    Resolution.MILLIS,
                    BlockHeader.Kind.RAW,
                    List.of());
            blocks.add(new BlockMeta(
                    header,
                    Long.parseLong(times[0]) * HOUR,
                    Long.parseLong(times[1]) * HOUR,
                    10,
                    1_000,
                    1,
                    10,
                    (parts.length > 3 ? Long.parseLong(parts[3]) : 1) << 20));
        }
        return blocks;
    }

    private static Arguments row(String what, String blocks, String merged) {
        return Arguments.of(what, blocks, merged);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                row("three sealed blocks wait", "a 0 0-2,b 0 2-4,c 0 4-6", ""),
                row("four are merged", "a 0 0-2,b 0 2-4,c 0 4-6,d 0 6-8", "a b c d"),
                row(
                        "as many as fit into 12 h",
                        "a 0 0-2,b 0 2-4,c 0 4-6,d 0 6-8,e 0 8-10,f 0 10-12,g 0 12-14",
                        "a b c d e f"),
                row(
                        "a gap in time is in the way of the first tier alone",
                        "a 0 0-2,b 0 2-4,c 0 4-6,d 0 30-32",
                        "a b c d"),
                row("four of eight hours", "a 1 0-8,b 1 8-16,c 1 16-24,d 1 24-32", "a b c d"),
                row(
                        "the lowest tier first",
                        "a 1 0-8,b 1 8-16,c 1 16-24,d 1 24-32,e 0 32-34,f 0 34-36,g 0 36-38,h 0 38-40",
                        "e f g h"),
                row("of two days", "a 2 0-32,b 2 32-64,c 2 64-96,d 2 96-128", "a b c d"),
                row("of eight", "a 3 0-128,b 3 128-256,c 3 256-384,d 3 384-512", "a b c d"),
                row("what was merged four times stays", "a 4 0-2,b 4 2-4,c 4 4-6,d 4 6-8,e 4 8-10", ""),
                row("blocks far from each other in time stay", "a 0 0-2,b 0 900-902,c 0 1800-1802,d 0 2700-2702", ""),
                row(
                        "what was written late for an old day is merged with its neighbours in time, over those that do not overlap",
                        "a 1 0-8,b 1 8-16,x 0 200-202,c 1 16-24,d 0 20-22",
                        "a b c d"),
                row("but not over one that does", "a 0 0-2,b 0 2-4,c 0 4-6,x 0 0-900,d 0 6-8", ""),
                row("overlapping neighbours are merged", "a 0 0-2,b 0 0-2,c 0 0-2,d 0 0-2", "a b c d"),
                row("too large", "a 0 0-2 900,b 0 2-4 900,c 0 4-6 900,d 0 6-8 900", ""),
                row(
                        "what spans more than 32 days is merged with its own kind and what lies between",
                        "a 0 0-2,w 0 0-900,b 0 2-4,x 0 0-900,y 0 0-900,z 0 0-900,c 0 4-6",
                        "w b x y z"),
                row("empty blocks go into any", "a 0 0-2,b 0 2-4,e 0 9999999-0,c 0 4-6", "a b e c"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void plans(String what, String blocks, String merged) {
        List<BlockMeta> plan =
                new MergePlanner(2 * HOUR, Long.MAX_VALUE).next(blocks(blocks), Set.of(), MergePlanner.Patience.STEADY);
        assertThat(String.join(" ", plan.stream().map(BlockMeta::id).toList()))
                .as(what)
                .isEqualTo(merged);
    }

    @Test
    void whatIsExcludedStaysAndIsNotJumped() {
        MergePlanner planner = new MergePlanner(2 * HOUR, Long.MAX_VALUE);
        List<BlockMeta> blocks = blocks("a 0 0-2,b 0 2-4,c 0 4-6,d 0 6-8,e 0 8-10");
        assertThat(planner.next(blocks, Set.of("c"), MergePlanner.Patience.STEADY).stream()
                        .map(BlockMeta::id))
                .as("c touches b and d at their ends, so nothing may be moved over it")
                .isEmpty();
        List<BlockMeta> apart = blocks("a 0 0-2,b 0 2-4,c 0 9-10,d 0 5-6,e 0 6-7");
        assertThat(planner.next(apart, Set.of("c"), MergePlanner.Patience.STEADY).stream()
                        .map(BlockMeta::id))
                .containsExactly("a", "b", "d", "e");
        assertThat(MergePlanner.nextOfAll(blocks, Set.of("c")).stream().map(BlockMeta::id))
                .containsExactly("a", "b");
    }

    @Test
    void whileMuchIsLoadedAMergeWaitsForAsManyAsItTakes() {
        MergePlanner planner = new MergePlanner(2 * HOUR, Long.MAX_VALUE);
        List<BlockMeta> blocks = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            assertThat(planner.next(blocks, Set.of(), MergePlanner.Patience.BULK))
                    .isEmpty();
            blocks.addAll(blocks("b" + i + " 0 " + 2 * i + "-" + (2 * i + 1)));
        }
        assertThat(planner.next(blocks, Set.of(), MergePlanner.Patience.BULK))
                .as("two days, past the tier of twelve hours")
                .hasSize(16);
        assertThat(planner.next(blocks, Set.of(), MergePlanner.Patience.STEADY)).hasSize(6);
    }

    @Test
    void retentionKeepsBlocksShort() {
        MergePlanner planner = new MergePlanner(2 * HOUR, 60 * HOUR);
        assertThat(planner.next(
                        blocks("a 2 0-32,b 2 32-64,c 2 64-96,d 2 96-128"), Set.of(), MergePlanner.Patience.STEADY))
                .isEmpty();
        MergePlanner shortest = new MergePlanner(2 * HOUR, 1);
        assertThat(shortest.next(blocks("a 0 0-2,b 0 2-4,c 0 4-6,d 0 6-8"), Set.of(), MergePlanner.Patience.STEADY))
                .hasSize(4);
    }

    @Test
    void mergingAllTakesWhatFits() {
        assertThat(MergePlanner.nextOfAll(blocks("a 4 0-900 1500,b 0 2-4 500,c 0 4-6 600"), Set.of()).stream()
                        .map(BlockMeta::id))
                .containsExactly("a", "b");
        assertThat(MergePlanner.nextOfAll(blocks("a 4 0-900"), Set.of())).isEmpty();
    }
}
