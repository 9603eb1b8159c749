package io.varve.core.model;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Aggregates of one width that are kept longer than the samples they are made from.
 *
 * @param width span of a bucket, a second to 366 days in whole milliseconds; buckets are (k·width, (k+1)·width]
 * @param time age at which buckets expire, more than the width; zero keeps them for ever
 * @param sketch whether each bucket has a sketch of its values too, which percentiles are answered from
 */
public record RollupRule(Duration width, Duration time, boolean sketch) {

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofDays(366);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    /** Checks. */
    public RollupRule {
        if (width.compareTo(LEAST) < 0 || width.compareTo(MOST) > 0 || width.toNanos() % 1_000_000 != 0) {
            throw new IllegalArgumentException(
                    "the width of a rollup is a second to 366 days in whole milliseconds: width=" + width);
        }
        if (!time.isZero() && time.compareTo(width) <= 0) {
            throw new IllegalArgumentException(
                    "rollups are kept for longer than a bucket is wide: time=" + time + ", width=" + width);
        }
    }

    /** One bucket an hour, with a sketch. */
    public static RollupRule hourly(Duration time) {
        return new RollupRule(HOUR, time, true);
    }

    /** One bucket in five minutes, without a sketch, which would take most of what the samples take. */
    public static RollupRule fiveMinutes(Duration time) {
        return new RollupRule(FIVE_MINUTES, time, false);
    }

    /**
     * The rules themselves.
     *
     * @throws IllegalArgumentException if two of them have one width
     */
    public static List<RollupRule> distinct(List<RollupRule> rules) {
        Set<Duration> widths = new HashSet<>();
        for (RollupRule rule : rules) {
            if (!widths.add(rule.width())) {
                throw new IllegalArgumentException("one rollup of a width: width=" + rule.width());
            }
        }
        return List.copyOf(rules);
    }
}
