package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a store may answer by now, each possibility as a plain store. What was acknowledged is in all of
 * them; of what was not acknowledged some have it as a whole; after a crash also those count that the log's last, lost
 * records would have led to. Each answer must be one of them to the bit.
 */
final class OperationsModel {

    private static final int MOST = 64;

    private final Matcher all;
    private final PlainRetention retention;
    private Set<PlainStore> possible = new LinkedHashSet<>(List.of(new PlainStore()));

    /** What else may be found after the process was killed, and after power was lost. */
    private final Set<PlainStore> afterKill = new LinkedHashSet<>();

    /** Empty where nothing was done that was not forced. */
    private final List<UnforcedWork> afterPowerLoss = new ArrayList<>();

    /** What was left by a loss of power, until it is looked at. */
    private final List<UnforcedWork> left = new ArrayList<>();

    /** Whatever was said of a sample: of what is about to expire, an older word may be found. */
    private final Map<Labels, TreeMap<Long, Set<Object>>> said = new HashMap<>();

    private final Map<String, Set<Metadata>> saidOfMetrics = new HashMap<>();

    OperationsModel(Matcher all, PlainRetention retention) {
        this.all = all;
        this.retention = retention;
    }

    PlainRetention retention() {
        return retention;
    }

    /** Whether so much is uncertain that work should go on without faults. */
    boolean isUncertain() {
        return possible.size() + afterKill.size() > MOST;
    }

    /** A batch is on its way. */
    void sent(PlainBatch batch, long wall) {
        retention.sent(batch.newest(), wall);
        batch.forEach(
                said -> { // each by itself: of a batch that is cut off the earlier of two words may be found
                    PlainStore alone = new PlainStore();
                    said.accept(alone);
                    alone.samples.forEach(
                            (labels, some) -> some.forEach((time, sample) -> remember(labels, time, sample)));
                    alone.metadata.forEach((metric, metadata) -> saidOfMetrics
                            .computeIfAbsent(metric, key -> new HashSet<>())
                            .add(metadata));
                });
    }

    private void remember(Labels labels, long time, Object sample) {
        said.computeIfAbsent(labels, key -> new TreeMap<>())
                .computeIfAbsent(time, key -> new HashSet<>())
                .add(sample);
    }

    void acknowledged(PlainBatch batch, Durability durability) {
        if (durability == Durability.SYNCED) {
            forced();
        } else {
            unforced(work -> work.batch(batch));
            if (durability == Durability.MEMORY) {
                cutOff(batch);
            } else {
                afterKill.clear();
            }
        }
        change(store -> with(store, batch));
    }

    /** The log is durable up to here. */
    private void forced() {
        afterKill.clear();
        afterPowerLoss.clear();
        left.clear();
    }

    private void unforced(Consumer<UnforcedWork> doing) {
        if (afterPowerLoss.isEmpty()) {
            possible.forEach(store -> afterPowerLoss.add(new UnforcedWork(store)));
        }
        afterPowerLoss.forEach(doing);
    }

    private void cutOff(PlainBatch batch) {
        afterKill.addAll(possible);
        possible.forEach(store -> afterKill.addAll(batch.cutOff(store)));
    }

    private static PlainStore with(PlainStore store, PlainBatch batch) {
        PlainStore next = store.copy();
        batch.keep(next);
        return next;
    }

    private void change(UnaryOperator<PlainStore> change) {
        Set<PlainStore> next = new LinkedHashSet<>();
        possible.forEach(store -> next.add(change.apply(store)));
        possible = next;
    }

    void refused(PlainBatch batch, CommitException.Reason reason) {
        if (reason == CommitException.Reason.OVERLOADED) {
            return; // nothing was done
        }
        unforced(work -> work.batch(batch));
        cutOff(batch);
        Set<PlainStore> before = possible;
        change(store -> with(store, batch));
        possible.addAll(before);
    }

    void deleted(List<Matcher> matchers, TimeRange range) {
        forced();
        change(store -> without(store, matchers, range));
    }

