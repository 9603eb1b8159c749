package io.varve.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * Buffers for request bodies, used again and again so that a body costs no allocation. Safe for any number of threads.
 * A buffer grows with what is really read, never with what a client merely announces.
 */
final class BodyPool {

    private static final int INITIAL = 64 << 10;
    private static final int LARGEST_KEPT = 4 << 20;

    private final int most;
    private final int limit;
    private final LongConsumer seen;
    private final AtomicInteger kept = new AtomicInteger();
    private final ConcurrentLinkedQueue<byte[]> free = new ConcurrentLinkedQueue<>();

    /**
     * A pool.
     *
     * @param most buffers to keep when they are not in use
     * @param limit bytes of the largest body
     * @param seen is told the bytes of each body, as far as they were read
     */
    BodyPool(int most, int limit, LongConsumer seen) {
        this.most = most;
        this.limit = limit;
        this.seen = seen;
    }

    /**
     * Reads a stream to its end. The array of the result is given back with {@link #release}.
     *
     * @throws HttpProblem 413 if there is more than the limit
     */
    BodyBytes read(InputStream in) throws IOException {
        byte[] buffer = free.poll();
        if (buffer == null) {
            buffer = new byte[Math.min(INITIAL, limit + 1)];
        } else {
            kept.decrementAndGet();
        }
        int length = 0;
        while (true) {
            int read = in.read(buffer, length, buffer.length - length);
            if (read < 0) {
                seen.accept(length);
                return new BodyBytes(buffer, length);
            }
            length += read;
            if (length > limit) {
                seen.accept(length);
                throw HttpProblem.tooLarge("the body", limit);
            }
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, limit + 1L));
            }
        }
    }

    void release(BodyBytes body) {
        if (body.array().length <= LARGEST_KEPT && kept.get() < most) {
            kept.incrementAndGet();
            free.offer(body.array());
        }
    }
}
