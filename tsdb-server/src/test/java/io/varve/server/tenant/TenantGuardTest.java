package io.varve.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.TsdbLimit;
import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Telemetry;
import io.varve.query.QueryMemory;
import io.varve.server.config.TenantQuotas;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpProblem;
import io.varve.server.write.RecordedExchange;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TenantGuardTest {

    private final AtomicLong now = new AtomicLong();
    private final Telemetry telemetry = Telemetry.create(TimeSource.of(now::get, now::get));
    private final ConcurrencyGate queries = new ConcurrencyGate("queries", 4, 0);
    private final ConcurrencyGate writes = new ConcurrencyGate("writes", 8, 0);
    private final QueryMemory memory = new QueryMemory(() -> 1_000);
    private final AtomicLong disk = new AtomicLong();
    private TenantQuotas quotas = new TenantQuotas(0, 0, 100, 5_000, 600, 2);
    private final ProcessorShare processors =
            new ProcessorShare(new ProcessorShare.Machine(telemetry.clock(), 1, () -> 0, nanos -> {}));
    private final TenantGuard guard = new TenantGuard(
            "acme",
            () -> quotas,
            new TenantGuard.Shared(queries, writes, memory, 12, processors),
            disk::get,
            telemetry);

    private void pass(double seconds) {
        now.addAndGet((long) (seconds * 1e9));
    }

    private static void refuses(int status, String why, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(HttpProblem.class, problem -> {
                    assertThat(problem.status()).isEqualTo(status);
                    assertThat(problem.answer().header("Retry-After")).isNotEmpty();
                })
                .hasMessageContaining(why);
    }

    private double refused(TenantGuard.Limit limit) {
        return telemetry
                .counter("varve_tenant_refused_total", "tenant", "limit")
                .labels("acme", limit.text())
                .get();
    }

    private double use(TenantGuard.Limit limit) {
        return guard.limits().stream()
                .filter(one -> one.name().equals(limit.text()))
                .mapToDouble(TsdbLimit::ratio)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_request_is_let_in_whole_and_paid_for_by_waiting() {
        guard.admit();
        guard.charge(350);
        refuses(429, "samples_per_second=100", guard::admit);
        assertThat(use(TenantGuard.Limit.SAMPLES_PER_SECOND)).isEqualTo(1);
        HttpProblem problem = org.assertj.core.api.Assertions.catchThrowableOfType(HttpProblem.class, guard::admit);
        assertThat(problem.answer().header("Retry-After")).isEqualTo("3");
        pass(2.4);
        refuses(429, "samples_per_second", guard::admit);
        pass(0.2);
        guard.admit();
        assertThat(refused(TenantGuard.Limit.SAMPLES_PER_SECOND)).isEqualTo(3);
    }

    @Test
    void the_rate_in_use_is_that_of_the_last_seconds() {
        for (int i = 0; i < 20; i++) {
            guard.admit();
            guard.charge(40);
            pass(1);
        }
        assertThat(use(TenantGuard.Limit.SAMPLES_PER_SECOND)).isBetween(0.3, 0.5);
        pass(20);
        assertThat(use(TenantGuard.Limit.SAMPLES_PER_SECOND)).isZero();
    }

    @Test
    void writes_are_refused_while_the_disk_holds_the_quota_and_go_on_when_there_is_room() {
        pass(1);
        disk.set(4_999);
        guard.admit();
        assertThat(use(TenantGuard.Limit.BYTES)).isEqualTo(4_999.0 / 5_000);
        disk.set(5_000);
        guard.admit(); // it looks once a second
        pass(1);
        refuses(507, "quota=5000, used=5000", guard::admit);
        assertThat(use(TenantGuard.Limit.BYTES)).isEqualTo(1);
        disk.set(10);
        pass(1);
        guard.admit();
        disk.set(9_000);
        pass(1);
        refuses(507, "used=9000", guard::admit);
        quotas = new TenantQuotas(0, 0, 100, 10_000, 0, 0);
        guard.admit();
        assertThat(refused(TenantGuard.Limit.BYTES)).isEqualTo(2);
    }

    @Test
    void so_many_queries_are_let_in_and_no_more_than_all_may() {
        guard.queries().enter();
        guard.queries().enter();
        assertThat(use(TenantGuard.Limit.QUERY_CONCURRENCY)).isEqualTo(1);
        assertThat(queries.inside()).isEqualTo(2);
        Thread.currentThread().interrupt(); // waits no time
        assertThatThrownBy(() -> guard.queries().enter()).isInstanceOf(HttpProblem.class);
        assertThat(Thread.interrupted()).isTrue();
        quotas = new TenantQuotas(0, 0, 0, 0, 0, 9);
        guard.apply();
        guard.queries().enter();
        guard.queries().enter();
        refuses(503, "too many queries at once: limit=4", () -> guard.queries().enter());
        assertThat(guard.queries().inside()).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            guard.queries().leave();
        }
        assertThat(queries.inside()).isZero();
        assertThat(guard.queries().inside()).isZero();
    }

    @Test
    void a_quota_of_none_is_none() {
        quotas = TenantQuotas.NONE;
        guard.apply();
        disk.set(1L << 60);
        pass(5);
        guard.charge(1_000_000);
        guard.admit();
        assertThat(guard.memory().take(1_000)).isTrue();
        assertThat(guard.quotaLimits()).extracting(TsdbLimit::ratio).containsOnly(0.0);
    }

    @Test
    void writes_of_one_take_a_quarter_of_the_places() {
        guard.writes().enter();
        guard.writes().enter();
        refuses(429, "too many writes of tenant acme at once: limit=2", () -> guard.writes()
                .enter());
        assertThat(writes.inside()).isEqualTo(2);
        guard.writes().leave();
        guard.writes().enter();
        assertThat(refused(TenantGuard.Limit.WRITE_CONCURRENCY)).isEqualTo(1);
    }

    @Test
    void requests_of_one_take_a_quarter_of_the_threads() throws IOException {
        int[] depth = {0};
        HttpDoor[] door = new HttpDoor[1];
        door[0] = guard.around(exchange -> {
            depth[0]++;
            door[0].handle(exchange);
        });
        refuses(
                429,
                "too many requests of tenant acme at once: limit=3",
                () -> door[0].handle(new RecordedExchange(new byte[0])));
        assertThat(depth[0]).isEqualTo(3);
        guard.around(exchange -> depth[0] = 0).handle(new RecordedExchange(new byte[0]));
        assertThat(depth[0]).isZero();
        assertThat(use(TenantGuard.Limit.REQUESTS)).isZero();
        assertThat(refused(TenantGuard.Limit.REQUESTS)).isEqualTo(1);
    }

    @Test
    void memory_of_queries_is_a_part_of_that_of_all() {
        assertThat(guard.memory().take(600)).isTrue();
        assertThat(memory.used()).isEqualTo(600);
        assertThat(guard.memory().take(1)).isFalse();
        assertThat(guard.memory().full().whose()).isEqualTo("all queries of tenant acme");
        guard.memory().giveBack(301);
        assertThat(memory.take(700)).isTrue();
        assertThat(guard.memory().take(1)).isFalse();
        assertThat(guard.memory().full()).isSameAs(memory);
        assertThat(refused(TenantGuard.Limit.QUERY_BYTES)).isEqualTo(1);
    }

    @Test
    void what_the_store_refuses_for_its_limits_of_series_counts() {
        guard.refused(Map.of("series_limit", 7L, "series_rate", 2L, "syntax", 1L));
        assertThat(refused(TenantGuard.Limit.SERIES)).isEqualTo(1);
        assertThat(refused(TenantGuard.Limit.NEW_SERIES_PER_MINUTE)).isEqualTo(1);
    }
}
