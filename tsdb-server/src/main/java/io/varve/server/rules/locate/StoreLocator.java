package io.varve.server.rules.locate;

import io.varve.core.Tsdb;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesExemplars;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.server.rules.AlertLocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks in a store for where the cause of an alert shows. Failures come first: where messages fail that did not before,
 * the stage is the one in which most do. Else it is the step of the pipeline that {@link StageGrowth has grown} most,
 * else the one that slow exemplars name, else the one that is least as usual. Any thread.
 */
public final class StoreLocator implements AlertLocator {

    private static final Logger LOG = LoggerFactory.getLogger(StoreLocator.class);

    /** How far back an alert looks, seconds: to what came shortly before it, as long as that is not long ago. */
    private static final int SHORTEST = 3;

    private static final int LONGEST = 10;

    /** The same for what comes too rarely for that. */
    private static final int RARE = 60;

    /** How far back exemplars are looked for that are scraped now and then, seconds. */
    private static final int SCRAPED = 300;

    private static final int MOST_EXEMPLARS = 20_000;
    private static final int MOST_CHARACTERS = 128;
    private static final int FEW_FAILURES = 3;

    private final Tsdb store;
    private final Supplier<QueryEngine> engine;
    private final TimeSource clock;

    /** @param engine the one in force, over the store */
    public StoreLocator(Tsdb store, Supplier<QueryEngine> engine, TimeSource clock) {
        this.store = store;
        this.engine = engine;
        this.clock = clock;
    }

    @Override
    public Located locate(Question alert, long budgetNanos) {
        long begun = clock.nanoTime();
        BooleanSupplier over = () -> clock.nanoTime() - begun > budgetNanos;
        Map<String, String> found = new LinkedHashMap<>();
        double evidence = 0;
        try {
            for (Scope scope : Scope.of(alert.selectors())) {
                if (found.isEmpty() && !over.getAsBoolean()) {
                    evidence = locate(alert, scope, over, found);
                }
            }
        } catch (QueryException | IllegalArgumentException | IllegalStateException e) {
            LOG.debug("cannot look for the cause of an alert", e); // the alert comes without it
        }
        return new Located(found, evidence);
    }

    /** Adds what a scope tells; how much speaks for its stage. */
    private double locate(Question alert, Scope scope, BooleanSupplier over, Map<String, String> found) {
        long second = store.resolution().ticksPerSecond();
        long now = store.resolution().ticks(alert.now());
        long since = store.resolution().ticks(alert.since());
        long window = window(alert) * second;
        long begun = Math.min(since, now - window);
        Kept all = kept(scope, begun - LONGEST * second, now);
        Kept recent = all.after(now - window);
        Kept failed = recent.failed();
        int before = all.after(begun - window).failed().size()
                - all.after(begun).failed().size();
        boolean fails = failed.size() >= FEW_FAILURES && failed.size() > 2 * before;
        // those since it began, and shortly before, where they are rare
        Kept longer = all.after(Math.min(begun - SHORTEST * second, now - LONGEST * second));
        if (scope.pipeline()) {
            List<StageGrowth.Step> steps = steps(alert, scope, over);
            String stage = fails ? failed.stage() : "";
            StageGrowth.Step step =
                    fails ? step(steps, stage) : grown(steps, recent.slow().stage());
            put(found, STAGE, step == null ? stage : step.text());
            List<Kept.One> telling = telling(fails ? failed : recent, longer, step == null ? stage : step.from());
            tell(found, step, telling);
            return fails ? Double.POSITIVE_INFINITY : step == null ? 0 : step.seconds();
        } else {
            Kept some = fails ? failed : recent.size() >= Kept.SHOWN ? recent : longer;
            if (some.size() == 0) { // they come with scrapes
                some = kept(scope, now - SCRAPED * second, now);
            }
            String own = alert.series().get(Scope.STAGE);
            String stage = fails ? failed.stage() : own.isEmpty() ? some.slow().stage() : own;
            List<Kept.One> telling = some.telling(stage);
            put(found, STAGE, telling.isEmpty() ? "" : stage);
            tell(found, null, telling);
            return 0;
        }
    }

    /** Exemplars of a time, or of a longer one if they are too few. */
    private static List<Kept.One> telling(Kept some, Kept more, String stage) {
        List<Kept.One> telling = some.telling(stage);
        return telling.size() < Kept.SHOWN ? more.telling(stage) : telling;
    }

