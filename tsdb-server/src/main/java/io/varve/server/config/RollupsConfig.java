package io.varve.server.config;

import io.varve.core.model.RetentionRule;
import io.varve.core.model.RollupRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads which aggregates are kept for longer than samples. */
final class RollupsConfig {

    /** From this width on a sketch is small beside the samples, so there is one unless it is refused. */
    private static final Duration SKETCHED = Duration.ofHours(1);

    private RollupsConfig() {}

    /**
     * Rollups as they were written.
     *
     * @param time age at which samples expire; zero keeps them
     * @param rules ages of the samples of some series
     */
    static List<RollupRule> from(ConfigValues values, Duration time, List<RetentionRule> rules) {
        List<RollupRule> rollups = new ArrayList<>();
        for (ConfigValues.WrittenRollup written : values.rollups()) {
            RollupRule rollup = rollup(written);
            for (int i = 0; i < rollups.size(); i++) {
                if (rollups.get(i).width().equals(rollup.width())) {
                    throw new ConfigException(written.where() + ".width: contradicts " + ConfigKeys.ROLLUPS + "[" + i
                            + "], which has the same width: " + written.width());
                }
            }
            requireLonger(written, rollup, time, rules);
            rollups.add(rollup);
        }
        return rollups;
    }

    private static RollupRule rollup(ConfigValues.WrittenRollup written) {
        Duration width = duration(written, "width", written.width());
        boolean sketch =
                switch (written.sketch()) {
                    case "" -> width.compareTo(SKETCHED) >= 0;
                    case "true", "yes", "on" -> true;
                    case "false", "no", "off" -> false;
                    default ->
                        throw new ConfigException(
                                written.where() + ".sketch: must be true or false: " + written.sketch());
                };
        try {
            return new RollupRule(width, duration(written, "time", written.time()), sketch);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(written.where() + ": " + e.getMessage());
        }
    }

    private static Duration duration(ConfigValues.WrittenRollup written, String key, String text) {
        Duration duration;
        try {
            duration = Quantity.duration(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(written.where() + "." + key + ": " + e.getMessage());
        }
        if (duration.compareTo(RetentionConfig.LONGEST) > 0) {
            throw new ConfigException(
                    written.where() + "." + key + ": must be at most " + Quantity.describe(RetentionConfig.LONGEST));
        }
        return duration;
    }

    /** Rollups that no series would have are a mistake. */
    private static void requireLonger(
            ConfigValues.WrittenRollup written, RollupRule rollup, Duration time, List<RetentionRule> rules) {
        List<Duration> ages = new ArrayList<>(List.of(time));
        rules.forEach(rule -> ages.add(rule.time()));
        boolean outlives = ages.stream()
                .anyMatch(age -> !age.isZero()
                        && (rollup.time().isZero() || rollup.time().compareTo(age) > 0));
        if (!outlives) {
            throw new ConfigException(written.where() + ".time: no samples expire before "
                    + (rollup.time().isZero() ? "these rollups" : written.time())
                    + ", so none would be rolled up: set retention.time to less, or remove the rollup");
        }
    }
}
