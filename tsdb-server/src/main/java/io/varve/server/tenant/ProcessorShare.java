package io.varve.server.tenant;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.query.QueryTurn;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Shares the processors between the queries of tenants (ADR 0044). Each tenant's processor time is counted. Where
 * processors are short, a query gives way to those of tenants that have used less of late: it looks once a millisecond
 * of its work, and waits ten at most before it does a little more. Who is alone has all of them. Any thread.
 */
public final class ProcessorShare {

    /** A query looks at what others do once in so much work. */
    private static final long LOOK_NANOS = 1_000_000L;

    /** One that waits looks again after so long. */
    private static final long PAUSE_NANOS = 500_000L;

    /** Then it goes on in any case, until its next look: who holds it back may wait for something else. */
    private static final long PATIENCE_NANOS = 10_000_000L;

    /**
     * What is shared.
     *
     * @param processors how many there are
     * @param threadNanos processor time that the calling thread has used, in nanoseconds
     * @param pause has the calling thread wait so many nanoseconds
     */
    public record Machine(TimeSource clock, int processors, LongSupplier threadNanos, LongConsumer pause) {

        /** This one. Where the JVM cannot tell the processor time of a thread, the time that passes stands for it. */
        public static Machine of(TimeSource clock) {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            return new Machine(
                    clock,
                    Runtime.getRuntime().availableProcessors(),
                    threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()
                            ? threads::getCurrentThreadCpuTime
                            : clock::nanoTime,
                    LockSupport::parkNanos);
        }
    }

    private final Machine machine;

    /** Those with a thread at work; this and what follows is guarded by this. */
    private final List<Member> atWork = new ArrayList<>();

    private int working;

    /** Nobody shares yet. */
    public ProcessorShare(Machine machine) {
        this.machine = machine;
    }

    /** Somebody more who shares. */
    public Member member() {
        return new Member();
    }

    /** Takes a place for a thread, unless it is one too many and is not to work anyway. */
    private synchronized boolean enter(Member member, boolean anyway) {
        if (!anyway && isOneTooMany(member, working)) {
            return false;
        }
        working++;
        if (member.working++ == 0) {
            atWork.add(member);
        }
        return true;
    }

    private synchronized void leave(Member member) {
        working--;
        if (--member.working == 0) {
            atWork.remove(member);
        }
    }

    private synchronized boolean leaveIfOneTooMany(Member member) {
        boolean too = isOneTooMany(member, working - 1);
        if (too) {
            leave(member);
        }
        return too;
    }

    /**
     * Whether a thread of a tenant had better wait. While others leave one processor, which the rest of the server
     * needs as well, only who has used twice as much as somebody at work waits: so two tenants that use the same may
     * take all.
     */
    private boolean isOneTooMany(Member member, int others) {
        if (others < machine.processors - 1 || atWork.isEmpty()) {
            return false;
        }
        double bound = member.used.perSecond() / (others < machine.processors ? 2 : 1);
        for (Member other : atWork) {
            if (other != member && other.used.perSecond() < bound) {
                return true;
            }
        }
        return false;
    }

    /** A tenant that shares. */
    public final class Member {

        private final RecentRate used = new RecentRate(machine.clock);
        private final LongAdder usedNanos = new LongAdder();
        private final LongAdder waitedNanos = new LongAdder();
        private int working;

        private Member() {}

        /** The turn of one of its queries, which is to be begun. */
        public QueryTurn turn() {
            return new Turn(this);
        }

        private void use(long nanos) {
            used.add(nanos);
            usedNanos.add(nanos);
        }

        /** Processors that its queries have used of late. */
        double processors() {
            return used.perSecond() / 1e9;
        }

        void tellTo(Telemetry telemetry, String tenant) {
            telemetry.counter(
                    Metric.of("varve_tenant_query_cpu_seconds_total", "Processor time of a tenant's queries"),
                    () -> usedNanos.sum() / 1e9,
                    "tenant",
                    tenant);
            telemetry.counter(
                    Metric.of(
                            "varve_tenant_query_yielded_seconds_total",
                            "Time that a tenant's queries waited for those of others who had used less"),
                    () -> waitedNanos.sum() / 1e9,
                    "tenant",
                    tenant);
        }
    }

    /** A query's turn. */
    private final class Turn implements QueryTurn {

        private final Member member;
        private boolean begun;
        private boolean inside;
        private long counted;
        private long nextLook;

        Turn(Member member) {
            this.member = member;
        }

        @Override
        public void begin() {
            begun = true;
            counted = machine.threadNanos.getAsLong();
            enter();
        }

        private void enter() {
            if (!ProcessorShare.this.enter(member, false)) {
                await();
            }
            inside = true;
            nextLook = machine.clock.nanoTime() + LOOK_NANOS;
        }

        private void await() {
            long since = machine.clock.nanoTime();
            long waited;
            do {
                machine.pause.accept(PAUSE_NANOS);
                waited = machine.clock.nanoTime() - since;
            } while (!ProcessorShare.this.enter(member, waited >= PATIENCE_NANOS));
            member.waitedNanos.add(waited);
        }

        @Override
        public void goOn() {
            if (!inside || machine.clock.nanoTime() - nextLook < 0) {
                return;
            }
            count();
            if (leaveIfOneTooMany(member)) {
                inside = false;
                await();
                inside = true;
            }
            nextLook = machine.clock.nanoTime() + LOOK_NANOS;
        }

        private void count() {
            long now = machine.threadNanos.getAsLong();
            member.use(Math.max(0, now - counted));
            counted = now;
        }

        @Override
        public void end() {
            if (begun) {
                count();
            }
            if (inside) {
                inside = false;
                leave(member);
            }
        }

        @Override
        public void help(Runnable work) {
            if (!begun) {
                work.run();
                return;
            }
            long before = machine.threadNanos.getAsLong();
            ProcessorShare.this.enter(member, true);
            try {
                work.run();
            } finally {
                leave(member);
                member.use(Math.max(0, machine.threadNanos.getAsLong() - before));
            }
        }
    }
}
