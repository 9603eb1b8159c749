package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.telemetry.KeptMessage.Why;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptMessageTest {

    private final ManualTime time = new ManualTime();
    private final Telemetry telemetry =
            Telemetry.create(TelemetryConfig.defaults().clock(time).ticking(false));
    private final Pipeline pipeline = telemetry.pipeline("p", "a", "b", "c", "d");
    private final long[] message = new long[pipeline.stampCount()];
    private int asked;
    private int sent;

    private void message(double micros, Outcome outcome, @Nullable Supplier<@Nullable MessageContext> context) {
        sent++;
        pipeline.start(message);
        time.advanceSeconds(micros * 0.25e-6);
        pipeline.stamp(message, 1);
        time.advanceSeconds(micros * 0.5e-6);
        pipeline.stamp(message, 2);
        time.advanceSeconds(micros * 0.25e-6);
        pipeline.done(message, outcome, context);
    }

    private void message(double micros, Outcome outcome) {
        message(micros, outcome, () -> {
            asked++;
            return MessageContext.builder()
                    .requestId(Integer.toString(sent))
                    .node("n1")
                    .build();
        });
    }

    private void second(int messages, double micros) {
        for (int i = 0; i < messages; i++) {
            message(micros, Outcome.OK);
        }
        time.advanceSeconds(1);
        telemetry.tick();
    }

    private List<KeptMessage> kept(Why why) {
        return pipeline.kept().stream().filter(kept -> kept.why() == why).toList();
    }

    private List<KeptMessage> drain() {
        List<KeptMessage> drained = new ArrayList<>();
        telemetry.drainKept(drained::add);
        return drained;
    }

    private static String requestId(KeptMessage kept) {
        return kept.context().orElseThrow().requestId();
    }

    @Test
    void a_slow_one_is_kept_with_its_steps_and_its_context() {
        second(1_000, 10);
        second(1_000, 10);
        assertThat(kept(Why.SLOW)).isEmpty();
        message(4_000, Outcome.OK);
        KeptMessage slow = kept(Why.SLOW).get(0);
        assertThat(requestId(slow)).isEqualTo("2001");
        assertThat(slow.pipeline()).isEqualTo("p");
        assertThat(slow.outcome()).isEqualTo(Outcome.OK);
        assertThat(slow.wholeNanos()).isEqualTo(4_000_000);
        assertThat(slow.stepNanos(1)).isEqualTo(2_000_000);
        assertThat(slow.slowestStage()).isEqualTo("b");
        assertThat(slow.failedStage()).isEmpty();
        assertThat(slow.endEpochNanos()).isEqualTo(time.epochNanos());
    }

    @Test
    void a_snapshot_tells_of_the_newest_ones() {
        second(1_000, 10);
        message(4_000, Outcome.OK);
        message(20, Outcome.FAILED);
        MetricSnapshot durations = telemetry.snapshot().stream()
                .filter(metric -> metric.name().equals(Pipeline.METRIC))
                .findFirst()
                .orElseThrow();
        for (MetricSnapshot.Point point : durations.points()) {
            MetricSnapshot.Distributed shown = (MetricSnapshot.Distributed) point;
            boolean whole = shown.labels().contains(new MetricSnapshot.Label("from", "a"))
                    && shown.labels().contains(new MetricSnapshot.Label("to", "d"));
            assertThat(shown.exemplars()).hasSize(whole ? 10 : 0);
            if (whole) {
                assertThat(shown.exemplars().get(0).labels().get("request_id")).isEqualTo("1002");
                assertThat(shown.exemplars().get(1).labels().get("request_id")).isEqualTo("1001");
                assertThat(shown.exemplars().get(1).value()).isEqualTo(0.004);
            }
        }
    }

    @Test
    void nothing_is_slow_before_a_hundred_have_come_and_nothing_of_messages_that_are_all_alike() {
        second(99, 10);
        message(9_000, Outcome.OK);
        assertThat(kept(Why.SLOW)).isEmpty();
        for (int i = 0; i < 5; i++) {
            second(500, 10);
        }
        assertThat(kept(Why.SLOW)).isEmpty();
    }

    @Test
    void what_is_slow_slides_with_the_last_minute() {
        second(1_000, 10);
        message(1_000, Outcome.OK);
        assertThat(kept(Why.SLOW)).hasSize(1);
        for (int i = 0; i < 70; i++) {
            second(200, 1_000);
        }
        int before = kept(Why.SLOW).size();
        message(1_000, Outcome.OK);
        assertThat(kept(Why.SLOW)).hasSize(before);
        message(5_000, Outcome.OK);
        assertThat(pipeline.kept().get(0).wholeNanos()).isEqualTo(5_000_000);
    }

    @Test
    void a_fault_that_is_over_does_not_hide_those_that_are_less_slow() {
        for (int i = 0; i < 30; i++) {
            second(500, 10);
        }
        for (int i = 0; i < 5; i++) {
            second(500, 1_000);
        }
        int before = sent;
        message(500, Outcome.OK);
        assertThat(requestId(kept(Why.SLOW).get(0))).isNotEqualTo(Integer.toString(before + 1)); // while it lasts
        for (int i = 0; i < 11; i++) {
            second(500, 10);
        }
        before = sent;
        message(500, Outcome.OK);
        KeptMessage newest = pipeline.kept().get(0);
        assertThat(newest.why()).isEqualTo(Why.SLOW);
        assertThat(requestId(newest)).isEqualTo(Integer.toString(before + 1));
    }

    @Test
    void those_that_are_always_a_little_slow_leave_room_for_what_is_far_slower() {
        second(1_000, 10);
        for (int i = 0; i < 100; i++) {
            message(15, Outcome.OK);
        }
        assertThat(kept(Why.SLOW)).hasSize(KeptMessages.A_SECOND / 2);
        for (int i = 0; i < 40; i++) {
            message(300, Outcome.OK);
        }
        assertThat(kept(Why.SLOW))
                .hasSize(KeptMessages.A_SECOND)
                .filteredOn(kept -> kept.wholeNanos() == 300_000)
                .hasSize(KeptMessages.A_SECOND / 2);
        time.advanceSeconds(1);
        for (int i = 0; i < 40; i++) {
            message(300, Outcome.OK); // which may have all where there is nothing else
        }
        assertThat(kept(Why.SLOW)).hasSize(2 * KeptMessages.A_SECOND);
    }

    @Test
    void a_failed_one_is_kept_with_the_stage_where_it_failed() {
        pipeline.start(message);
        time.advanceSeconds(1e-5);
        pipeline.stamp(message, 1);
        time.advanceSeconds(3e-5);
        pipeline.done(message, Outcome.FAILED, () -> null);
        KeptMessage failed = kept(Why.FAILED).get(0);
        assertThat(failed.failedStage()).isEqualTo("b");
        assertThat(failed.stepNanos(0)).isEqualTo(10_000);
        assertThat(failed.stepNanos(1)).isEqualTo(KeptMessage.MISSING);
        assertThat(failed.context()).isEmpty();
    }

    @Test
    void slow_and_failed_ones_are_kept_that_were_not_chosen() {
        second(1_000, 10);
        telemetry.sampling(Sampling.fixed(0.0001));
        message(4_000, Outcome.OK);
        message(4_000, Outcome.FAILED);
        message(4_000, Outcome.OK);
        assertThat(kept(Why.SLOW)).hasSize(2);
        assertThat(kept(Why.FAILED)).extracting(KeptMessage::failedStage).containsExactly("c");
        assertThat(kept(Why.SLOW).get(0).stepNanos(0)).isEqualTo(KeptMessage.MISSING);
        assertThat(kept(Why.SLOW).get(0).wholeNanos()).isEqualTo(4_000_000);
    }

    @Test
    void of_two_stages_the_one_step_is_the_whole_way() {
        Pipeline pair = telemetry.pipeline("pair", "a", "b");
        long[] stamps = pair.start();
        time.advanceSeconds(1e-6);
        pair.done(stamps, Outcome.OK, null);
        assertThat(pair.kept().get(0).stepNanos(0)).isEqualTo(1_000);
    }

    @Test
    void a_flood_of_failures_asks_for_few_contexts_and_takes_bounded_memory() {
        for (int i = 0; i < 100_000; i++) {
            message(1, Outcome.FAILED); // a tenth of a second
        }
        assertThat(asked).isEqualTo(KeptMessages.A_SECOND);
        for (int second = 0; second < 100; second++) {
            time.advanceSeconds(1);
            for (int i = 0; i < 1_000; i++) {
                message(1, Outcome.FAILED);
            }
        }
        assertThat(kept(Why.FAILED)).hasSize(KeptMessages.NEWEST);
        assertThat(asked).isEqualTo(101 * KeptMessages.A_SECOND);
        assertThat(pipeline.recent(TelemetryConfig.defaults().windowRetention()).failed())
                .isEqualTo(200_000);
        long bytes = telemetry.bytes();
        second(1_000, 1);
        assertThat(telemetry.bytes()).isLessThan(bytes + 100_000);
    }

    @Test
    void contexts_are_asked_for_of_kept_messages_alone() {
        second(100_000, 10);
        assertThat(asked).isBetween(KeptMessages.ORDINARY, 600);
        assertThat(kept(Why.ORDINARY)).hasSize(KeptMessages.ORDINARY);
    }

    @Test
    void ordinary_ones_are_kept_from_all_parts_of_a_minute_alike() {
        int[] thirds = new int[3];
        for (int minute = 0; minute < 60; minute++) {
            for (int i = 0; i < 3_000; i++) {
                message(10, Outcome.OK);
            }
            for (KeptMessage kept : kept(Why.ORDINARY)) {
                int place = Integer.parseInt(requestId(kept)) - 1;
                if (place / 3_000 == minute) {
                    thirds[place % 3_000 / 1_000]++;
                }
            }
            time.advanceSeconds(60);
            telemetry.tick();
        }
        assertThat(thirds[0] + thirds[1] + thirds[2]).isEqualTo(60 * KeptMessages.ORDINARY);
        for (int third : thirds) { // 640 are expected, with a standard deviation of 21
            assertThat(third).isBetween(540, 740);
        }
    }

    @Test
    void the_chance_is_alike_while_the_ratio_changes() {
        int late = 0;
        for (int minute = 0; minute < 60; minute++) {
            telemetry.sampling(Sampling.fixed(1));
            for (int i = 0; i < 2_000; i++) {
                message(10, Outcome.OK);
            }
            telemetry.sampling(Sampling.fixed(0.1));
            for (int i = 0; i < 2_000; i++) {
                message(10, Outcome.OK);
            }
            for (KeptMessage kept : kept(Why.ORDINARY)) {
                int place = Integer.parseInt(requestId(kept)) - 1;
                late += place / 4_000 == minute && place % 4_000 >= 2_000 ? 1 : 0;
            }
            time.advanceSeconds(60);
            telemetry.tick();
        }
        assertThat(late).isBetween(840, 1_080); // 960 of 1,920 are expected
    }

    @Test
    void a_context_that_throws_is_counted_and_the_message_kept() {
        message(10, Outcome.FAILED, () -> {
            throw new IllegalStateException("no context");
        });
        message(10, Outcome.FAILED, () -> {
            throw new AssertionError("worse");
        });
        message(10, Outcome.FAILED, () -> null);
        message(10, Outcome.FAILED, null);
        assertThat(kept(Why.FAILED)).hasSize(4).allMatch(kept -> kept.context().isEmpty());
        assertThat(telemetry
                        .counter(Pipeline.ANOMALIES, "pipeline", "kind")
                        .labels("p", "context")
                        .get())
                .isEqualTo(3);
        assertThatThrownBy(() -> message(10, Outcome.FAILED, () -> {
                    throw new OutOfMemoryError("of the machine");
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(pipeline.inFlight()).isZero();
    }

    @Test
    void each_is_drained_once_ordinary_ones_when_their_minute_is_over() {
        second(1_000, 10);
        message(10, Outcome.FAILED);
        message(4_000, Outcome.OK);
        assertThat(drain()).extracting(KeptMessage::why).containsExactly(Why.SLOW, Why.FAILED);
        assertThat(drain()).isEmpty();
        time.advanceSeconds(60);
        telemetry.tick();
        assertThat(drain()).hasSize(KeptMessages.ORDINARY).allMatch(kept -> kept.why() == Why.ORDINARY);
        assertThat(drain()).isEmpty();
        assertThat(pipeline.kept()).hasSize(KeptMessages.ORDINARY + 2);
        message(10, Outcome.OK);
        assertThat(drain()).isEmpty();
        telemetry.close();
        assertThat(drain()).hasSize(1);
        assertThat(drain()).isEmpty();
    }

    @Test
    void a_clock_that_goes_back_ends_the_minute_and_the_second() {
        second(500, 10);
        for (int i = 0; i < 20; i++) {
            message(10, Outcome.FAILED);
        }
        drain();
        time.advanceSeconds(-3_600);
        telemetry.tick();
        message(10, Outcome.FAILED);
        message(10, Outcome.OK);
        assertThat(drain()).hasSize(KeptMessages.ORDINARY + 1);
        time.advanceSeconds(60);
        telemetry.tick();
        assertThat(drain()).hasSize(1);
    }

    @Test
    void many_threads_keep_each_message_once() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int thread = t;
            threads.add(new Thread(() -> {
                long[] mine = new long[pipeline.stampCount()];
                for (int i = 0; i < 5_000; i++) {
                    String id = thread + "-" + i;
                    pipeline.start(mine);
                    pipeline.done(mine, i % 10 == 0 ? Outcome.FAILED : Outcome.OK, () -> MessageContext.builder()
                            .requestId(id)
                            .build());
                }
            }));
            threads.get(t).start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        telemetry.close();
        List<KeptMessage> drained = drain();
        Set<String> ids = new HashSet<>();
        drained.forEach(kept -> ids.add(requestId(kept)));
        assertThat(ids).hasSameSizeAs(drained).hasSize(KeptMessages.ORDINARY + KeptMessages.A_SECOND);
    }

    @Test
    void texts_are_cut_with_a_mark_and_entries_are_bounded() {
        MessageContext.Builder builder = MessageContext.builder()
                .requestId("r".repeat(1_000))
                .traceId("t".repeat(126) + "\ud83d\ude00" + "t")
                .spanId(null)
                .dependency("store", "s".repeat(100))
                .dependency(null, "nameless");
        for (int i = 0; i < 1_000; i++) {
            builder.resource("resource" + i, Integer.toString(i));
        }
        MessageContext context = builder.resource("resource0", null).build();
        assertThat(context.requestId()).isEqualTo("r".repeat(127) + "…");
        assertThat(context.traceId()).isEqualTo("t".repeat(126) + "…");
        assertThat(context.spanId()).isEmpty();
        assertThat(context.dependencies()).isEqualTo(Map.of("store", "s".repeat(63) + "…", "…", "+1"));
        assertThat(context.resources()).hasSize(9).containsEntry("…", "+992").containsEntry("resource0", "");
        assertThat(context.bytes()).isBetween(1_000L, 4_000L);
    }

    @Test
    void the_exemplar_says_all_that_fits() {
        second(1_000, 10);
        message(4_000, Outcome.OK, () -> MessageContext.builder()
                .requestId("r1")
                .traceId("t1")
                .spanId("s1")
                .parentId("s0")
                .node("node-2")
                .resource("heap used", "81 %")
                .dependency("metadata_store", "no leader")
                .build());
        KeptMessage slow = kept(Why.SLOW).get(0);
        assertThat(slow.exemplar())
                .isEqualTo(new Exemplar(
                        Labels.of(
                                "request_id", "r1",
                                "trace_id", "t1",
                                "span_id", "s1",
                                "parent_id", "s0",
                                "node", "node-2",
                                "why", "slow",
                                "outcome", "ok",
                                "stage", "b",
                                "nanos_a", "1000000",
                                "nanos_b", "2000000",
                                "nanos_c", "1000000",
                                "resource_heap_used", "81 %",
                                "dependency_metadata_store", "no leader"),
                        slow.endEpochNanos(),
                        0.004));
        assertThat(slow.exemplar(Resolution.MILLIS).time()).isEqualTo(slow.endEpochNanos() / 1_000_000);
    }

    @Test
    void of_the_largest_context_ids_come_first_and_what_does_not_fit_is_left_out() {
        String wide = "\ud83d\ude00".repeat(100);
        message(10, Outcome.FAILED, () -> {
            MessageContext.Builder builder = MessageContext.builder()
                    .requestId(wide)
                    .traceId("t".repeat(128))
                    .node("n");
            for (int i = 0; i < 8; i++) {
                builder.resource("resource" + i, wide).dependency("dependency" + i, wide);
            }
            return builder.build();
        });
        Exemplar exemplar = kept(Why.FAILED).get(0).exemplar();
        assertThat(exemplar.labels().get("trace_id")).hasSize(128);
        assertThat(exemplar.labels().get("failed_stage")).isEqualTo("c");
        assertThat(exemplar.labels().get("dependency_dependency0")).isNotEmpty();
        assertThat(exemplar.labels().get("resource_resource7")).isNullOrEmpty();
    }
}
