package io.varve.core.telemetry.export;

import io.varve.core.model.Labels;
import io.varve.core.telemetry.KeptMessage;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Telemetry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages that pipelines have kept, as exemplars of the whole way: of that series of {@value Pipeline#METRIC} that
 * leads from the first stage to the last. While the store takes nothing they stay where they are kept, the newest at
 * least.
 */
final class KeptPart implements ExportPart {

    private final Telemetry telemetry;

    /** References of the series of the whole way, by pipeline; of one epoch. */
    private final Map<String, Long> refs = new HashMap<>();

    private int epoch;

    KeptPart(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public void write(ExportBatch batch, long epochNanos) {
        if (epoch != batch.epoch()) {
            epoch = batch.epoch();
            refs.clear();
        }
        if (batch.isUsable()) {
            telemetry.drainKept(message -> batch.exemplar(
                    refs.computeIfAbsent(message.pipeline(), name -> batch.series(whole(message))),
                    message.exemplar(batch.resolution())));
        }
    }

    private static Labels whole(KeptMessage message) {
        List<String> stages = message.stages();
        return Labels.of(
                Labels.NAME,
                Pipeline.METRIC,
                "pipeline",
                message.pipeline(),
                "from",
                stages.get(0),
                "to",
                stages.get(stages.size() - 1));
    }
}
