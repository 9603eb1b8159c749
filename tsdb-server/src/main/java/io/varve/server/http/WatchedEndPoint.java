package io.varve.server.http;

import io.varve.core.model.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that can be asked whether its client has hung up while a request is being answered. Nobody reads from a
 * connection meanwhile, so a hang-up would go unnoticed; this looks ahead instead: it reads what there is, at most a
 * few hundred bytes (a pipelined request, rarely), and gives those bytes to whoever reads next. {@link #gone} is
 * called while no other thread reads; the lock makes that sure.
 */
final class WatchedEndPoint extends SocketChannelEndPoint implements ClientWatch {

    private static final long LOOK_EVERY_NANOS = 50_000_000L;

    private final TimeSource clock;
    private final Object lock = new Object();
    private final ByteBuffer ahead = ByteBuffer.allocate(512).flip();
    private long lookedAt;
    private volatile boolean gone;

    WatchedEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, TimeSource clock) {
        super(channel, selector, key, scheduler);
        this.clock = clock;
        this.lookedAt = clock.nanoTime();
    }

    @Override
    public boolean gone() {
        if (gone || !isOpen()) {
            return true;
        }
        synchronized (lock) {
            long now = clock.nanoTime();
            if (now - lookedAt < LOOK_EVERY_NANOS || ahead.hasRemaining() || isFillInterested()) {
                return gone;
            }
            lookedAt = now;
            ahead.clear();
            try {
                gone = getChannel().read(ahead) < 0;
            } catch (IOException e) {
                gone = true; // reset by the client
            } finally {
                ahead.flip();
            }
            return gone;
        }
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        synchronized (lock) {
            if (ahead.hasRemaining()) {
                return BufferUtil.append(buffer, ahead);
            }
        }
        return super.fill(buffer);
    }

    @Override
    public void fillInterested(Callback reader) {
        boolean readable;
        synchronized (lock) {
            readable = ahead.hasRemaining();
        }
        if (readable) {
            reader.succeeded();
        } else {
            super.fillInterested(reader);
        }
    }

    @Override
    public boolean tryFillInterested(Callback reader) {
        synchronized (lock) {
            if (!ahead.hasRemaining()) {
                return super.tryFillInterested(reader);
            }
        }
        reader.succeeded();
        return true;
    }
}
