package io.varve.core.storage;

import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;

/**
 * Data that an answer misses because it is damaged.
 *
 * @param series number of series that miss something, or -1 if that is not known
 * @param range the ticks in which they may miss it
 * @param cause what is damaged and where
 */
public record Hole(long series, TimeRange range, String cause) {

    /** What a reader of an answer is told: how many series miss something, when, and why. */
    public String describe(Resolution resolution) {
        if (series < 0) {
            return "answer may miss data: " + cause;
        }
        return "answer misses data of " + series + " series between " + resolution.instant(range.from()) + " and "
                + resolution.instant(range.to()) + ": " + cause;
    }
}
