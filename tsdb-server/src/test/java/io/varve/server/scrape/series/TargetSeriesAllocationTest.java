package io.varve.server.scrape.series;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.index.KeyedHash;
import io.varve.core.model.Labels;
import io.varve.core.storage.Durability;
import io.varve.server.config.ConfigFile;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.scrape.format.ExpositionParser;
import io.varve.server.scrape.format.OpenMetricsText;
import io.varve.server.scrape.format.PrometheusText;
import io.varve.server.write.LabelRules;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.WriteLimits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sample of a series that is known is read and handed to the store without an object of its own. */
class TargetSeriesAllocationTest {

    private static final int SERIES = 5_000;
    private static final int SCRAPES = 8;
    private static final long START = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    private static byte[] body(int scrape, boolean openMetrics) {
        StringBuilder text = new StringBuilder("# TYPE m_total counter\n");
        for (int i = 0; i < SERIES; i++) {
            text.append("m_total{handler=\"/h/")
                    .append(i)
                    .append("\"} ")
                    .append(i * scrape)
                    .append(".5\n");
        }
        return text.append(openMetrics ? "# EOF\n" : "").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ScrapeMetrics counts() {
        return new ScrapeMetrics() {
            @Override
            public void scraped(boolean ok) {}

            @Override
            public void missed() {}

            @Override
            public void stored(long samples) {}

            @Override
            public void refused(String reason, long samples) {
                throw new AssertionError(reason);
            }
        };
    }

    private long leastBytes(ExpositionParser parser, boolean openMetrics) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Path file = Files.writeString(directory.resolve("varve.yml"), "scrape_configs: [{job_name: j}]");
        ConfigValues values = new ConfigValues();
        ConfigFile.read(file, values);
        ScrapeConfig config =
                ServerConfig.from(values, 1L << 30, false).scrapes().jobs().get(0);
        ScrapedMetadata metadata = new ScrapedMetadata(new MetadataStore(10));
        long least = Long.MAX_VALUE;
        try (Tsdb db = Tsdb.open(
                        directory.resolve("data" + openMetrics),
                        TsdbConfig.defaults().shards(1));
                ScrapeWriter writer = new ScrapeWriter(db.appender(Durability.MEMORY), metadata, counts())) {
            TargetSeries series = new TargetSeries(
                    1,
                    Labels.of("job", "j"),
                    config,
                    new TargetSeries.Shared(
                            KeyedHash.withSecret(new Random(1)),
                            new LabelRules(WriteLimits.defaults()),
                            db.resolution(),
                            metadata));
            ScrapeBatch batch = new ScrapeBatch();
            for (int scrape = 1; scrape <= SCRAPES; scrape++) {
                byte[] body = body(scrape, openMetrics);
                long before = threads.getCurrentThreadAllocatedBytes();
                TargetSeries.Counts counts =
                        series.scraped(parser, body, body.length, batch, writer, START + scrape * 1_000L);
                series.report(new Report(true, 0, 0, 1, 0), counts, writer, START + scrape * 1_000L);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                assertThat(counts.kept()).isEqualTo(SERIES);
                assertThat(counts.added()).isEqualTo(scrape == 1 ? SERIES : 0);
                try (var others = db.appender(Durability.MEMORY)) { // until what was handed over is applied
                    others.append(others.series(Labels.of(Labels.NAME, "x")), START, 1);
                    others.commit();
                }
            }
        }
        return least;
    }

    @Test
    void textAndOpenMetrics() throws IOException {
        assertThat(leastBytes(new PrometheusText(), false)).isLessThan(4L * SERIES);
        assertThat(leastBytes(new OpenMetricsText(), true)).isLessThan(4L * SERIES);
    }
}
