package io.varve.core.telemetry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.varve.core.model.TimeSource;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Metrics that several threads record into: nothing is lost, nothing counted twice, one child for one label. */
public final class TelemetryStress {

    private TelemetryStress() {}

    /** Counts. */
    @JCStressTest
    @Outcome(id = "5", expect = ACCEPTABLE, desc = "all of them")
    @Outcome(expect = FORBIDDEN, desc = "lost")
    @State
    public static class Counts {

        private final Counter counter = new Counter();

        /** Adds. */
        @Actor
        public void one() {
            counter.inc();
            counter.inc();
        }

        /** Adds too. */
        @Actor
        public void other() {
            counter.add(3);
        }

        /** All of it. */
        @Arbiter
        public void after(I_Result r) {
            r.r1 = (int) counter.get();
        }
    }

    /** Ups and downs. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "all of them")
    @Outcome(expect = FORBIDDEN, desc = "lost")
    @State
    public static class Gauges {

        private final Gauge gauge = new Gauge();

        /** Up. */
        @Actor
        public void one() {
            gauge.add(3);
        }

        /** Down. */
        @Actor
        public void other() {
            gauge.add(-2);
        }

        /** What is left. */
        @Arbiter
        public void after(I_Result r) {
            r.r1 = (int) gauge.get();
        }
    }

    /** Two threads ask for the same child, which is not there yet. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both have the same")
    @Outcome(expect = FORBIDDEN, desc = "two children for one label")
    @State
    public static class Children {

        private final Counter family =
                Telemetry.create(TimeSource.system()).counter(Metric.of("stress_total", "Stress"), "reason");

        /** Asks and counts. */
        @Actor
        public void one() {
            family.labels("a").inc();
        }

        /** Asks and counts too. */
        @Actor
        public void other() {
            family.labels("a").inc();
        }

        /** What the child has. */
        @Arbiter
        public void after(I_Result r) {
            r.r1 = (int) family.labels("a").get();
        }
    }

    private static Telemetry registry() {
        return Telemetry.create(TelemetryConfig.defaults().ticking(false));
    }

    /** Two threads record, the first of a distribution: count, sum and window have both. */
    @JCStressTest
    @Outcome(id = "2, 30", expect = ACCEPTABLE, desc = "all of them")
    @Outcome(expect = FORBIDDEN, desc = "lost")
    @State
    public static class Distributions {

        private final Distribution latency = registry().latency(Metric.named("stress_seconds"));

        /** Records. */
        @Actor
        public void one() {
            latency.record(10);
        }

        /** Records too. */
        @Actor
        public void other() {
            latency.record(20);
        }

        /** All of it. */
        @Arbiter
        public void after(II_Result r) {
            long count = latency.window(Duration.ofMinutes(1)).count();
            r.r1 = latency.count() == count ? (int) count : -1;
            r.r2 = (int) latency.sum();
        }
    }

    /** A step ends while one records and one reads: the record is in one step, and none is seen twice. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "the reader was early")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "the reader was late")
    @Outcome(expect = FORBIDDEN, desc = "lost or twice")
    @State
    public static class Steps {

        private final Telemetry telemetry = registry();
        private final Distribution latency = telemetry.latency(Metric.named("stress_seconds"));

        /** One is there already. */
        public Steps() {
            latency.record(5);
        }

        /** Records. */
        @Actor
        public void one() {
            latency.record(7);
        }

        /** Ends a step. */
        @Actor
        public void step() {
            telemetry.tick();
        }

        /** Reads meanwhile. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = (int) latency.window(Duration.ofMinutes(1)).count();
        }

        /** What the window shows. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = (int) latency.window(Duration.ofMinutes(1)).count();
        }
    }

    /** A message goes its way beside another: none is left in flight. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both came through")
    @Outcome(expect = FORBIDDEN, desc = "lost, or still there")
    @State
    public static class Messages {

        private final Pipeline pipeline = registry().pipeline("stress", "a", "b", "c");

        private void message() {
            long[] stamps = pipeline.start();
            pipeline.stamp(stamps, 1);
            pipeline.done(stamps, io.varve.core.telemetry.Outcome.OK);
        }

        /** One message. */
        @Actor
        public void one() {
            message();
        }

        /** Another. */
        @Actor
        public void other() {
            message();
        }

        /** What is left. */
        @Arbiter
        public void after(II_Result r) {
            r.r1 = (int) pipeline.window(Duration.ofMinutes(1)).count();
            r.r2 = (int) pipeline.inFlight();
        }
    }
}
