package io.varve.core;

import org.jspecify.annotations.Nullable;

/**
 * How one part of a shard feels at one moment.
 *
 * @param part which part
 * @param state how it is
 * @param reason why it is not well, or null if it is
 */
public record TsdbCondition(Part part, State state, @Nullable String reason) {

    /** What of a shard is looked at. */
    public enum Part {
        /** Whether samples are taken. */
        WRITING,
        /** Whether what is taken can be made durable. */
        LOG,
        /** Whether blocks are sealed and merged. */
        UPKEEP,
        /** Whether what is old expires. */
        RETENTION,
        /** Whether the head has room. */
        MEMORY
    }

    /** From well to unwell. */
    public enum State {
        /** Does all of its work. */
        OK,
        /** Goes on, but needs a look. */
        DEGRADED,
        /** Does not do its work. */
        FAILED
    }

    static TsdbCondition ok(Part part) {
        return new TsdbCondition(part, State.OK, null);
    }

    static TsdbCondition degraded(Part part, String reason) {
        return new TsdbCondition(part, State.DEGRADED, reason);
    }

    static TsdbCondition failed(Part part, String reason) {
        return new TsdbCondition(part, State.FAILED, reason);
    }

    /** Failed for a reason, or well if there is none. */
    static TsdbCondition failedIf(Part part, @Nullable String reason) {
        return reason == null ? ok(part) : failed(part, reason);
    }
}
