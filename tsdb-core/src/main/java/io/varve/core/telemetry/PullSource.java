package io.varve.core.telemetry;

import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.Point;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is asked for when a snapshot is taken, on the thread that takes it. A source that throws gives no point
 * that time; the failure is counted, and the other metrics are not touched.
 */
record PullSource(DoubleSupplier supplier, Runnable onFailure) implements Family.Child {

    @Override
    public @Nullable Point point(List<Label> labels) {
        try {
            return new MetricSnapshot.Value(labels, supplier.getAsDouble());
        } catch (RuntimeException e) {
            onFailure.run();
            return null;
        }
    }
}
