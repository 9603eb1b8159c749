package io.varve.core.telemetry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.varve.core.model.TimeSource;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Metrics that several threads record into: nothing is lost, nothing counted twice, one child for one label. */
public final class TelemetryStress {

    private static final long SLOT_NANOS = 10_000_000_000L;

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

    /** Both begin a slot of the window, in the place of one that has left it. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both are counted, the old one is not")
    @Outcome(expect = FORBIDDEN, desc = "lost, or counted with what is long gone")
    @State
    public static class WindowBegins {

        private final SlidingWindow window = new SlidingWindow(0);

        /** Something of a long time ago. */
        public WindowBegins() {
            window.record(5, 1);
        }

        /** Records. */
        @Actor
        public void one() {
            window.record(7, 8 * SLOT_NANOS);
        }

        /** Records too. */
        @Actor
        public void other() {
            window.record(9, 8 * SLOT_NANOS + 1);
        }

        /** What the window shows. */
        @Arbiter
        public void after(I_Result r) {
            r.r1 = (int) window.view(8 * SLOT_NANOS + 2).count();
        }
    }

    /** A late thread records into a slot that is left behind: its record counts nowhere else. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the slot of now has its own record alone")
    @Outcome(expect = FORBIDDEN, desc = "the late record is in the wrong slot, or drove the other out")
    @State
    public static class WindowLate {

        private final SlidingWindow window = new SlidingWindow(0);

        /** Records now. */
        @Actor
        public void now() {
            window.record(7, 8 * SLOT_NANOS);
        }

        /** Records with the time of a slot in the same place, long ago. */
        @Actor
        public void late() {
            window.record(9, 1);
        }

        /** What the window shows. */
        @Arbiter
        public void after(I_Result r) {
            r.r1 = (int) window.view(8 * SLOT_NANOS).count();
        }
    }

    /** Count and sum of a latency, and its window. */
    @JCStressTest
    @Outcome(id = "2, 30", expect = ACCEPTABLE, desc = "all of them")
    @Outcome(expect = FORBIDDEN, desc = "lost")
    @State
    public static class Latencies {

        private final Latency latency = new Latency(TimeSource.system());

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
            r.r1 = (int) (latency.count() == latency.window().count() ? latency.count() : -1);
            r.r2 = (int) latency.sumNanos();
        }
    }
}
