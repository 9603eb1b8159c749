package io.varve.core.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.model.Resolution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever arrives in whatever order of time, merges never change which of two equal samples wins, rewrite each sample a
 * bounded number of times, and leave a bounded number of blocks.
 */
class MergePlannerProperties {

    private static final long SPAN = 100;

    /** A block as a map from time to the position that wrote it. */
    private record Block(BlockMeta meta, SortedMap<Long, Long> samples) {}

    private final List<Block> blocks = new ArrayList<>();
    private final Map<Long, Integer> rewrites = new HashMap<>();
    private final MergePlanner planner = new MergePlanner(SPAN, Long.MAX_VALUE);
    private long position;
    private long ids;

    private static BlockMeta meta(String id, int level, long first, long last, SortedMap<Long, Long> samples) {
        BlockHeader header =
                new BlockHeader(id, level, first, last, 0, Resolution.MILLIS, BlockHeader.Kind.RAW, List.of());
        return new BlockMeta(
                header, samples.firstKey(), samples.lastKey(), 1, samples.size(), 1, 1, 100L * samples.size());
    }

    private void seal(Random random, long now, int mood) {
        TreeMap<Long, Long> samples = new TreeMap<>();
        long first = position;
        for (int i = 0; i < 20; i++) {
            long back = mood == 0 ? 0 : random.nextInt(mood == 1 ? 400 : 200_000);
            long time = Math.max(0, now - random.nextInt((int) SPAN) - (random.nextInt(5) == 0 ? back : 0));
            samples.put(time, position);
            rewrites.put(position++, 0);
        }
        blocks.add(new Block(meta("s" + ids++, 0, first, position - 1, samples), samples));
    }

    private void merge(List<BlockMeta> chosen) {
        TreeMap<Long, Long> samples = new TreeMap<>();
        int level = 0;
        long last = 0;
        int place = -1;
        for (Block block : List.copyOf(blocks)) {
            if (chosen.contains(block.meta())) {
                samples.putAll(block.samples()); // in position order, as a merge does
                level = Math.max(level, block.meta().header().level());
                last = Math.max(last, block.meta().header().lastPosition());
                if (place < 0) {
                    place = blocks.indexOf(block);
                }
                blocks.remove(block);
            }
        }
        samples.values().forEach(sample -> rewrites.merge(sample, 1, Integer::sum));
        long first = chosen.get(0).header().firstPosition();
        blocks.add(place, new Block(meta("m" + ids++, level + 1, first, last, samples), samples));
    }

    private SortedMap<Long, Long> answer() {
        TreeMap<Long, Long> answer = new TreeMap<>();
        blocks.forEach(block -> answer.putAll(block.samples()));
        return answer;
    }

    @Property(tries = 60)
    void laterSamplesWinAndWritingIsBounded(@ForAll long seed) {
        blocks.clear();
        rewrites.clear();
        Random random = new Random(seed);
        TreeMap<Long, Long> expected = new TreeMap<>();
        int mood = random.nextInt(3);
        long now = 300_000;
        for (int round = 0; round < 300; round++) {
            now += random.nextInt(20) == 0 ? 5_000 : SPAN;
            seal(random, now, mood);
            expected.putAll(blocks.get(blocks.size() - 1).samples());
            for (List<BlockMeta> chosen = plan(); !chosen.isEmpty(); chosen = plan()) {
                merge(chosen);
                assertThat(answer()).isEqualTo(expected);
                assertThat(blocks)
                        .as("a rebuilt manifest sorts by first position")
                        .isSortedAccordingTo(Comparator.comparingLong(
                                block -> block.meta().header().firstPosition()));
            }
        }
        assertThat(Collections.max(rewrites.values())).isLessThanOrEqualTo(4);
        assertThat(blocks.size()).as("blocks left of 300").isLessThan(60);
    }

    private List<BlockMeta> plan() {
        return planner.next(blocks.stream().map(Block::meta).toList(), Set.of(), MergePlanner.Patience.STEADY);
    }
}
