package io.varve.server.scrape.fetch;

import io.varve.server.scrape.series.ScrapeFailure;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the body of an answer up to a limit; beyond it the connection is closed and the answer fails. The HTTP client
 * calls it by one thread at a time.
 */
final class BoundedAnswer implements BodySubscriber<BoundedAnswer> {

    private static final int FIRST = 16 << 10;
    private static final byte[] NOTHING = {};

    private final long limit;
    private final AnswerMemory memory;
    private final CompletableFuture<BoundedAnswer> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private byte[] bytes = NOTHING;
    private int length;
    private boolean released;

    /** @param limit bytes that the body may have; 0 to pass over it */
    BoundedAnswer(long limit, AnswerMemory memory) {
        this.limit = limit;
        this.memory = memory;
    }

    @Override
    public CompletionStage<BoundedAnswer> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription to) {
        subscription = to;
        if (limit == 0) {
            to.cancel();
            whole.complete(this);
        } else {
            to.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int count = buffer.remaining();
            if (whole.isDone() || !hasRoom(count)) {
                return;
            }
            buffer.get(bytes, length, count);
            length += count;
        }
    }

    private boolean hasRoom(int count) {
        if ((long) length + count > limit) {
            fail(new ScrapeFailure("body_size_limit exceeded: limit=" + limit));
            return false;
        }
        if (bytes.length - length >= count) {
            return true;
        }
        int capacity = (int) Math.min(limit, Math.max(FIRST, Math.max(2L * bytes.length, (long) length + count)));
        synchronized (this) {
            if (released || !memory.take(capacity - bytes.length)) {
                fail(new ScrapeFailure("too many bytes of answers at a time: scrape fewer targets at once, or with"
                        + " smaller answers"));
                return false;
            }
            bytes = Arrays.copyOf(bytes, capacity);
        }
        return true;
    }

    private void fail(Throwable failure) {
        Flow.Subscription from = subscription;
        if (from != null) {
            from.cancel();
        }
        release();
        whole.completeExceptionally(failure);
    }

    @Override
    public void onError(Throwable failure) {
        release();
        whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        whole.complete(this);
    }

    /** Gives its memory back. */
    synchronized void release() {
        if (!released) {
            released = true;
            memory.giveBack(bytes.length);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
