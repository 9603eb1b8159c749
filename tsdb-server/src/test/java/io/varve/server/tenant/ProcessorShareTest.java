package io.varve.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.model.TimeSource;
import io.varve.query.QueryTurn;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who waits for whom, on a machine whose clock stands still unless a query works or waits. */
class ProcessorShareTest {

    private static final long MILLI = 1_000_000L;

    private final List<Runnable> whileWaiting = new ArrayList<>();
    private final IdentityHashMap<QueryTurn, long[]> threads = new IdentityHashMap<>();
    private long[] running = new long[1];
    private long now;
    private long waited;

    private final TimeSource clock = TimeSource.of(() -> now, () -> now);

    private ProcessorShare share(int processors) {
        return new ProcessorShare(new ProcessorShare.Machine(clock, processors, () -> running[0], this::pause));
    }

    private void pause(long nanos) {
        now += nanos;
        waited += nanos;
        if (!whileWaiting.isEmpty()) {
            whileWaiting.remove(0).run();
        }
    }

    private static QueryTurn begun(ProcessorShare.Member member) {
        QueryTurn turn = member.turn();
        turn.begin();
        return turn;
    }

    /** Does something in the thread of a query. */
    private void inItsThread(QueryTurn turn, Runnable work) {
        long[] other = running;
        running = threads.computeIfAbsent(turn, one -> new long[1]);
        work.run();
        running = other;
    }

    /** Works for a while, a tenth of a millisecond at a time, and tells how long it waited meanwhile. */
    private double work(QueryTurn turn, double millis) {
        long before = waited;
        inItsThread(turn, () -> {
            for (int i = 0; i < Math.round(millis * 10); i++) {
                now += MILLI / 10;
                running[0] += MILLI / 10;
                turn.goOn();
            }
        });
        return (waited - before) / (double) MILLI;
    }

    private void used(ProcessorShare.Member member, double millis) {
        QueryTurn turn = begun(member);
        work(turn, millis);
        inItsThread(turn, turn::end);
    }

    @Test
    void who_is_alone_has_all_processors() {
        ProcessorShare share = share(2);
        ProcessorShare.Member acme = share.member();
        QueryTurn one = begun(acme);
        QueryTurn two = begun(acme);
        QueryTurn three = begun(acme);
        assertThat(work(one, 50) + work(two, 50) + work(three, 50)).isZero();
        assertThat(waited).isZero();
    }

    @Test
    void who_used_more_waits_until_the_other_is_answered() {
        ProcessorShare share = share(2);
        ProcessorShare.Member noisy = share.member();
        ProcessorShare.Member quiet = share.member();
        used(noisy, 500);
        QueryTurn large = begun(noisy);
        QueryTurn small = begun(quiet);
        assertThat(waited).as("who used less begins at once").isZero();
        whileWaiting.add(() -> {});
        whileWaiting.add(() -> {});
        whileWaiting.add(small::end);
        assertThat(work(large, 1)).as("ended at the third look").isEqualTo(1.5);
        assertThat(work(large, 20)).isZero();
    }

    @Test
    void an_answer_that_is_being_sent_holds_nobody_back() {
        ProcessorShare share = share(1);
        ProcessorShare.Member noisy = share.member();
        used(noisy, 500);
        QueryTurn small = begun(share.member());
        small.end();
        assertThat(work(begun(noisy), 20)).isZero();
        assertThat(waited).isZero();
    }

    @Test
    void one_that_does_not_come_to_an_end_holds_others_back_for_ten_milliseconds_at_a_time() {
        ProcessorShare share = share(2);
        ProcessorShare.Member noisy = share.member();
        used(noisy, 500);
        begun(share.member()); // and waits for its disk
        QueryTurn large = begun(noisy);
        assertThat(waited).isEqualTo(10 * MILLI);
        assertThat(work(large, 0.9)).isZero();
        assertThat(work(large, 0.1)).isEqualTo(10);
        assertThat(work(large, 5)).isEqualTo(50);
    }