    void deletionRefused(List<Matcher> matchers, TimeRange range) {
        unforced(work -> work.deletion(matchers, range));
        Set<PlainStore> before = possible;
        change(store -> without(store, matchers, range));
        possible.addAll(before);
    }

    private static PlainStore without(PlainStore store, List<Matcher> matchers, TimeRange range) {
        PlainStore next = store.copy();
        next.delete(matchers, range);
        return next;
    }

    /** What the process wrote is still in memory: power may be lost before the next one has forced it. */
    void killed() {
        possible.addAll(afterKill);
        afterKill.clear();
    }

    void powerLost() {
        left.addAll(afterPowerLoss);
        afterKill.clear();
    }

    void closed() {
        forced();
    }

    /** A process has opened what may hold this. */
    void opened(long wall) {
        retention.opened(wall, newest());
    }

    /** Retention has worked. */
    void looked(long wall) {
        retention.passed(wall);
        retention.looked(wall, newest());
    }

    /** Newest time of a sample that is there for certain. */
    long newest() {
        return LongStream.concat(
                        possible.stream().mapToLong(PlainStore::newest),
                        left.stream().mapToLong(UnforcedWork::newestForced))
                .min()
                .orElseThrow();
    }

    /** Whether a sample is there for certain. */
    boolean hasSamples() {
        return newest() > Long.MIN_VALUE;
    }

    /**
     * Compares all answers.
     *
     * @param settle whether what is found is what must be found from now on
     */
    void check(Tsdb db, SettableTime time, boolean settle, String context) {
        long wall = time.millis();
        PlainStore found = read(db, context);
        retention.passed(time.millis());
        Set<PlainStore> matching = new LinkedHashSet<>();
        List<String> differences = new ArrayList<>();
        Set<PlainStore> all = new LinkedHashSet<>(possible);
        left.forEach(work -> all.add(work.nearest(found)));
        for (PlainStore store : all) {
            String difference = difference(store, found, wall);
            if (difference == null) {
                matching.add(store);
            } else {
                differences.add(difference);
            }
        }
        assertThat(matching)
                .as("%s: none of what may be answered is: %s", context, differences)
                .isNotEmpty();
        if (settle) {
            possible = matching;
            forced();
        }
    }

    private PlainStore read(Tsdb db, String context) {
        try {
            return PlainStore.read(db, all);
        } catch (AssertionError e) {
            throw new AssertionError(context + ": " + e.getMessage(), e);
        }
    }

    /** Compares the answer for a range with the same part of the answer for all times; retention may work between. */
    void checkRange(Tsdb db, TimeRange range, String context) {
        Map<Labels, ?> before = part(db, range, context);
        try (Querier querier = db.querier(range)) {
            assertThat((Object) PlainStore.samples(querier, all))
                    .as("%s: %s", context, range)
                    .isIn(before, part(db, range, context));
            checkListing(querier, context + ": labels in " + range);
        }
    }

    /** Labels are listed of the series that have samples, wherever these lie. */
    private void checkListing(Querier querier, String context) {
        Set<Labels> series = PlainStore.samples(querier, all).keySet();
        Set<String> names = new TreeSet<>();
        Set<String> values = new TreeSet<>();
        for (Labels labels : series) {
            for (int i = 0; i < labels.size(); i++) {
                names.add(labels.name(i));
            }
            values.add(String.valueOf(labels.get("host")));
        }
        assertThat(PlainStore.listed(querier, all)).as(context).isEqualTo(List.copyOf(new TreeSet<>(series)));
        assertThat(querier.labelNames(all)).as(context).isEqualTo(List.copyOf(names));
        assertThat(querier.labelValues("host", all)).as(context).isEqualTo(List.copyOf(values));
        assertThat(querier.labelValues("host")).as(context).containsAll(values);
    }

    private Map<Labels, ?> part(Tsdb db, TimeRange range, String context) {
        TreeMap<Labels, TreeMap<Long, Object>> part = read(db, context).samples;
        part.values().forEach(some -> some.keySet().removeIf(time -> !range.contains(time)));
        part.values().removeIf(TreeMap::isEmpty);
        return part;
    }

