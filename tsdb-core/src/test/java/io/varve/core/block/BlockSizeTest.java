package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a series costs beside its samples, on the shape of a fleet of hosts with ten tags and ten CPU metrics each. */
final class BlockSizeTest {

    private static final int HOSTS = 200;
    private static final int ROWS = 720;
    private static final String[] FIELDS = {
        "usage_user",
        "usage_system",
        "usage_idle",
        "usage_nice",
        "usage_iowait",
        "usage_irq",
        "usage_softirq",
        "usage_steal",
        "usage_guest",
        "usage_guest_nice"
    };

    private static Labels labels(int host, String field, Random tags) {
        tags.setSeed(host);
        int region = tags.nextInt(9);
        return Labels.of(
                "__name__", "cpu_" + field,
                "hostname", "host_" + host,
                "region", "region-" + region,
                "datacenter", "region-" + region + (char) ('a' + tags.nextInt(3)),
                "rack", Integer.toString(tags.nextInt(100)),
                "os", "Ubuntu" + tags.nextInt(3),
                "arch", tags.nextBoolean() ? "x64" : "x86",
                "team", "team-" + tags.nextInt(4),
                "service", Integer.toString(tags.nextInt(20)),
                "service_version", Integer.toString(tags.nextInt(2)),
                "service_environment", "env-" + tags.nextInt(3));
    }

    private static BlockModel fleet() {
        BlockModel model = new BlockModel();
        long[] times = new long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            times[i] = 1_700_000_000_000L + 10_000L * i;
        }
        for (int host = 0; host < HOSTS; host++) {
            for (String field : FIELDS) {
                Random random = new Random(31L * host + field.hashCode());
                double[] values = new double[ROWS];
                int value = random.nextInt(100);
                for (int i = 0; i < ROWS; i++) {
                    value = Math.max(0, Math.min(100, value + random.nextInt(3) - 1));
                    values[i] = value;
                }
                model.series.put(labels(host, field, new Random()), new BlockModel.Samples(times, values));
            }
        }
        return model;
    }

    @Test
    void aSeriesCostsLessThanFortyBytesBesideItsValues() throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        BlockMeta meta = fleet().write(fs, "b", "ID");
        BlockReader reader = BlockReader.open(fs, "b");
        long valueBytes = 0;
        ChunkRun run = new ChunkRun();
        for (int i = 0; i < meta.series(); i++) {
            run.load(reader.directory(), i);
            for (int page = run.firstPage[i % 16]; page < run.firstPage[i % 16 + 1]; page++) {
                valueBytes += run.length[page];
            }
        }
        Map<Integer, Long> sections = new TreeMap<>();
        reader.sections().forEach((id, section) -> sections.put(id, section.length()));
        double perSeries = (double) (meta.bytes() - valueBytes) / meta.series();
        System.out.printf(
                "%d series: %.1f bytes a series beside values, %.4f bytes a sample, values %d, sections %s%n",
                meta.series(), perSeries, (double) meta.bytes() / meta.samples(), valueBytes, sections);
        assertThat(meta.columns()).isEqualTo(1);
        assertThat(perSeries).isLessThan(40);
        reader.release();
    }
}
