package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.TsdbRuntime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchTest {

    @Test
    void aLookThatFailsEndsNothing() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch thrice = new CountDownLatch(3);
        try (TsdbRuntime runtime = TsdbRuntime.create();
                Watch watch = new Watch(runtime)) {
            watch.start("looker", "things", () -> {
                thrice.countDown();
                if (looks.incrementAndGet() == 1) {
                    throw new IllegalStateException("not this time");
                }
                return Duration.ZERO;
            });
            assertThat(thrice.await(50, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void nothingIsLookedAtOnceItIsClosed() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        try (TsdbRuntime runtime = TsdbRuntime.create()) {
            Watch watch = new Watch(runtime);
            watch.close();
            watch.start("looker", "things", () -> Duration.ofMillis(looks.incrementAndGet()));
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().contains("looker")) {
                    thread.join();
                }
            }
            assertThat(looks).hasValue(0);
        }
    }
}
