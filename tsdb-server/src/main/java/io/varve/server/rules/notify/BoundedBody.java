package io.varve.server.rules.notify;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The beginning of an answer as text; the rest is not waited for, however long it is. One thread at a time. */
final class BoundedBody implements HttpResponse.BodySubscriber<String> {

    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final byte[] bytes;
    private int length;
    private Flow.@Nullable Subscription subscription;

    BoundedBody(int most) {
        bytes = new byte[most];
    }

    @Override
    public CompletionStage<String> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        for (ByteBuffer piece : pieces) {
            int count = Math.min(piece.remaining(), bytes.length - length);
            piece.get(bytes, length, count);
            length += count;
        }
        Flow.Subscription given = subscription;
        if (length == bytes.length && given != null) {
            subscription = null;
            given.cancel();
            onComplete();
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(new String(bytes, 0, length, StandardCharsets.UTF_8).strip());
    }
}