    /** The first difference that matters, or null. */
    private @Nullable String difference(PlainStore expected, PlainStore found, long wall) {
        Set<Labels> series = new TreeSet<>(expected.samples.keySet());
        series.addAll(found.samples.keySet());
        for (Labels labels : series) {
            String difference = samples(
                    labels,
                    expected.samples.getOrDefault(labels, new TreeMap<>()),
                    found.samples.getOrDefault(labels, new TreeMap<>()));
            if (difference != null) {
                return difference;
            }
        }
        String difference = exemplars(expected, found, wall);
        return difference != null ? difference : retention.isOn() ? expiring(expected, found) : rest(expected, found);
    }

    private @Nullable String samples(Labels labels, Map<Long, Object> expected, Map<Long, Object> found) {
        Set<Long> times = new TreeSet<>(expected.keySet());
        times.addAll(found.keySet());
        for (long time : times) {
            Object is = found.get(time);
            boolean right;
            if (time >= retention.kept(labels)) {
                right = Objects.equals(expected.get(time), is);
            } else if (time < retention.gone(labels)) {
                right = is == null;
            } else {
                right = is == null || wasSaid(labels, time, is);
            }
            if (!right) {
                return labels + " at " + time + ": expected " + expected.get(time) + ", found " + is + " (kept from "
                        + retention.kept(labels) + ", gone before " + retention.gone(labels) + ")";
            }
        }
        return null;
    }

    private boolean wasSaid(Labels labels, long time, Object sample) {
        return said.getOrDefault(labels, new TreeMap<>())
                .getOrDefault(time, Set.of())
                .contains(sample);
    }

    private @Nullable String exemplars(PlainStore expected, PlainStore found, long wall) {
        Set<Labels> series = new TreeSet<>(expected.exemplars.keySet());
        series.addAll(found.exemplars.keySet());
        long newest = found.newest();
        for (Labels labels : series) {
            TreeSet<Exemplar> known = expected.exemplars.getOrDefault(labels, new TreeSet<>());
            TreeSet<Exemplar> is = found.exemplars.getOrDefault(labels, new TreeSet<>());
            long kept = retention.exemplarsKept(labels);
            long gone = retention.exemplarsGone(labels, wall, newest);
            boolean right = known.containsAll(is)
                    && is.stream().allMatch(exemplar -> exemplar.time() >= gone)
                    && known.stream().allMatch(exemplar -> exemplar.time() < kept || is.contains(exemplar));
            if (!right) {
                return "exemplars of " + labels + ": expected " + known + ", found " + is + " (kept from " + kept
                        + ", gone before " + gone + ")";
            }
        }
        return null;
    }

    private static @Nullable String rest(PlainStore expected, PlainStore found) {
        if (!expected.starts.equals(found.starts)) {
            return "starts: expected " + expected.starts + ", found " + found.starts;
        }
        return expected.metadata.equals(found.metadata)
                ? null
                : "metadata: expected " + expected.metadata + ", found " + found.metadata;
    }

    /** What a series and a metric have beside samples goes with the blocks that it stands in. */
    private @Nullable String expiring(PlainStore expected, PlainStore found) {
        for (Map.Entry<Labels, TreeMap<Long, Long>> of : expected.starts.entrySet()) {
            long kept = retention.kept(of.getKey());
            Map<Long, Long> is = found.starts.getOrDefault(of.getKey(), new TreeMap<>());
            for (Map.Entry<Long, Long> start : of.getValue().entrySet()) {
                if (start.getValue() >= kept && !start.getValue().equals(is.get(start.getKey()))) {
                    return "starts of " + of.getKey() + ": expected " + of.getValue() + ", found " + is + " (kept from "
                            + kept + ")";
                }
            }
        }
        for (Map.Entry<String, Metadata> of : found.metadata.entrySet()) {
            if (!saidOfMetrics.getOrDefault(of.getKey(), Set.of()).contains(of.getValue())) {
                return "metadata of " + of.getKey() + ": never said: " + of.getValue();
            }
        }
        return null;
    }
}
