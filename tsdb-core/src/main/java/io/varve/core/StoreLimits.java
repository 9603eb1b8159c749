package io.varve.core;

import io.varve.core.head.Generation;
import io.varve.core.head.HeadKinds;
import io.varve.core.read.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Every bound of a store that is in force. Of what shards have equal parts of, the fullest part counts; of what they
 * share, all of them together.
 */
final class StoreLimits {

    private final List<Shard> shards;
    private final List<TsdbLimit> limits = new ArrayList<>();

    private StoreLimits(List<Shard> shards) {
        this.shards = shards;
    }

    /** @param share of one shard */
    static List<TsdbLimit> of(Shards all, TsdbConfig config, TsdbConfig share) {
        StoreLimits of = new StoreLimits(all.shards());
        of.shared("series", true, config.maxSeries(), shard -> shard.registry().size());
        if (config.newSeriesPerMinute() > 0) {
            of.limits.add(
                    new TsdbLimit("new_series_per_minute", false, config.newSeriesPerMinute(), all::newSeriesInMinute));
        }
        of.parts("series_memory", true, (double) Shard.limits(share).seriesBytes(), shard -> shard.registry()
                .seriesBytes());
        of.parts("head_memory", false, (double) share.headBytes(), StoreLimits::headBytes);
        of.limits.add(new TsdbLimit("ring", false, 1, all::ringFill));
        of.parts("log", false, 2.0 * share.walBytes(), Shard::generationLogBytes);
        of.parts("deletions", true, StoreDeletions.MAX_LIVE, shard -> shard.store()
                .liveDeletions());
        of.parts("exemplars", false, HeadKinds.MAX_EXEMPLARS, StoreLimits::exemplars);
        if (config.retentionBytes() > 0) {
            of.shared("retention_size", true, (double) config.retentionBytes(), StoreLimits::diskBytes);
        }
        return List.copyOf(of.limits);
    }

    private void shared(String name, boolean lasting, double most, ToDoubleFunction<Shard> used) {
        limits.add(new TsdbLimit(
                name, lasting, most, () -> shards.stream().mapToDouble(used).sum()));
    }

    private void parts(String name, boolean lasting, double most, ToDoubleFunction<Shard> used) {
        limits.add(new TsdbLimit(name, lasting, Math.max(1, most), () -> shards.stream()
                .mapToDouble(used)
                .max()
                .orElse(0)));
    }

    private static double headBytes(Shard shard) {
        return inView(
                shard,
                view -> shard.registry().seriesBytes()
                        + view.generations().stream()
                                .mapToLong(Generation::bytes)
                                .sum());
    }

    private static double exemplars(Shard shard) {
        return inView(shard, view -> view.generations().stream()
                .mapToInt(generation -> generation.kinds().exemplarCount())
                .max()
                .orElse(0));
    }

    /** What counts for retention by size. */
    static double diskBytes(Shard shard) {
        return shard.logBytes()
                + inView(
                        shard,
                        view -> view.blocks().stream()
                                        .mapToLong(block -> block.meta().bytes())
                                        .sum()
                                + view.rollups().readers().stream()
                                        .mapToLong(block -> block.meta().bytes())
                                        .sum());
    }

    private static double inView(Shard shard, ToDoubleFunction<View> what) {
        View view = shard.store().pinnedView();
        try {
            return what.applyAsDouble(view);
        } finally {
            view.unpin();
        }
    }
}
