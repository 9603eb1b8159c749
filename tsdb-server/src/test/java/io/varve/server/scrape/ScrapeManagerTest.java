package io.varve.server.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Querier;
import io.varve.server.scrape.TargetStatus.Health;
import io.varve.server.write.MetadataStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of targets' series, scrape by scrape, in a real store. */
class ScrapeManagerTest {

    private static final Duration ONE = Duration.ofSeconds(1);
    private static final String JOB = "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n";
    private static final String PLAIN = JOB + "- {job_name: j, static_configs: [{targets: ['a:1']}]}\n";
    private static final String OF_A = "{instance=\"a:1\",job=\"j\"}";

    @TempDir
    private Path directory;

    private ScrapedStore store;

    @BeforeEach
    void open() throws IOException {
        store = new ScrapedStore(directory);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private TargetStatus target() {
        return store.manager().status().get(0).targets().get(0);
    }

    @Test
    void aSeriesEndsWhenItIsNotToldAnyMore() throws IOException {
        store.configure(PLAIN);
        store.answers("a:1", ScrapedStore.TEXT, "x 1\ny{l=\"1\"} 2\n");
        store.pass(ONE);
        store.answers("a:1", ScrapedStore.TEXT, "x 3\n");
        store.pass(ONE.multipliedBy(2));
        assertThat(store.read("x")).containsExactly(Map.entry("x" + OF_A, List.of("1.0", "3.0", "3.0")));
        assertThat(store.read("y"))
                .containsExactly(Map.entry("y{instance=\"a:1\",job=\"j\",l=\"1\"}", List.of("2.0", "stale")));
        assertThat(store.read("up").get("up" + OF_A)).containsExactly("1.0", "1.0", "1.0");
        assertThat(store.read("scrape_samples_scraped").get("scrape_samples_scraped" + OF_A))
                .containsExactly("2.0", "1.0", "1.0");
        assertThat(store.read("scrape_series_added").get("scrape_series_added" + OF_A))
                .containsExactly("2.0", "0.0", "0.0");
        assertThat(store.times("x")).hasSize(3);
        assertThat(store.times("x").get(2) - store.times("x").get(0)).isEqualTo(2_000);
        assertThat(target().health()).isEqualTo(Health.UP);
        assertThat(store.releases()).isEqualTo(3);
    }

    @Test
    void allSeriesEndWhenATargetIsAwayAndComeBackWithIt() throws IOException {
        store.configure(PLAIN);
        assertThat(target().health()).isEqualTo(Health.UNKNOWN);
        store.answers("a:1", ScrapedStore.TEXT, "x 1\n");
        store.pass(ONE);
        store.isAway("a:1");
        store.pass(ONE.multipliedBy(2));
        assertThat(target().health()).isEqualTo(Health.DOWN);
        assertThat(target().error()).isEqualTo("cannot connect");
        store.answers("a:1", ScrapedStore.TEXT, "x 2\n");
        store.pass(ONE);
        assertThat(store.read("x").get("x" + OF_A)).containsExactly("1.0", "stale", "2.0");
        assertThat(store.read("up").get("up" + OF_A)).containsExactly("1.0", "0.0", "0.0", "1.0");
        assertThat(store.read("scrape_series_added").get("scrape_series_added" + OF_A))
                .containsExactly("1.0", "0.0", "0.0", "0.0");
    }

    @Test
    void anAnswerThatIsWrongAnywhereIsNotStoredAnywhere() throws IOException {
        store.configure(PLAIN);
        store.answers("a:1", ScrapedStore.TEXT, "x 1\n");
        store.pass(ONE);
        store.answers("a:1", ScrapedStore.TEXT, "x 2\nz 1\nbroken\n");
        store.pass(ONE);
        assertThat(target().error()).isEqualTo("line 3: value is missing");
        assertThat(store.read("x").get("x" + OF_A)).containsExactly("1.0", "stale");
        assertThat(store.read("z")).isEmpty();
        assertThat(store.read("scrape_samples_scraped").get("scrape_samples_scraped" + OF_A))
                .containsExactly("1.0", "2.0");
    }

    @Test
    void aTargetThatChangesItsFormatGoesOnWithItsSeries() throws IOException {
        store.configure(PLAIN);
        store.answers("a:1", ScrapedStore.TEXT, "h_bucket{le=\"1\",z=\"y\"} 1\nh_bucket{le=\"+Inf\",z=\"y\"} 2\n");
        store.pass(ONE);
        store.answers(
                "a:1",
                ScrapedStore.OPEN_METRICS,
                "h_bucket{z=\"y\",le=\"1.0\"} 3\nh_bucket{z=\"y\",le=\"+Inf\"} 4\n# EOF\n");
        store.pass(ONE);
        assertThat(store.read("h_bucket"))
                .containsExactly(
                        Map.entry("h_bucket{instance=\"a:1\",job=\"j\",le=\"+Inf\",z=\"y\"}", List.of("2.0", "4.0")),
                        Map.entry("h_bucket{instance=\"a:1\",job=\"j\",le=\"1.0\",z=\"y\"}", List.of("1.0", "3.0")));
    }

    @Test
    void labelsOfTheTargetStandBeforeThoseOfItsSamplesUnlessTheseAreHonoured() throws IOException {
        store.configure(JOB
                + "- {job_name: j, static_configs: [{targets: ['a:1'], labels: {l: t}}]}\n"
                + "- {job_name: k, honor_labels: true, static_configs: [{targets: ['b:1'], labels: {l: t}}]}\n");
        String text = "x{l=\"s\",exported_l=\"e\",job=\"own\"} 1\n";
        store.answers("a:1", ScrapedStore.TEXT, text);
        store.answers("b:1", ScrapedStore.TEXT, text);
        store.pass(ONE);
        assertThat(store.read("x"))
                .containsOnlyKeys(
                        "x{exported_exported_l=\"s\",exported_job=\"own\",exported_l=\"e\",instance=\"a:1\","
                                + "job=\"j\",l=\"t\"}",
                        "x{exported_l=\"e\",instance=\"b:1\",job=\"own\",l=\"s\"}");
    }

    @Test
    void samplesAreRelabelledAndCounted() throws IOException {
        store.configure(PLAIN.replace(
                "static_configs",
                "metric_relabel_configs: [{source_labels: [__name__], regex: 'drop.*', action: drop},"
                        + " {source_labels: [__name__], regex: 'o(.*)', target_label: __name__, replacement: 'n$1'}],"
                        + " static_configs"));
        store.answers("a:1", ScrapedStore.TEXT, "drop_a 1\noa 2\nob 3\ndrop_b 4\n");
        store.pass(ONE.multipliedBy(2));
        assertThat(store.read(Matcher.equal("job", "j")).keySet())
                .contains("na" + OF_A, "nb" + OF_A)
                .noneMatch(name -> name.startsWith("drop") || name.startsWith("o"));
        assertThat(store.read("scrape_samples_scraped").get("scrape_samples_scraped" + OF_A))
                .containsExactly("4.0", "4.0");
        assertThat(store.read("scrape_samples_post_metric_relabeling")
                        .get("scrape_samples_post_metric_relabeling" + OF_A))
                .containsExactly("2.0", "2.0");
    }

    @Test
    void timesOfSamplesAreHonouredAndSuchSeriesDoNotEnd() throws IOException {
        store.configure(PLAIN);
        store.answers("a:1", ScrapedStore.TEXT, "x 1 1699999990000\nx 2 1699999991000\ny 1\n");
        store.pass(ONE);
        store.answers("a:1", ScrapedStore.TEXT, "z 1 -5\n");
        store.pass(ONE);
        assertThat(store.read("x").get("x" + OF_A)).containsExactly("1.0", "2.0");
        assertThat(store.times("x")).containsExactly(-10_000L, -9_000L);
        assertThat(store.read("y").get("y" + OF_A)).containsExactly("1.0", "stale");
        assertThat(store.read("z")).isEmpty();
        assertThat(store.refused).containsEntry("before_epoch", 1L);
    }

    @Test
    void timesAreTheServersWhereTheyAreNotHonoured() throws IOException {
        store.configure(PLAIN.replace("static_configs", "honor_timestamps: false, static_configs"));
        store.answers("a:1", ScrapedStore.TEXT, "x 1 5\n");
        store.pass(ONE);
        store.answers("a:1", ScrapedStore.TEXT, "\n");
        store.pass(ONE);
        assertThat(store.read("x").get("x" + OF_A)).containsExactly("1.0", "stale");
        assertThat(store.times("x").get(0)).isBetween(0L, 1_000L);
    }

    @Test
    void ofASeriesThatIsToldTwiceTheFirstCounts() throws IOException {
        store.configure(PLAIN);
        store.answers("a:1", ScrapedStore.TEXT, "x 1\nx 2\nx NaN\n");
        store.pass(ONE);
        assertThat(store.read("x").get("x" + OF_A)).containsExactly("1.0");
        assertThat(store.refused).containsEntry("duplicate_sample", 2L);
        assertThat(target().health()).isEqualTo(Health.UP);
    }

    @Test
    void aLimitThatIsPassedFailsTheScrapeAsAWhole() throws IOException {
        String[][] limits = {
            {"sample_limit: 1", "x 1\ny 1\n", "sample_limit exceeded: samples=2, limit=1"},
            {"label_limit: 3", "x{a=\"1\"} 1\n", "label_limit exceeded (metric: x, number of labels: 4, limit: 3)"},
            {
                "label_name_length_limit: 8",
                "x{abcdefghi=\"1\"} 1\n",
                "label_name_length_limit exceeded (metric: x, label name: abcdefghi, length: 9, limit: 8)"
            },
            {
                "label_value_length_limit: 4",
                "x{a=\"éé1\"} 1\n",
                "label_value_length_limit exceeded (metric: x, label name: a, value: éé1, length: 5, limit: 4)"
            },
            {"target_limit: 1", "x 1\n", "target_limit exceeded (number of targets: 2, limit: 1)"},
        };
        for (String[] limit : limits) {
            store.configure(PLAIN.replace("static_configs", limit[0] + ", static_configs")
                    .replace("['a:1']", limit[0].startsWith("target") ? "['a:1', 'b:1']" : "['a:1']"));
            store.answers("a:1", ScrapedStore.TEXT, limit[1]);
            store.pass(ONE);
            assertThat(target().error()).as(limit[0]).isEqualTo(limit[2]);
        }
        assertThat(store.read("x")).isEmpty();
        assertThat(store.read("up").get("up" + OF_A)).containsOnly("0.0");
    }

    @Test
    void bombsDamagedBodiesAndOtherTypesFailWithTheirReason() throws IOException {
        store.configure(PLAIN.replace("static_configs", "body_size_limit: 64KB, static_configs"));
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[50 << 20]);
        }
        store.answers("a:1", ScrapedStore.TEXT, bomb.toByteArray(), true);
        store.pass(ONE);
        assertThat(target().error()).isEqualTo("body_size_limit exceeded: limit=65536");
        store.answers("a:1", ScrapedStore.TEXT, "no gzip".getBytes(StandardCharsets.UTF_8), true);
        store.pass(ONE);
        assertThat(target().error()).startsWith("damaged gzip: ");
        store.answers("a:1", "text/html", "<html>");
        store.pass(ONE);
        assertThat(target().error())
                .isEqualTo("no format of metrics: Content-Type \"text/html\"; set fallback_scrape_protocol to read it");
        store.answers("a:1", "", "x 1\n");
        store.pass(ONE);
        assertThat(target().error()).startsWith("the answer has no Content-Type");
        store.configure(
                PLAIN.replace("static_configs", "fallback_scrape_protocol: PrometheusText0.0.4, static_configs"));
        store.pass(ONE);
        assertThat(target().error()).isEmpty();
        assertThat(store.read("x").get("x" + OF_A)).containsExactly("1.0");
    }

    @Test
    void seriesOfATargetThatHasGoneEndTwoIntervalsLater() throws IOException {
        store.configure(JOB + "- {job_name: j, static_configs: [{targets: ['a:1', 'b:1']}]}\n");
        store.answers("a:1", ScrapedStore.TEXT, "x 1\n");
        store.answers("b:1", ScrapedStore.TEXT, "x 1\n");
        store.pass(ONE);
        store.configure(JOB + "- {job_name: j, static_configs: [{targets: ['b:1']}]}\n");
        store.pass(ONE);
        assertThat(store.read("x").get("x" + OF_A)).containsExactly("1.0");
        store.pass(ONE.multipliedBy(2));
        assertThat(store.read("x").get("x" + OF_A)).containsExactly("1.0", "stale");
        assertThat(store.read("up").get("up" + OF_A)).containsExactly("1.0", "stale");
        assertThat(store.read("x").get("x{instance=\"b:1\",job=\"j\"}")).doesNotContain("stale");
    }

    @Test
    void aReloadEndsOnlyTheSeriesThatNobodyTellsAnyMore() throws IOException {
        store.configure(PLAIN);
        store.answers("a:1", ScrapedStore.TEXT, "x 1\ny 1\n");
        store.pass(ONE);
        store.configure(PLAIN.replace(
                "static_configs",
                "metric_relabel_configs: [{source_labels: [__name__], regex: y, action: drop}], static_configs"));
        store.pass(ONE.multipliedBy(4));
        assertThat(store.read("x").get("x" + OF_A)).hasSize(5).doesNotContain("stale");
        assertThat(store.read("y").get("y" + OF_A)).containsExactly("1.0", "stale");
        assertThat(store.read("up").get("up" + OF_A)).hasSize(5).doesNotContain("stale");
    }

    @Test
    void aReloadLeavesJobsThatAreTheSameAlone() throws IOException {
        store.configure(PLAIN);
        store.answers("a:1", ScrapedStore.TEXT, "x 1\n");
        store.pass(ONE);
        store.configure(PLAIN + "- {job_name: k, static_configs: [{targets: ['b:1']}]}\n");
        assertThat(target().health()).isEqualTo(Health.UP);
        store.pass(ONE.multipliedBy(4));
        assertThat(store.read("scrape_series_added").get("scrape_series_added" + OF_A))
                .containsExactly("1.0", "0.0", "0.0", "0.0", "0.0");
    }

    @Test
    void nothingEndsWhenTheServerStops() throws IOException {
        store.configure(PLAIN);
        store.answers("a:1", ScrapedStore.TEXT, "x 1\n");
        store.pass(ONE);
        store.manager().close();
        store.pass(ONE.multipliedBy(4));
        assertThat(store.read("x").get("x" + OF_A)).containsExactly("1.0");
    }

    @Test
    void aScrapeThatIsDueWhileTheOneBeforeIsOnIsPassedOver() throws IOException {
        store.configure(PLAIN);
        store.silent = true;
        store.pass(ONE.multipliedBy(3));
        assertThat(store.missed).isEqualTo(2);
        assertThat(store.read("up")).isEmpty();
    }

    @Test
    void filesNameTargetsAndABrokenOneKeepsThem() throws IOException {
        Path file = directory.resolve("targets.json");
        store.configure(JOB + "- {job_name: j, file_sd_configs: [{files: ['targ*.json'], refresh_interval: 1h}]}\n");
        assertThat(store.manager().status().get(0).targets()).isEmpty();
        Files.writeString(file, "[{\"targets\": [\"a:1\"], \"labels\": {\"__meta_x\": \"1\", \"z\": \"2\"}}]");
        store.manager().look();
        assertThat(target().target().labels().toString()).isEqualTo("{instance=\"a:1\",job=\"j\",z=\"2\"}");
        assertThat(target().target().discovered().get("__meta_filepath")).isEqualTo(file.toString());
        Files.writeString(file, "[{\"targets\": [\"a:1\"");
        store.manager().look();
        assertThat(store.manager().targets()).isEqualTo(1);
        Files.writeString(file, "[{\"targets\": [\"c:1\", \"d:1\"]}]");
        store.manager().look();
        assertThat(store.manager().targets()).isEqualTo(2);
        Files.delete(file);
        store.manager().look();
        assertThat(store.manager().targets()).isZero();
    }

    @Test
    void exemplarsAndStartsOfCountersReachTheStoreOnce() throws IOException {
        store.configure(PLAIN);
        store.answers(
                "a:1",
                ScrapedStore.OPEN_METRICS,
                "# TYPE c counter\nc_total 3 # {trace=\"t1\"} 0.5 1699999999.5\nc_created 1600000000\n# EOF\n");
        store.pass(ONE.multipliedBy(3));
        store.answers(
                "a:1",
                ScrapedStore.OPEN_METRICS,
                "# TYPE c counter\nc_total 1 # {trace=\"t2\"} 0.25 1700000001\nc_created 1700000000.5\n# EOF\n");
        store.pass(ONE);
        assertThat(store.read("c_total").get("c_total" + OF_A)).containsExactly("3.0", "3.0", "3.0", "1.0");
        Matcher counter = Matcher.equal("__name__", "c_total");
        try (Querier querier = store.db().querier(TimeRange.ALL)) {
            assertThat(querier.exemplars(counter).found().get(0).exemplars())
                    .extracting(exemplar -> exemplar.labels().get("trace") + " " + exemplar.time())
                    .containsExactly("t1 1699999999500", "t2 1700000001000");
            assertThat(querier.startTimes(counter).found().get(0).starts())
                    .extracting(StartTime::start)
                    .containsExactly(1_600_000_000_000L, 1_700_000_000_500L);
        }
    }

    @Test
    void nativeHistogramsEndByAMarkerOfTheirKind() throws IOException {
        store.configure(PLAIN.replace("static_configs", "scrape_native_histograms: true, static_configs"));
        byte[] histogram = {
            33, // bytes of the family
            10,
            1,
            'n', // its name
            24,
            4, // a histogram
            34,
            26, // a metric
            58,
            24, // its histogram
            8,
            3, // count
            17,
            0,
            0,
            0,
            0,
            0,
            0,
            36,
            64, // sum: 10
            40,
            4, // schema 2
            98,
            4,
            8,
            0,
            16,
            2, // a span of two buckets
            106,
            2,
            4,
            1 // two, then one less
        };
        histogram[0] = (byte) (histogram.length - 1);
        histogram[7] = (byte) (histogram.length - 8);
        histogram[9] = (byte) (histogram.length - 10);
        store.answers(
                "a:1",
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
                histogram,
                false);
        store.pass(ONE);
        store.answers("a:1", ScrapedStore.TEXT, "");
        store.pass(ONE);
        assertThat(target().error()).isEmpty();
        assertThat(store.read("n").get("n" + OF_A)).containsExactly("histogram", "stale");
    }

    @Test
    void metadataReachesTheStoreOnce() throws IOException {
        store.configure(PLAIN);
        store.answers("a:1", ScrapedStore.TEXT, "# HELP x What.\n# TYPE x counter\nx 1\n");
        store.pass(ONE.multipliedBy(2));
        assertThat(store.metadata.get("x")).isEqualTo(new MetadataStore.Metadata("counter", "What.", ""));
        assertThat(store.read("x").get("x" + OF_A)).hasSize(2);
        try (Querier querier = store.db().querier(TimeRange.ALL)) {
            assertThat(querier.metadata("x").found())
                    .containsEntry("x", new Metadata(Metadata.Type.COUNTER, "What.", ""));
        }
    }
}
