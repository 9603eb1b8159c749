package io.varve.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both queues keep the contract: whole messages, none lost, none twice, order of a producer kept, bounded. */
class BatchQueueTest {

    private static BatchQueue create(boolean ring, int capacity) {
        return ring ? new RingQueue(capacity) : new HeapQueue(capacity);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesOfTwoProducersAllArriveInTheirOrder(boolean ring) throws InterruptedException {
        BatchQueue queue = create(ring, 1 << 14);
        int each = 20_000;
        List<Thread> producers = new ArrayList<>();
        for (int p = 0; p < 2; p++) {
            byte producer = (byte) p;
            Thread thread = new Thread(() -> produce(queue, producer, each));
            producers.add(thread);
            thread.start();
        }
        int[] next = new int[2];
        AtomicInteger received = new AtomicInteger();
        while (received.get() < 2 * each) {
            queue.drain(
                    (buffer, offset, length) -> {
                        int producer = buffer[offset];
                        int number = (int) BatchLayout.getLong(buffer, offset + 1);
                        assertThat(number).isEqualTo(next[producer]++);
                        assertThat(length).isEqualTo(9 + number % 100);
                        received.incrementAndGet();
                    },
                    10);
        }
        for (Thread thread : producers) {
            thread.join();
        }
        assertThat(queue.usedBytes()).isZero();
    }

    private static void produce(BatchQueue queue, byte producer, int count) {
        byte[] message = new byte[200];
        message[0] = producer;
        for (int i = 0; i < count; i++) {
            BatchLayout.putLong(message, 1, i);
            while (!queue.offer(message, 9 + i % 100)) {
                Thread.onSpinWait();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFullQueueRefuses(boolean ring) {
        BatchQueue queue = create(ring, 1 << 12);
        byte[] message = new byte[400];
        int accepted = 0;
        while (queue.offer(message, message.length)) {
            accepted++;
        }
        assertThat(accepted).isBetween(8, 10);
        assertThat(queue.drain((buffer, offset, length) -> {}, 100)).isEqualTo(accepted);
        assertThat(queue.offer(message, message.length)).isTrue();
    }
}
