package io.varve.core.telemetry.clock;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes with crystals of their own and a network between them. The simulation knows the truth; an estimator sees
 * nothing of it but stamps.
 */
final class SimulatedPeer {

    /** How long a message is on its way. */
    enum Delay {
        CONSTANT,
        UNIFORM,
        EXPONENTIAL,
        LOGNORMAL,
        PARETO,
        BIMODAL,
        PAUSES;

        /** A delay, in nanoseconds, of a way whose shortest is {@code least}. */
        long draw(SplittableRandom random, long least) {
            double u = 1 - random.nextDouble();
            return switch (this) {
                case CONSTANT -> least;
                case UNIFORM -> (long) (least * (1 + u));
                case EXPONENTIAL -> (long) (least * (1 - Math.log(u)));
                case LOGNORMAL -> (long) (least + least * Math.exp(random.nextGaussian()));
                case PARETO -> (long) Math.min(least * Math.pow(u, -1 / 1.1), 2e9);
                case BIMODAL -> random.nextInt(4) == 0 ? least : 5 * least;
                case PAUSES -> random.nextInt(50) == 0 ? least + 80_000_000 : (long) (least * (1 + u));
            };
        }
    }

    /** How the rate of the remote crystal changes. */
    enum Wander {
        NONE,
        WALK,
        SINE;

        double ppm(SplittableRandom random, double before, double seconds) {
            return switch (this) {
                case NONE -> 0;
                case WALK -> Math.max(-5, Math.min(5, before + 0.1 * random.nextGaussian()));
                case SINE -> 4 * Math.sin(seconds / 60);
            };
        }
    }

    private static final long LOCAL_START = 1_795_000_000_123_456_789L;

    final SplittableRandom random;
    private final Delay delay;
    private final Wander wander;
    private final double localPpm;
    private final double driftPpm;
    private final long there;
    private final long back;
    private final long localResolution;
    private final long remoteResolution;

    /** Nanoseconds since the simulation began. */
    private double now;

    private double wandered;
    /** What the remote clock showed more than the local one at first, with its steps. */
    private long offset;

    private double drifted;

    SimulatedPeer(long seed, Delay delay, Wander wander, double driftPpm, long offset, long there, long back) {
        this.random = new SplittableRandom(seed);
        this.delay = delay;
        this.wander = wander;
        this.driftPpm = driftPpm;
        this.offset = offset;
        this.there = there;
        this.back = back;
        this.localPpm = 60 * (2 * random.nextDouble() - 1);
        this.localResolution = resolution();
        this.remoteResolution = resolution();
    }

    private long resolution() {
        return new long[] {1, 100, 1_000}[random.nextInt(3)];
    }

    void pass(long nanos) {
        wandered = wander.ppm(random, wandered, now / 1e9);
        drifted += nanos * (1 + localPpm / 1e6) * (driftPpm + wandered) / 1e6;
        now += nanos;
    }

    void step(long nanos) {
        offset += nanos;
    }

    /** The moment by the local clock. */
    long local() {
        return LOCAL_START + (long) (now * (1 + localPpm / 1e6));
    }

    /** The truth. */
    long offset() {
        return offset + Math.round(drifted);
    }

    private long localStamp() {
        return Math.floorDiv(local(), localResolution) * localResolution;
    }

    private long remoteStamp() {
        return Math.floorDiv(local() + offset(), remoteResolution) * remoteResolution;
    }

    /** One question and its answer; null if either was lost. */
    @Nullable
    ClockExchange exchange(double lost) {
        long localSend = localStamp();
        pass(delay.draw(random, there));
        long remoteReceive = remoteStamp();
        pass(1_000 + random.nextInt(50_000));
        long remoteSend = remoteStamp();
        pass(delay.draw(random, back));
        long localReceive = localStamp();
        if (random.nextDouble() < lost) {
            return null;
        }
        return new ClockExchange(localSend, remoteReceive, remoteSend, localReceive);
    }
}
