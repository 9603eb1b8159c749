package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What goes into a block comes out of it, for any series and any range. */
final class BlockProperties {

    @Property(tries = 30)
    void everySampleComesBack(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        BlockModel model = BlockModel.random(random, random.nextInt(60), random.nextInt(10) == 0 ? 20_000 : 300);
        SimulatedFileSystem fs = new SimulatedFileSystem();
        BlockMeta written = model.write(fs, "b", "ID");
        BlockReader reader = BlockReader.open(fs, "b");
        assertThat(reader.meta()).isEqualTo(written);
        assertThat(reader.meta().header()).isEqualTo(BlockModel.header("ID"));
        assertThat(reader.meta().bytes()).isEqualTo(fs.size("b"));
        assertThat(reader.meta().series()).isEqualTo(model.series.size());
        List<Labels> all = new ArrayList<>(model.series.keySet());
        BlockSession session = reader.session();
        List<Hole> holes = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            assertThat(session.labels(i)).isEqualTo(all.get(i));
            BlockModel.Samples expected = Objects.requireNonNull(model.series.get(all.get(i)));
            assertThat(BlockModel.read(session, i, TimeRange.ALL, holes).sameAs(expected))
                    .isTrue();
            long from = expected.times[random.nextInt(expected.times.length)] - random.nextInt(2);
            long to = from + random.nextInt(3_000_000) - 1_000;
            TimeRange range = TimeRange.of(from, to);
            assertThat(BlockModel.read(session, i, range, holes).sameAs(expected.in(range)))
                    .isTrue();
            checkStatistics(session, i, expected);
        }
        assertThat(holes).isEmpty();
        reader.release();
        assertThat(fs.openMaps()).isZero();
        assertThat(reader.retain()).isFalse();
    }

    private static void checkStatistics(BlockSession session, int series, BlockModel.Samples expected) {
        int row = 0;
        List<PageStatistics> found = session.statistics(series);
        for (PageStatistics page : found) {
            if (page != null) {
                int rows = page.numbers() + page.nans() + page.stales();
                if (found.size() == 1) {
                    assertThat(page).isEqualTo(PageStatistics.of(expected.values, row, rows));
                }
            }
        }
    }

    @Property(tries = 30)
    void indexAgreesWithTheSeries(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        BlockModel model = BlockModel.random(random, random.nextInt(200), 3);
        SimulatedFileSystem fs = new SimulatedFileSystem();
        model.write(fs, "b", "ID");
        BlockReader reader = BlockReader.open(fs, "b");
        List<Labels> all = new ArrayList<>(model.series.keySet());
        TreeSet<String> names = new TreeSet<>(Labels::compareCodePoints);
        all.forEach(labels -> {
            for (int i = 0; i < labels.size(); i++) {
                names.add(labels.name(i));
            }
        });
        assertThat(reader.index().labelNames()).containsExactlyElementsOf(names);
        names.add("none");
        for (String name : names) {
            TreeSet<String> values = new TreeSet<>(Labels::compareCodePoints);
            all.forEach(labels -> values.add(labels.get(name)));
            values.remove("");
            assertThat(reader.index().labelValues(name)).containsExactlyElementsOf(values);
        }
        for (int i = 0; i < 30; i++) {
            Matcher[] matchers = MatcherSamples.some(random);
            List<Integer> expected = new ArrayList<>();
            for (int s = 0; s < all.size(); s++) {
                Labels labels = all.get(s);
                if (java.util.Arrays.stream(matchers).allMatch(m -> m.matches(labels.get(m.name())))) {
                    expected.add(s);
                }
            }
            assertThat(PostingsSelector.select(reader.index(), matchers).toArray())
                    .as(java.util.Arrays.toString(matchers))
                    .containsExactly(
                            expected.stream().mapToInt(Integer::intValue).toArray());
        }
        reader.release();
    }
}
