package io.varve.core.ingest;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** The queue on Agrona's lock-free many-to-one ring buffer, in direct memory. */
final class RingQueue implements BatchQueue {

    private static final int MESSAGE_TYPE = 1;

    private final ManyToOneRingBuffer ring;
    private byte[] scratch = new byte[64 * 1024];

    RingQueue(int capacityBytes) {
        UnsafeBuffer memory =
                new UnsafeBuffer(ByteBuffer.allocateDirect(capacityBytes + RingBufferDescriptor.TRAILER_LENGTH));
        ring = new ManyToOneRingBuffer(memory);
    }

    /** Whether the JVM lets Agrona reach the memory operations that it is built on. */
    static boolean isAvailable() {
        return Object.class.getModule().isExported("jdk.internal.misc", UnsafeBuffer.class.getModule());
    }

    @Override
    public boolean offer(byte[] message, int length) {
        int index = ring.tryClaim(MESSAGE_TYPE, length);
        if (index < 0) {
            return false;
        }
        ring.buffer().putBytes(index, message, 0, length);
        ring.commit(index);
        return true;
    }

    @Override
    public int drain(Handler handler, int limit) {
        return ring.read(
                (type, buffer, index, length) -> {
                    if (scratch.length < length) {
                        scratch = new byte[Integer.highestOneBit(length) * 2];
                    }
                    buffer.getBytes(index, scratch, 0, length);
                    handler.message(scratch, 0, length);
                },
                limit);
    }

    @Override
    public long usedBytes() {
        return ring.size();
    }

    @Override
    public long capacityBytes() {
        return ring.capacity();
    }

    @Override
    public int maxMessageBytes() {
        return ring.maxMsgLength();
    }
}