    @Test
    void nobody_waits_while_two_processors_are_free() {
        ProcessorShare share = share(4);
        ProcessorShare.Member noisy = share.member();
        used(noisy, 500);
        begun(share.member());
        QueryTurn one = begun(noisy);
        assertThat(work(one, 20)).isZero();
        QueryTurn two = begun(noisy);
        assertThat(work(two, 20)).as("three of four are taken").isZero();
        QueryTurn three = begun(noisy);
        assertThat(waited).as("it would be the fourth").isEqualTo(10 * MILLI);
        assertThat(work(one, 1)).isEqualTo(10);
        three.end();
        assertThat(work(one, 20)).isZero();
    }

    @Test
    void the_last_processor_is_for_whom_has_not_used_twice_as_much() {
        ProcessorShare share = share(2);
        ProcessorShare.Member acme = share.member();
        ProcessorShare.Member globex = share.member();
        used(acme, 190);
        used(globex, 100);
        QueryTurn one = begun(acme);
        QueryTurn other = begun(globex);
        assertThat(work(one, 9)).isZero(); // 199
        assertThat(work(one, 3)).isEqualTo(20); // 201, then 202
        assertThat(work(other, 3)).as("who used less does not wait").isZero();
        QueryTurn third = begun(globex);
        assertThat(work(one, 1))
                .as("nor is there one for it when all are taken")
                .isEqualTo(10);
        third.end();
        assertThat(work(one, 1)).as("203 to 103").isZero();
    }

    @Test
    void where_all_are_taken_those_who_work_all_the_time_get_the_same() {
        ProcessorShare share = share(1);
        ProcessorShare.Member acme = share.member();
        ProcessorShare.Member globex = share.member();
        used(acme, 40);
        QueryTurn one = begun(acme);
        QueryTurn[] other = {begun(globex)};
        assertThat(acme.processors()).isGreaterThan(globex.processors());
        for (int i = 0; i < 80; i++) {
            whileWaiting.add(() -> work(other[0], 1)); // both go on as soon as they may
        }
        work(one, 30);
        assertThat(whileWaiting).hasSizeLessThan(20);
        assertThat(globex.processors()).isCloseTo(acme.processors(), within(0.002));
    }

    @Test
    void what_was_used_is_forgotten_in_ten_seconds() {
        ProcessorShare share = share(2);
        ProcessorShare.Member noisy = share.member();
        used(noisy, 2_000);
        assertThat(noisy.processors()).isBetween(0.2, 0.4);
        now += 10_000 * MILLI;
        assertThat(noisy.processors()).isZero();
        begun(share.member());
        assertThat(work(begun(noisy), 0.9)).isZero();
        assertThat(waited).isZero();
    }

    @Test
    void short_queries_are_counted_and_wait_as_well() {
        ProcessorShare share = share(2);
        ProcessorShare.Member noisy = share.member();
        for (int i = 0; i < 100; i++) {
            used(noisy, 0.5); // none of them ever looks
        }
        assertThat(noisy.processors()).isEqualTo(0.05 / 5.05, within(1e-9));
        QueryTurn small = begun(share.member());
        whileWaiting.add(small::end);
        used(noisy, 0.5);
        assertThat(waited).isEqualTo(MILLI / 2);
    }

    @Test
    void who_helps_counts_and_never_waits() {
        ProcessorShare share = share(3);
        ProcessorShare.Member noisy = share.member();
        ProcessorShare.Member quiet = share.member();
        used(noisy, 500);
        QueryTurn small = begun(quiet);
        QueryTurn large = begun(noisy);
        assertThat(work(large, 5)).isZero();
        small.help(() -> {
            assertThat(work(large, 1)).as("two of three work").isEqualTo(10);
            running[0] += 3 * MILLI;
        });
        assertThat(quiet.processors()).isPositive();
        assertThat(work(large, 5)).isZero();
        long before = waited;
        large.help(() -> running[0] += MILLI);
        assertThat(waited).isEqualTo(before);
    }

    @Test
    void who_never_began_is_not_counted() {
        ProcessorShare share = share(1);
        ProcessorShare.Member rules = share.member();
        QueryTurn punctual = rules.turn();
        used(share.member(), 500);
        begun(share.member());
        assertThat(work(punctual, 20)).isZero();
        punctual.help(() -> running[0] += MILLI);
        punctual.end();
        assertThat(rules.processors()).isZero();
        punctual.end();
    }
}
