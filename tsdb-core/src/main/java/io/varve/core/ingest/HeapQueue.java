package io.varve.core.ingest;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The queue on JDK classes, for a JVM without flags: one copy on the heap a message, bounded in bytes. */
final class HeapQueue implements BatchQueue {

    private final ConcurrentLinkedQueue<byte[]> messages = new ConcurrentLinkedQueue<>();
    private final AtomicLong used = new AtomicLong();
    private final int capacity;

    HeapQueue(int capacityBytes) {
        capacity = capacityBytes;
    }

    @Override
    public boolean offer(byte[] message, int length) {
        if (used.addAndGet(length) > capacity) {
            used.addAndGet(-length);
            return false;
        }
        messages.add(Arrays.copyOf(message, length));
        return true;
    }

    @Override
    public int drain(Handler handler, int limit) {
        int count = 0;
        while (count < limit) {
            byte @Nullable [] message = messages.poll();
            if (message == null) {
                break;
            }
            used.addAndGet(-message.length);
            handler.message(message, 0, message.length);
            count++;
        }
        return count;
    }

    @Override
    public long usedBytes() {
        return used.get();
    }

    @Override
    public long capacityBytes() {
        return capacity;
    }

    @Override
    public int maxMessageBytes() {
        return capacity / 8;
    }
}
