package io.varve.benchmarks.telemetry;

import io.varve.core.telemetry.Outcome;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Sampling;
import io.varve.core.telemetry.StageHeader;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A message that goes from one process to another as those of the example do: started and handed on in the one, taken
 * over and ended in the other, where one of a hundred is chosen. Both ends are in this process and on one thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class WireBenchmark {

    private static final int BATCH = 64;
    private static final String[] STAGES = {"enqueued", "dequeued", "arrived", "done"};

    private final Telemetry sending =
            Telemetry.create(TelemetryConfig.defaults().sampling(Sampling.fixed(0.01)));
    private final Telemetry receiving =
            Telemetry.create(TelemetryConfig.defaults().sampling(Sampling.fixed(0.01)));
    private final Pipeline sender = sending.pipeline("pp_bifrost", STAGES);
    private final Pipeline receiver = receiving.pipeline("pp_bifrost", STAGES);
    private final long[][] stamps = new long[BATCH][5];
    private final byte[][] wire = new byte[BATCH][StageHeader.MAX_BYTES];
    private final int[] lengths = new int[BATCH];

    /** The registries end. */
    @TearDown
    public void close() {
        sending.close();
        receiving.close();
    }

    /** Each step of each message reads the clock. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void messageByMessage() {
        for (int i = 0; i < BATCH; i++) {
            sender.start(stamps[i]);
        }
        for (int i = 0; i < BATCH; i++) {
            sender.stamp(stamps[i], 1);
            lengths[i] = sender.handOn(stamps[i], wire[i], 0);
        }
        for (int i = 0; i < BATCH; i++) {
            receiver.takeOver(wire[i], 0, lengths[i], stamps[i]);
            receiver.stamp(stamps[i], 2);
        }
        for (int i = 0; i < BATCH; i++) {
            receiver.done(stamps[i], Outcome.OK);
        }
    }

    /** Messages that are handed on, arrive and end together have one reading of the clock together. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void together() {
        for (int i = 0; i < BATCH; i++) {
            sender.start(stamps[i]);
        }
        long handed = sender.now();
        for (int i = 0; i < BATCH; i++) {
            sender.stamp(stamps[i], 1, handed);
            lengths[i] = sender.handOn(stamps[i], wire[i], 0, handed);
        }
        long arrived = receiver.now();
        for (int i = 0; i < BATCH; i++) {
            receiver.takeOver(wire[i], 0, lengths[i], stamps[i], arrived);
            receiver.stamp(stamps[i], 2, arrived);
        }
        long ended = receiver.now();
        for (int i = 0; i < BATCH; i++) {
            receiver.done(stamps[i], Outcome.OK, null, ended);
        }
    }
}
