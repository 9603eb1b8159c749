package io.varve.server.demo.latency.node;

import io.varve.core.telemetry.Metric;
import java.util.function.LongSupplier;

/** The gauge of the version of the metadata that a node has seen. */
final class NodeMetadata {

    private NodeMetadata() {}

    static void follow(NodeKit kit, LongSupplier version) {
        kit.telemetry()
                .gauge(
                        Metric.of("restate.metadata.version", "Version of the metadata that the node has seen"),
                        version::getAsLong);
    }
}
