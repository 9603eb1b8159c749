package io.varve.query.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeRange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which width answers where, for rollups of ten ticks that are left of 190 on, and of sixty, of all. */
class RollupPlanTest {

    private static final RollupPlan.Width NARROW = new RollupPlan.Width(10, List.of(TimeRange.of(191, 590)));
    private static final RollupPlan.Width WIDE = new RollupPlan.Width(60, List.of(TimeRange.of(1, 540)));

    private static RollupPlan plan(long from, long to, long step, long length, RollupPlan.Width... widths) {
        return RollupPlan.of(
                List.of(widths), new Spans(new Steps(from, step, (int) ((to - from) / step) + 1), length), false);
    }

    private static RollupPlan.Segment segment(long width, long from, long to) {
        return new RollupPlan.Segment(width, from, to);
    }

    @Test
    void windowsOfWholeBucketsAreMadeOfTheWidest() {
        assertThat(plan(120, 600, 60, 120, NARROW, WIDE).segments())
                .containsExactly(segment(60, 1, 540), segment(10, 541, 590));
    }

    @Test
    void theNarrowestIsCutLeast() {
        assertThat(plan(301, 361, 10, 100, NARROW, WIDE).segments())
                .containsExactly(segment(60, 1, 180), segment(10, 191, 590));
    }

    @Test
    void widthsMeetWhereAWindowWouldHaveAGap() {
        RollupPlan plan = plan(241, 361, 10, 100, NARROW, WIDE);
        assertThat(plan.segments()).containsExactly(segment(60, 1, 240), segment(10, 241, 590));
        assertThat(plan.uncovered(TimeRange.of(1, 600))).containsExactly(TimeRange.of(591, 600));
    }

    @Test
    void widthsMeetBehindTheNarrowToo() {
        RollupPlan.Width before = new RollupPlan.Width(10, List.of(TimeRange.of(1, 190)));
        assertThat(plan(95, 395, 10, 100, before, WIDE).segments())
                .containsExactly(segment(10, 1, 180), segment(60, 181, 540));
    }

    @Test
    void aNarrowRangeWithinABucketGivesWay() {
        RollupPlan.Width within = new RollupPlan.Width(10, List.of(TimeRange.of(191, 210)));
        assertThat(plan(95, 395, 10, 100, within, WIDE).segments())
                .containsExactly(segment(60, 1, 180), segment(60, 181, 540));
    }

    @Test
    void noBucketIsTakenThatIsNotThere() {
        RollupPlan.Width old = new RollupPlan.Width(60, List.of(TimeRange.of(1, 180)));
        RollupPlan plan = plan(241, 361, 10, 100, NARROW, old);
        assertThat(plan.segments()).containsExactly(segment(60, 1, 180), segment(10, 191, 590));
        assertThat(plan.uncovered(TimeRange.of(1, 590))).containsExactly(TimeRange.of(181, 190));
    }

    @Test
    void widthsThatAreNoMultiplesLeaveLittleOut() {
        RollupPlan.Width odd = new RollupPlan.Width(25, List.of(TimeRange.of(1, 300)));
        assertThat(plan(193, 393, 10, 50, NARROW, odd).segments())
                .containsExactly(segment(25, 1, 200), segment(10, 201, 590));
        assertThat(plan(193, 393, 10, 50, new RollupPlan.Width(10, List.of(TimeRange.of(211, 590))), odd)
                        .segments())
                .containsExactly(segment(25, 1, 225), segment(10, 231, 590));
    }
}
