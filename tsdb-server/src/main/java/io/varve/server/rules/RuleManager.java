package io.varve.server.rules;

import io.varve.core.model.TimeSource;
import io.varve.server.rules.notify.Notification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All groups of rules, each evaluated at its interval: at times that are whole intervals apart, however long an
 * evaluation takes, and apart from those of other groups. A group that is still at work when it is due again is passed
 * over, which is counted. Its clock is {@link #tick}, which one thread calls; evaluations run where the executor lets
 * them.
 */
public final class RuleManager {

    private static final Logger LOG = LoggerFactory.getLogger(RuleManager.class);

    private final RuleStore store;
    private final RuleMetrics metrics;
    private final TimeSource clock;
    private final Executor workers;
    private final Consumer<List<Notification>> news;
    private volatile Map<Key, Runner> runners = Map.of();
    private boolean closed;

    /** Which group it is. */
    private record Key(String file, String name) {}

    /** @param news takes the alerts that receivers should hear of */
    public RuleManager(
            RuleStore store,
            RuleMetrics metrics,
            TimeSource clock,
            Executor workers,
            Consumer<List<Notification>> news) {
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
        this.workers = workers;
        this.news = news;
    }

    private static Instant now(TimeSource clock) {
        long nanos = clock.epochNanos();
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    /** Puts other groups in force. Those that are there already keep their alerts and go on. */
    public synchronized void replace(List<RuleGroup> groups, AlertSetting setting) {
        if (closed) {
            return;
        }
        Instant now = now(clock);
        Map<Key, Runner> before = runners;
        Map<Key, Runner> next = new java.util.LinkedHashMap<>();
        for (RuleGroup group : groups) {
            Key key = new Key(group.file(), group.name());
            Runner old = before.get(key);
            GroupState state = new GroupState(group, store, setting, metrics, clock);
            next.put(key, new Runner(state, old, now));
        }
        runners = next;
        before.forEach((key, runner) -> {
            if (!next.containsKey(key)) {
                workers.execute(() -> runner.end(now));
            }
        });
    }

    /** How all groups stand, in the order of their files. */
    public List<GroupStatus> status() {
        return groups().stream().map(GroupStatus::of).toList();
    }

    List<GroupState> groups() {
        List<GroupState> states = new ArrayList<>();
        runners.values().forEach(runner -> states.add(runner.state));
        return states;
    }

    /** Starts the evaluation of all groups that are due; says how long until the next one is. */
    public Duration tick() {
        Instant now = now(clock);
        Duration wait = Duration.ofSeconds(1);
        for (Runner runner : runners.values()) {
            Duration left = runner.tick(now);
            wait = left.compareTo(wait) < 0 ? left : wait;
        }
        return wait;
    }

    /** Ends: nothing is evaluated any more. What was kept stays, so that a restart goes on from there. */
    public synchronized void close() {
        closed = true;
        runners = new HashMap<>();
    }

    /** Evaluates a group when it is due. */
    private final class Runner {

        private final GroupState state;
        private final AtomicBoolean running = new AtomicBoolean();
        private final long interval;
        private final long shift;

        /** Whose state is taken over by the first evaluation, null if there is none. */
        private @Nullable Runner old;

        private boolean ended;
        private long next;

        Runner(GroupState state, @Nullable Runner old, Instant now) {
            this.state = state;
            this.old = old;
            this.interval = Math.max(1, state.group().interval().toMillis());
            long hash = (state.group().file() + "\0" + state.group().name()).hashCode();
            this.shift = Math.floorMod(hash * 2_654_435_761L, interval);
            this.next = Math.floorDiv(now.toEpochMilli() - shift + interval - 1, interval) * interval + shift;
        }

        Duration tick(Instant now) {
            long millis = now.toEpochMilli();
            if (millis < next) {
                return Duration.ofMillis(next - millis);
            }
            long due = Math.floorDiv(millis - shift, interval) * interval + shift;
            for (long passed = next; passed < due; passed += interval) {
                metrics.missed();
            }
            next = due + interval;
            if (running.compareAndSet(false, true)) {
                workers.execute(() -> run(Instant.ofEpochMilli(due)));
            } else {
                metrics.missed();
            }
            return Duration.ofMillis(next - millis);
        }

        private void run(Instant due) {
            try {
                evaluate(due);
            } catch (RuntimeException e) {
                LOG.error(
                        "evaluation of group {} in {} failed",
                        state.group().name(),
                        state.group().file(),
                        e);
            } finally {
                running.set(false);
            }
        }

        private void evaluate(Instant due) {
            synchronized (state) {
                if (!ended) {
                    succeed();
                    state.evaluate(due, news);
                }
            }
        }

        /** Goes on from where the one before stands, once its evaluation has ended. */
        private void succeed() {
            Runner before = old;
            if (before != null) {
                old = null;
                synchronized (before.state) {
                    before.succeed();
                    before.ended = true;
                    state.takeOver(before.state);
                }
            }
        }

        void end(Instant now) {
            synchronized (state) {
                succeed();
                ended = true;
                state.end(now);
            }
        }
    }
}