    private static void tell(Map<String, String> found, StageGrowth.@Nullable Step step, List<Kept.One> telling) {
        put(found, NODE, node(step, telling));
        put(found, EXEMPLARS, telling.stream().map(one -> clean(one.id())).collect(Collectors.joining(", ")));
    }

    private static int window(Question alert) {
        long seconds = SHORTEST + Duration.between(alert.since(), alert.now()).toSeconds();
        return (int) Math.max(SHORTEST, Math.min(LONGEST, seconds));
    }

    private List<StageGrowth.Step> steps(Question alert, Scope scope, BooleanSupplier over) {
        long second = store.resolution().ticksPerSecond();
        long now = store.resolution().ticks(alert.now());
        long since = store.resolution().ticks(alert.since());
        StageGrowth growth = new StageGrowth(engine.get(), over);
        try {
            for (int seconds : new int[] {window(alert), RARE}) {
                long apart = Math.max(LONGEST, seconds) * second;
                List<StageGrowth.Step> steps = growth.steps(scope, since, now, apart, seconds + "s");
                if (!steps.isEmpty()) {
                    return within(alert.series(), steps);
                }
            }
        } catch (QueryException e) {
            LOG.debug("cannot compare the steps of a pipeline", e); // exemplars are told all the same
        }
        return List.of();
    }

    /** The steps that an alert is about, if its series is one of them or of a stage; else all. */
    private static List<StageGrowth.Step> within(Labels series, List<StageGrowth.Step> steps) {
        List<StageGrowth.Step> same = steps.stream()
                .filter(step -> series.has(Scope.FROM)
                        ? series.get(Scope.FROM).equals(step.from())
                                && series.get(Scope.TO).equals(step.series().get(Scope.TO))
                        : series.get(Scope.STAGE).equals(step.from()))
                .toList();
        return same.isEmpty() ? steps : same;
    }

    private static StageGrowth.@Nullable Step step(List<StageGrowth.Step> steps, String stage) {
        return steps.stream()
                .filter(step -> step.from().equals(stage))
                .max(Comparator.comparingDouble(StageGrowth.Step::seconds))
                .orElse(null);
    }

    private static StageGrowth.@Nullable Step grown(List<StageGrowth.Step> steps, String otherwise) {
        StageGrowth.Step most = steps.stream()
                .max(Comparator.comparingDouble(StageGrowth.Step::seconds))
                .orElse(null);
        if (most == null || most.seconds() > 0 || steps.size() == 1) {
            return most;
        }
        StageGrowth.Step named = step(steps, otherwise);
        return named != null
                ? named
                : steps.stream()
                        .filter(step -> step.unusual() > 0)
                        .max(Comparator.comparingDouble(StageGrowth.Step::unusual))
                        .orElse(null);
    }

    /** Exemplars of a scope in {@code (after, upTo]}, the newest if there are too many. */
    private Kept kept(Scope scope, long after, long upTo) {
        List<Kept.One> kept = new ArrayList<>();
        Matcher[] matchers = scope.exemplars().toArray(new Matcher[0]);
        try (Querier querier = store.querier(TimeRange.of(after + 1, upTo))) {
            for (SeriesExemplars series : querier.exemplars(matchers).found()) {
                List<Exemplar> exemplars = series.exemplars();
                int from = Math.max(0, exemplars.size() - (MOST_EXEMPLARS - kept.size()));
                exemplars
                        .subList(from, exemplars.size())
                        .forEach(exemplar -> kept.add(new Kept.One(series.series(), exemplar)));
            }
        }
        return new Kept(kept);
    }

    private static String node(StageGrowth.@Nullable Step step, List<Kept.One> telling) {
        String node = step == null ? "" : node(step.series());
        for (Kept.One one : telling) {
            node = !node.isEmpty() ? node : !one.label(NODE).isEmpty() ? one.label(NODE) : node(one.series());
        }
        return node;
    }

    private static String node(Labels series) {
        return series.has(NODE) ? series.get(NODE) : series.get("instance");
    }

    private static void put(Map<String, String> found, String name, String text) {
        if (!text.isEmpty()) {
            found.put(name, name.equals(EXEMPLARS) ? text : clean(text));
        }
    }

    /** A text of bounded length without control characters, whatever a client has sent. */
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(MOST_CHARACTERS)
                .forEach(point -> clean.appendCodePoint(
                        Character.isISOControl(point) || Character.getType(point) == Character.FORMAT ? '?' : point));
        return text.codePointCount(0, text.length()) > MOST_CHARACTERS
                ? clean.append('…').toString()
                : clean.toString();
    }
}
