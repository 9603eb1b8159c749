package io.varve.core;

import io.varve.core.TsdbCondition.Part;
import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.read.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at the parts of a shard and says how they feel. Any thread; takes no lock that writers take. */
final class ShardHealth {

    /** A ring that is fuller than this will soon make senders wait. */
    private static final double FULL_RING = 0.9;

    private ShardHealth() {}

    static List<TsdbCondition> of(Shard shard, TsdbConfig share) {
        return List.of(
                writing(shard),
                TsdbCondition.failedIf(Part.LOG, shard.ingest().logTrouble()),
                upkeep(shard.upkeep().trouble()),
                retention(shard.retention().waiting()),
                memory(shard, share));
    }

    private static TsdbCondition writing(Shard shard) {
        double fill = shard.ingest().ringFill();
        String trouble = shard.ingest().trouble();
        return trouble == null && fill > FULL_RING
                ? TsdbCondition.degraded(
                        Part.WRITING,
                        "the ring is " + (int) (100 * fill) + " % full: more arrives than is logged; senders wait")
                : TsdbCondition.failedIf(Part.WRITING, trouble);
    }

    private static TsdbCondition upkeep(@Nullable String trouble) {
        if (trouble == null || trouble.startsWith("FATAL")) {
            return TsdbCondition.failedIf(Part.UPKEEP, trouble);
        }
        return TsdbCondition.degraded(
                Part.UPKEEP, "cannot seal or merge: " + trouble + "; it is tried again every second");
    }

    private static TsdbCondition retention(@Nullable String waiting) {
        return waiting == null ? TsdbCondition.ok(Part.RETENTION) : TsdbCondition.degraded(Part.RETENTION, waiting);
    }

    /** The same bounds as those at which the store refuses. */
    private static TsdbCondition memory(Shard shard, TsdbConfig share) {
        SeriesRegistry registry = shard.registry();
        long series = registry.seriesBytes();
        View view = shard.store().pinnedView();
        long held;
        int generations;
        try {
            generations = view.generations().size();
            held = view.generations().stream().mapToLong(Generation::bytes).sum();
        } finally {
            view.unpin();
        }
        if (generations > 1 && held > share.headBytes() - series) {
            return TsdbCondition.failed(
                    Part.MEMORY,
                    "the head is full until a block is sealed: bytes=" + (held + series) + ", limit="
                            + share.headBytes());
        }
        long mostSeries = Shard.limits(share).seriesBytes();
        if (series >= mostSeries) {
            return TsdbCondition.degraded(
                    Part.MEMORY, "new series are refused: known ones take bytes=" + series + ", limit=" + mostSeries);
        }
        return TsdbCondition.ok(Part.MEMORY);
    }
}
