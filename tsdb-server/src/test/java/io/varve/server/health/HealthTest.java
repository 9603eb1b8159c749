package io.varve.server.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.varve.core.TsdbCondition;
import io.varve.core.TsdbCondition.Part;
import io.varve.core.TsdbCondition.State;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.core.telemetry.Telemetry;
import io.varve.server.health.DiskSpace.Room;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which part is how, why, and since when. */
class HealthTest {

    private final TickedTime time = new TickedTime();
    private final List<List<TsdbCondition>> shards = new ArrayList<>();
    private List<List<TsdbCondition>> self = List.of(well());
    private final Map<String, List<List<TsdbCondition>>> tenants = new TreeMap<>();
    private final Map<String, String> closed = new TreeMap<>();
    private Room room = new Room(1L << 40, 1L << 39);

    private static List<TsdbCondition> well() {
        return new ArrayList<>(Arrays.stream(Part.values())
                .map(part -> new TsdbCondition(part, State.OK, null))
                .toList());
    }

    private Health health(int count) {
        for (int i = 0; i < count; i++) {
            shards.add(well());
        }
        return Health.of(
                time, () -> shards, () -> self, () -> tenants, () -> closed, new DiskSpace("data", () -> room));
    }

    private void set(int shard, Part part, State state, @Nullable String reason) {
        shards.get(shard).replaceAll(c -> c.part() == part ? new TsdbCondition(part, state, reason) : c);
    }

    private static Health.Component component(Health health, String name) {
        return health.components().stream()
                .filter(component -> component.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void all_parts_are_told_and_well() {
        Health health = health(2);
        assertThat(health.components())
                .extracting(Health.Component::name)
                .containsExactly(
                        "writing",
                        "log",
                        "disk",
                        "upkeep",
                        "retention",
                        "memory",
                        "shard 0",
                        "shard 1",
                        "self",
                        "tenants");
        assertThat(health.components())
                .extracting(Health.Component::state, Health.Component::reason)
                .containsOnly(tuple(State.OK, null));
        assertThat(Health.worst(health.components())).isEqualTo(State.OK);
    }

    @Test
    void a_part_is_as_its_worst_shard_and_says_which() {
        Health health = health(2);
        set(1, Part.LOG, State.FAILED, "the device is away");
        set(0, Part.LOG, State.DEGRADED, "slow");
        set(1, Part.UPKEEP, State.DEGRADED, "no room");
        Health.Component log = component(health, "log");
        assertThat(log.state()).isEqualTo(State.FAILED);
        assertThat(log.reason()).isEqualTo("shard 0: slow; shard 1: the device is away");
        assertThat(component(health, "shard 1").reason()).isEqualTo("log: the device is away; upkeep: no room");
        assertThat(component(health, "shard 0").state()).isEqualTo(State.DEGRADED);
        assertThat(component(health, "writing").state()).isEqualTo(State.OK);
        assertThat(Health.worst(health.components())).isEqualTo(State.FAILED);
    }

    @Test
    void tenants_are_one_part_that_says_which_is_not_well() {
        Health health = health(1);
        tenants.put("acme", List.of(List.of(new TsdbCondition(Part.LOG, State.DEGRADED, "slow"))));
        tenants.put("globex", List.of(well()));
        assertThat(component(health, "tenants").state()).isEqualTo(State.DEGRADED);
        assertThat(component(health, "tenants").reason()).isEqualTo("acme: log: slow");
        closed.put("lost", "damaged");
        assertThat(component(health, "tenants").state()).isEqualTo(State.FAILED);
        assertThat(component(health, "tenants").reason()).isEqualTo("acme: log: slow; lost: cannot be opened: damaged");
        assertThat(component(health, "log").state()).isEqualTo(State.OK);
    }

    @Test
    void one_shard_is_not_named() {
        Health health = health(1);
        set(0, Part.UPKEEP, State.FAILED, "FATAL: the upkeep of the store ended");
        assertThat(component(health, "upkeep").reason()).isEqualTo("FATAL: the upkeep of the store ended");
    }

    @Test
    void since_when_changes_with_the_state_and_not_with_its_reason() {
        Health health = health(1);
        long start = time.epochNanos();
        time.pass(Duration.ofSeconds(10));
        assertThat(component(health, "log").sinceNanos()).isEqualTo(start);
        set(0, Part.LOG, State.FAILED, "first");
        long failed = time.epochNanos();
        assertThat(component(health, "log").sinceNanos()).isEqualTo(failed);
        time.pass(Duration.ofSeconds(10));
        set(0, Part.LOG, State.FAILED, "second");
        assertThat(component(health, "log").sinceNanos()).isEqualTo(failed);
        assertThat(component(health, "log").reason()).isEqualTo("second");
        set(0, Part.LOG, State.OK, null);
        assertThat(component(health, "log").sinceNanos()).isEqualTo(time.epochNanos());
    }

    @Test
    void the_store_of_own_metrics_is_one_part() {
        Health health = health(1);
        List<TsdbCondition> conditions = well();
        conditions.set(0, new TsdbCondition(Part.WRITING, State.FAILED, "full"));
        self = List.of(conditions);
        assertThat(component(health, "self").reason()).isEqualTo("writing: full");
        assertThat(component(health, "writing").state()).isEqualTo(State.OK);
    }

    @Test
    void little_room_degrades_the_disk_and_none_fails_it() {
        Health health = health(1);
        room = new Room(1L << 40, 400L << 20);
        assertThat(component(health, "disk").state()).isEqualTo(State.DEGRADED);
        assertThat(component(health, "disk").reason()).startsWith("419430400 of 1099511627776 bytes are left");
        room = new Room(1L << 40, 4_096);
        assertThat(component(health, "disk").state()).isEqualTo(State.FAILED);
        room = new Room(1L << 30, 200L << 20); // small, and not full
        assertThat(component(health, "disk").state()).isEqualTo(State.OK);
    }

    @Test
    void a_disk_that_cannot_be_asked_has_failed() {
        DiskSpace gone = new DiskSpace("data", () -> {
            throw new NoSuchFileException("data");
        });
        assertThat(gone.look().state()).isEqualTo(State.FAILED);
        assertThat(gone.look().reason()).contains("NoSuchFileException: data");
        assertThat(gone.usedRatio()).isNaN();
        assertThat(new DiskSpace("data", () -> new Room(200, 150)).usedRatio()).isEqualTo(0.25);
    }

    @Test
    void the_metric_follows_each_part_and_goes_with_the_health() throws IOException {
        Telemetry telemetry = Telemetry.create(time);
        Health health = health(1);
        health.observe(telemetry);
        assertThat(codes(telemetry)).containsEntry("log", 0.0).containsEntry("self", 0.0);
        set(0, Part.LOG, State.FAILED, "away");
        set(0, Part.MEMORY, State.DEGRADED, "full");
        time.pass(Duration.ofSeconds(1));
        assertThat(codes(telemetry))
                .containsEntry("log", 2.0)
                .containsEntry("memory", 1.0)
                .containsEntry("shard 0", 2.0);
        health.close();
        assertThat(codes(telemetry)).isEmpty();
    }

    private static Map<String, Double> codes(Telemetry telemetry) {
        Map<String, Double> codes = new TreeMap<>();
        for (MetricSnapshot family : telemetry.snapshot()) {
            if (family.name().equals("varve_health")) {
                family.points()
                        .forEach(point ->
                                codes.put(point.labels().get(0).value(), ((MetricSnapshot.Value) point).value()));
            }
        }
        return codes;
    }
}
