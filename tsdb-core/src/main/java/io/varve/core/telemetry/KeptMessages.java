package io.varve.core.telemetry;

import io.varve.core.telemetry.KeptMessage.Why;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a pipeline keeps: the newest {@value #NEWEST} slow ones and failed ones, at most
 * {@value #A_SECOND} of each in a second; of the ordinary ones of each minute {@value #ORDINARY} by chance, those of
 * the present and of the last minute. Half of the slow ones of a second have to be far slower than what is slow, so
 * that those that are always there leave room for a few that are news.
 *
 * <p>By chance means: each message draws a number, exponentially distributed with its weight as the rate, and those
 * with the smallest are kept (Efraimidis, Spirakis: Weighted random sampling with a reservoir, 2006). So each message
 * of the minute is kept with the same probability, whether it was chosen or stood behind one that was. A message that
 * is not kept reads two fields that rarely change; the lock is taken for those that are.
 */
final class KeptMessages {

    /** Slow ones, and failed ones, that are kept. */
    static final int NEWEST = 64;

    /** Most of these in a second. */
    static final int A_SECOND = 16;

    /** Ordinary ones of a minute. */
    static final int ORDINARY = 32;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long MINUTE_NANOS = 60 * SECOND_NANOS;

    private final Lane slow = new Lane();
    private final Lane failed = new Lane();
    private final Allowance ofSlow;
    private final Allowance ofFarSlower;
    private final Allowance ofFailed;
    private final double[] draws = new double[ORDINARY];
    private final List<KeptMessage> ordinary = new ArrayList<>();

    /** What draws more is not kept. */
    private volatile double below = Double.POSITIVE_INFINITY;

    private List<KeptMessage> lastMinute = List.of();
    private boolean lastMinuteDrained;
    private long minuteBegan;

    /** So many in a second. */
    private static final class Allowance {

        private final int most;
        private final AtomicInteger left;
        private final AtomicLong secondBegan;

        Allowance(int most, long now) {
            this.most = most;
            this.left = new AtomicInteger(most);
            this.secondBegan = new AtomicLong(now);
        }

        boolean takes(long now) {
            long began = secondBegan.get();
            long gone = now - began;
            if ((gone < 0 || gone >= SECOND_NANOS) && secondBegan.compareAndSet(began, now)) {
                left.set(most);
            }
            return left.get() > 0 && left.getAndDecrement() > 0;
        }
    }

    /** The newest of one kind. */
    private static final class Lane {

        final @Nullable KeptMessage[] ring = new KeptMessage[NEWEST];
        long count;
        long drained;

        void add(KeptMessage message) {
            ring[(int) (count++ % NEWEST)] = message;
        }

        void addTo(List<KeptMessage> target, long from) {
            for (long i = Math.max(from, count - NEWEST); i < count; i++) {
                KeptMessage message = ring[(int) (i % NEWEST)];
                if (message != null) {
                    target.add(message);
                }
            }
        }
    }

    KeptMessages(long now) {
        ofSlow = new Allowance(A_SECOND / 2, now);
        ofFarSlower = new Allowance(A_SECOND / 2, now);
        ofFailed = new Allowance(A_SECOND, now);
        minuteBegan = now;
    }

    /**
     * Whether one more that is slow, or failed, may be kept at this moment.
     *
     * @param far whether a slow one is far slower than that
     */
    boolean permits(Why why, boolean far, long now) {
        return why == Why.FAILED ? ofFailed.takes(now) : far && ofFarSlower.takes(now) || ofSlow.takes(now);
    }

    /**
     * Draws for an ordinary message.
     *
     * @param random 64 random bits
     * @return what it draws if it is to be kept; else NaN
     */
    double draw(long random, long weight) {
        double uniform = (random >>> 11) * 0x1p-53;
        // The logarithm is needed only where this bound of it is not too large already.
        if (uniform >= below * weight) {
            return Double.NaN;
        }
        double draw = -Math.log1p(-uniform) / weight;
        return draw < below ? draw : Double.NaN;
    }

    /** Keeps one that is slow or failed. */
    synchronized void add(KeptMessage message) {
        (message.why() == Why.FAILED ? failed : slow).add(message);
    }

    /** Keeps an ordinary one, if what it drew is still small enough. */
    synchronized void add(KeptMessage message, double draw, long now) {
        endMinute(now);
        if (ordinary.size() < ORDINARY) {
            draws[ordinary.size()] = draw;
            ordinary.add(message);
        } else {
            int largest = largest();
            if (draw >= draws[largest]) {
                return;
            }
            draws[largest] = draw;
            ordinary.set(largest, message);
        }
        if (ordinary.size() == ORDINARY) {
            below = draws[largest()];
        }
    }

    private int largest() {
        int largest = 0;
        for (int i = 1; i < ORDINARY; i++) {
            largest = draws[i] > draws[largest] ? i : largest;
        }
        return largest;
    }

    /** Begins another minute if the present one is over, or the clock went back. */
    synchronized void endMinute(long now) {
        long gone = now - minuteBegan;
        if (gone < 0 || gone >= MINUTE_NANOS) {
            minuteBegan = now;
            beginAnew();
        }
    }

    private void beginAnew() {
        if (!ordinary.isEmpty() || lastMinuteDrained) {
            lastMinute = List.copyOf(ordinary);
            lastMinuteDrained = false;
        }
        ordinary.clear();
        below = Double.POSITIVE_INFINITY;
    }

    /** All that are kept, in no order. */
    synchronized List<KeptMessage> all() {
        List<KeptMessage> all = new ArrayList<>(lastMinute);
        all.addAll(ordinary);
        slow.addTo(all, 0);
        failed.addTo(all, 0);
        return all;
    }

    /**
     * Those that were not drained yet, and are final: ordinary ones when their minute is over.
     *
     * @param ended there will be no others: the present minute is over too
     */
    synchronized List<KeptMessage> drain(boolean ended) {
        List<KeptMessage> fresh = new ArrayList<>();
        slow.addTo(fresh, slow.drained);
        slow.drained = slow.count;
        failed.addTo(fresh, failed.drained);
        failed.drained = failed.count;
        drainLastMinute(fresh);
        if (ended && !ordinary.isEmpty()) {
            beginAnew();
            drainLastMinute(fresh);
        }
        return fresh;
    }

    private void drainLastMinute(List<KeptMessage> target) {
        if (!lastMinuteDrained) {
            target.addAll(lastMinute);
            lastMinuteDrained = true;
        }
    }

    /** Bytes of memory. */
    synchronized long bytes() {
        long bytes = 256 + 8L * ORDINARY + 2 * 4L * NEWEST;
        for (KeptMessage message : all()) {
            bytes += message.bytes();
        }
        return bytes;
    }
}
