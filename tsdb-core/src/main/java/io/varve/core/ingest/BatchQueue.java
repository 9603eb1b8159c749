package io.varve.core.ingest;

/**
 * Carries batches from many producers to the one agent. Messages are whole or absent; they come out in the order in
 * which they were accepted.
 */
interface BatchQueue {

    /** Takes a message out; the array is lent for the call. */
    @FunctionalInterface
    interface Handler {
        /** One message, in {@code buffer[offset, offset + length)}. */
        void message(byte[] buffer, int offset, int length);
    }

    /** Puts a message in, or answers false if there is no room. Any thread. */
    boolean offer(byte[] message, int length);

    /**
     * Hands out up to so many messages. The agent's thread alone.
     *
     * @return how many
     */
    int drain(Handler handler, int limit);

    /** Bytes waiting. */
    long usedBytes();

    /** Bytes that fit. */
    long capacityBytes();

    /** The largest message, in bytes. */
    int maxMessageBytes();

    /** A queue on Agrona's ring buffer, or on JDK classes where the JVM was started without the flags it needs. */
    static BatchQueue create(int capacityBytes) {
        return RingQueue.isAvailable() ? new RingQueue(capacityBytes) : new HeapQueue(capacityBytes);
    }
}
