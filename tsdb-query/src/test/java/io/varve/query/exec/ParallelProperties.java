package io.varve.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.query.QueryControl;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.query.QueryLimits;
import io.varve.query.QueryMemory;
import io.varve.query.QueryOptions;
import io.varve.query.QueryRequest;
import io.varve.query.QueryTurn;
import io.varve.query.QueryWatch;
import io.varve.query.QueryWorkers;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whoever helps with a query, its answer is that of one thread, to the bit: values and their order, annotations, what
 * is said of damage, refusals, and what was read and taken.
 */
class ParallelProperties {

    private static QueryWorkers workers = QueryWorkers.NONE;

    @BeforeContainer
    static void start() {
        workers = QueryWorkers.start(4, ParallelProperties::thread, Duration.ZERO);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "varve-query-test");
        thread.setDaemon(true);
        return thread;
    }

    @AfterContainer
    static void end() {
        workers.close();
    }

    private static QueryEngine engine(SampleStores store, QueryLimits limits, QueryWorkers helpers) {
        QueryOptions options = QueryOptions.defaults().experimental(true).workers(helpers);
        return QueryEngine.over(store.db(), limits, options, QueryWatch.NONE);
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void answers_are_those_of_one_thread(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        try (SampleStores store = new SampleStores(seed)) {
            QueryEngine alone = engine(store, QueryLimits.defaults(), QueryWorkers.NONE);
            QueryEngine together = engine(store, QueryLimits.defaults(), workers);
            for (int i = 0; i < 60; i++) {
                Answers.assertSame(alone, together, Answers.question(random), true);
            }
        }
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void refusals_are_those_of_one_thread(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        QueryLimits plain = QueryLimits.defaults();
        try (SampleStores store = new SampleStores(seed)) {
            for (int i = 0; i < 60; i++) {
                boolean bySamples = random.nextBoolean();
                QueryLimits limits = new QueryLimits(
                        bySamples ? random.nextInt(4_000) : plain.maxSamples(),
                        plain.maxPoints(),
                        bySamples ? plain.maxBytes() : random.nextInt(100_000),
                        plain.timeout(),
                        plain.lookback());
                QueryEngine alone = engine(store, limits, QueryWorkers.NONE);
                QueryEngine together = engine(store, limits, workers);
                QueryRequest request = Answers.question(random);
                if (isRefused(engine(store, plain, QueryWorkers.NONE), request)) {
                    // shards are read a series ahead: which of two refusals comes first is that of neither
                    assertThat(isRefused(alone, request)).isTrue();
                    assertThat(isRefused(together, request)).isTrue();
                } else {
                    Answers.assertSame(alone, together, request, true);
                }
            }
        }
    }

    private static boolean isRefused(QueryEngine engine, QueryRequest request) {
        try {
            engine.query(request);
            return false;
        } catch (QueryException e) {
            return true;
        }
    }

    /** However early or late the asker leaves, the query ends so, and nobody works for it any more. */
    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void a_query_that_is_given_up_ends(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        QueryMemory memory = new QueryMemory(() -> Long.MAX_VALUE);
        try (SampleStores store = new SampleStores(seed)) {
            QueryEngine together = engine(store, QueryLimits.defaults(), workers);
            QueryRequest request =
                    QueryRequest.range("sum(last_over_time({host=~\".+\"}[10m]))", 0, SampleStores.SPAN, 60_000);
            for (int i = 0; i < 20; i++) {
                AtomicInteger left = new AtomicInteger(random.nextInt(60));
                try (QueryControl control = new QueryControl(() -> left.decrementAndGet() < 0, memory)) {
                    assertThatThrownBy(() -> together.query(request, control))
                            .isInstanceOfSatisfying(QueryException.class, e -> assertThat(e.kind())
                                    .isEqualTo(QueryException.Kind.CANCELED));
                }
                assertThat(memory.used()).isZero();
            }
        }
    }

    /** Other threads do read parts, so that the properties say something. */
    @Property(tries = 1)
    void others_help() throws IOException {
        try (SampleStores store = new SampleStores(7)) {
            OpenedParts opened = new OpenedParts(store.db());
            QueryOptions options = QueryOptions.defaults().workers(workers);
            QueryEngine together = QueryEngine.over(opened, QueryLimits.defaults(), options, QueryWatch.NONE);
            CountingTurn turn = new CountingTurn();
            QueryRequest request =
                    QueryRequest.range("last_over_time({host=~\".+\"}[10m])", 0, SampleStores.SPAN, 10_000);
            for (int i = 0; i < 50; i++) {
                try (QueryControl control = new QueryControl(() -> false, QueryMemory.UNLIMITED, turn)) {
                    together.query(request, control);
                }
            }
            assertThat(opened.byOthers()).isPositive();
            assertThat(turn.helped.get())
                    .as("what they do counts as the query's")
                    .isPositive();
        }
    }

    /** Counts how often others help. */
    private static final class CountingTurn implements QueryTurn {
        private final AtomicInteger helped = new AtomicInteger();

        @Override
        public void begin() {}

        @Override
        public void goOn() {}

        @Override
        public void end() {}

        @Override
        public void help(Runnable work) {
            work.run();
            helped.incrementAndGet();
        }
    }
}
