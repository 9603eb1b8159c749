package io.varve.core.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesExemplars;
import io.varve.core.telemetry.MessageContext;
import io.varve.core.telemetry.Outcome;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a message with its story to the store, and back from the series of a percentile to the request. */
class KeptExportTest {

    @TempDir
    private Path directory;

    private final SteppedTime time = new SteppedTime();
    private final Telemetry telemetry =
            Telemetry.create(TelemetryConfig.defaults().clock(time).ticking(false));

    private void message(Pipeline pipeline, long millis, Outcome outcome, String request) {
        long[] stamps = pipeline.start();
        pipeline.stamp(stamps, 1);
        time.advanceMillis(millis);
        pipeline.done(stamps, outcome, () -> MessageContext.builder()
                .requestId(request)
                .build());
    }

    @Test
    void the_request_of_a_failed_message_is_found_beside_the_series_of_the_whole_way() throws IOException {
        Pipeline pipeline = telemetry.pipeline("p", "a", "b", "c");
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults())) {
            ScriptedStore store = new ScriptedStore(db);
            TelemetryExport export = TelemetryExport.of(telemetry, store, Duration.ofSeconds(1));
            message(pipeline, 2_000, Outcome.FAILED, "request-7");
            store.closed = true;
            export.write(); // stays kept while the store takes nothing
            store.closed = false;
            export.write();
            export.write(); // and is written once
            try (Querier querier = db.querier(StoreReading.ALWAYS)) {
                List<SeriesExemplars> found = querier.exemplars(Matcher.equal(Labels.NAME, Pipeline.METRIC))
                        .found();
                assertThat(found).hasSize(1);
                assertThat(found.get(0).series())
                        .isEqualTo(Labels.of(Labels.NAME, Pipeline.METRIC, "pipeline", "p", "from", "a", "to", "c"));
                assertThat(found.get(0).exemplars()).singleElement().satisfies(exemplar -> {
                    assertThat(exemplar.labels().get("request_id")).isEqualTo("request-7");
                    assertThat(exemplar.labels().get("why")).isEqualTo("failed");
                    assertThat(exemplar.time()).isEqualTo(SteppedTime.START / 1_000_000 + 2_000);
                    assertThat(exemplar).extracting(Exemplar::value).isEqualTo(2.0);
                });
            }
            assertThat(StoreReading.of(db, Pipeline.METRIC))
                    .containsKey(Labels.of(Labels.NAME, Pipeline.METRIC, "pipeline", "p", "from", "a", "to", "c"));
        }
    }
}
