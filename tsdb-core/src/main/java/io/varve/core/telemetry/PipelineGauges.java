package io.varve.core.telemetry;

/** The gauges of a pipeline's messages, which are there from the first message on. */
final class PipelineGauges {

    private final Pipeline pipeline;
    private final Telemetry telemetry;
    private volatile boolean shown;

    PipelineGauges(Pipeline pipeline, Telemetry telemetry) {
        this.pipeline = pipeline;
        this.telemetry = telemetry;
    }

    /** A message has come. */
    void show() {
        if (!shown) {
            register();
        }
    }

    private synchronized void register() {
        if (shown) {
            return;
        }
        for (int i = 0; i + 1 < pipeline.stages().size(); i++) {
            int stage = i;
            telemetry.gauge(
                    Metric.of(
                            Pipeline.IN_FLIGHT, "Messages that have come to a stage of a pipeline and not to the next"),
                    () -> pipeline.inFlight(stage),
                    "pipeline",
                    pipeline.name(),
                    "stage",
                    pipeline.stages().get(i));
        }
        telemetry.gauge(
                Metric.of(Pipeline.RATIO, "Share of the messages of a pipeline whose stages are recorded"),
                pipeline::samplingRatio,
                "pipeline",
                pipeline.name());
        telemetry.followCost();
        shown = true;
    }
}
