package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.storage.Querier;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.RollupSet;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import io.varve.query.lang.Position;
import io.varve.query.plan.RolledPlan;
import io.varve.query.plan.RolledSeries;
import io.varve.query.plan.Spans;
import io.varve.query.plan.Steps;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Buckets of rollups in the place of samples that have expired, for one selector: whether there are any, and what an
 * answer says of them (ADR 0034). One thread.
 */
final class Rolled {

    private static final String EXPIRED = "samples have expired: ";

    private final QueryContext context;
    private final Position at;
    private final Matcher[] matchers;
    private final @Nullable Querier querier;
    private final @Nullable RolledPlan plan;
    private final boolean sketched;
    private @Nullable RolledSeries series;

    private Rolled(
            QueryContext context,
            Position at,
            Matcher[] matchers,
            @Nullable Querier querier,
            @Nullable RolledPlan plan,
            boolean sketched) {
        this.context = context;
        this.at = at;
        this.matchers = matchers;
        this.querier = querier;
        this.plan = plan;
        this.sketched = sketched;
    }

    /** Samples alone answer, and there is nothing to tell. */
    static Rolled not(QueryContext context, Position at) {
        return new Rolled(context, at, new Matcher[0], null, null, false);
    }

    /** For windows, if what is made of them can be told by buckets. */
    static Rolled windows(QueryContext context, List<Matcher> selector, Position at, Spans spans, Told told) {
        Matcher[] matchers = selector.toArray(new Matcher[0]);
        Querier querier = context.rollups(spans.first(), spans.end(spans.count() - 1));
        if (querier == null) {
            return not(context, at);
        }
        boolean sketched = told == Told.SKETCHES;
        RolledPlan plan = RolledPlan.ofWindows(querier, spans, sketched, matchers);
        Rolled rolled = new Rolled(context, at, matchers, querier, plan, sketched);
        if (told.byBuckets() && !plan.isEmpty()) {
            return rolled;
        }
        rolled.tellWhyNot(spans.first(), told.byBuckets());
        return not(context, at);
    }

    /** For the newest sample at each time. */
    static Rolled newest(QueryContext context, List<Matcher> selector, Position at, long first, long last) {
        Matcher[] matchers = selector.toArray(new Matcher[0]);
        long lookback = context.lookback();
        Querier narrow = context.rollups(Steps.minus(first, lookback), last);
        RolledPlan plan = narrow == null ? null : RolledPlan.ofNewest(narrow, lookback, matchers);
        if (plan == null || plan.isEmpty()) {
            return not(context, at);
        }
        Querier querier = context.rollups(Steps.minus(first, Math.max(lookback, plan.widest())), last);
        return new Rolled(context, at, matchers, querier, plan, false);
    }

    /** How far an instant selector looks back: no less than the widest bucket is. */
    long lookback() {
        RolledPlan buckets = plan;
        return buckets == null ? context.lookback() : Math.max(context.lookback(), buckets.widest());
    }

    /** A selection with buckets if there are any; it is read as a whole then. */
    Selection over(Selection raw) {
        RolledPlan buckets = plan;
        Querier of = querier;
        if (buckets == null || of == null) {
            return raw;
        }
        if (raw instanceof PlannedReads.Planned planned) {
            return planned.rolled();
        }
        return new Selection() {
            @Override
            public int series() {
                return raw.series();
            }

            @Override
            public SeriesSet open(SummaryRule rule, ReadBudget budget) {
                return rolled(raw.open(rule, budget), buckets, of);
            }

            @Override
            public List<Labels> cuts(int size, int most) {
                return List.of();
            }

            @Override
            public List<Selection> cut(List<Labels> cuts) {
                if (!cuts.isEmpty()) {
                    throw new IllegalArgumentException("a selection that stays whole: cuts=" + cuts.size());
                }
                return List.of(this);
            }
        };
    }

    private SeriesSet rolled(SeriesSet raw, RolledPlan buckets, Querier of) {
        try {
            RolledSeries rolled = new RolledSeries(raw, buckets, of, matchers);
            series = rolled;
            return rolled;
        } catch (RuntimeException | Error e) {
            raw.close();
            throw e;
        }
    }

    /** Says what stood for what, when all series have been read. */
    void tell() {
        RolledSeries read = series;
        RolledPlan buckets = plan;
        if (read == null || buckets == null) {
            return;
        }
        if (read.hasHistograms()) {
            context.annotations()
                    .info(EXPIRED + "rollups of native histograms answer in /api/v1/percentiles alone", at);
        }
        if (read.used().isEmpty()) {
            return;
        }
        List<String> widths = read.used().stream().map(this::text).toList();
        String sketch = sketched
                ? String.format(
                        Locale.ROOT, ", their sketches to within %.2g %% of the value", 100 * read.relativeError())
                : "";
        context.annotations().info(EXPIRED + "rollups of " + String.join(", ", widths) + " answer" + sketch, at);
        if (read.isCut()) {
            context.annotations()
                    .info(
                            EXPIRED
                                    + "windows that cut buckets of rollups are answered by whole buckets alone; let "
                                    + "start, step and range be multiples of " + String.join(", ", widths),
                            at);
        }
        if (read.isPartial()) {
            context.annotations().info(EXPIRED + why(buckets) + ": they leave out a part of windows", at);
        }
        if (read.isInexact()) {
            context.annotations()
                    .warn(EXPIRED + "some buckets of rollups do not know of samples or deletions that came late", at);
        }
    }

    /** Says that buckets do not answer, if there are any of these series. */
    private void tellWhyNot(long after, boolean byBuckets) {
        RolledPlan buckets = plan;
        Querier of = querier;
        if (buckets == null || of == null) {
            return;
        }
        for (long width : of.rollupWidths()) {
            try (RollupSet set = of.rollups(width, matchers)) {
                if (set.next() && set.samplesFrom() > after + 1) {
                    String why = byBuckets ? why(buckets) : "rollups do not tell what is asked";
                    context.annotations().info(EXPIRED + why + ": windows have no value there", at);
                    return;
                }
            }
        }
    }

    /** Why buckets that there are do not answer. */
    private String why(RolledPlan buckets) {
        if (buckets.tooWide() > 0) {
            return "windows are shorter than rollups, which are of " + text(buckets.tooWide());
        }
        return sketched ? "rollups have no sketches" : "buckets of rollups of one width end within those of another";
    }

    /** A width in the units that it is a multiple of. */
    private String text(long ticks) {
        long perSecond = context.resolution().ticksPerSecond();
        String[] units = {"d", "h", "m", "s"};
        long[] seconds = {86_400, 3_600, 60, 1};
        for (int i = 0; i < units.length; i++) {
            if (ticks % (seconds[i] * perSecond) == 0) {
                return ticks / (seconds[i] * perSecond) + units[i];
            }
        }
        return BigDecimal.valueOf(context.seconds(ticks)).stripTrailingZeros().toPlainString() + "s";
    }
}
