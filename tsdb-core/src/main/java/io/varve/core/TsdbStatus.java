package io.varve.core;

import org.jspecify.annotations.Nullable;

/**
 * What a store holds and how it feels, at one moment.
 *
 * @param ready whether every acknowledged sample can be queried
 * @param readOnly why writes are refused at the moment, or null if they are taken
 * @param series series in the head
 * @param blocks sealed blocks
 * @param samples samples in blocks and head; deleted ones count until they are taken out of the blocks
 * @param blockBytes bytes of all blocks on disk
 * @param blockSamples samples in blocks, counted in the same way
 * @param walBytes bytes of the log on disk
 * @param headBytes memory of the head
 * @param oldestTime ticks of the oldest sample, or {@link Long#MAX_VALUE} if there is none
 * @param newestTime ticks of the newest sample, or {@link Long#MIN_VALUE} if there is none
 * @param retentionWaits why nothing more expires at the moment, or null if it does as configured
 */
public record TsdbStatus(
        boolean ready,
        @Nullable String readOnly,
        long series,
        int blocks,
        long samples,
        long blockBytes,
        long blockSamples,
        long walBytes,
        long headBytes,
        long oldestTime,
        long newestTime,
        @Nullable String retentionWaits) {

    /** This and what another shard of the store holds. */
    TsdbStatus and(TsdbStatus other) {
        return new TsdbStatus(
                ready && other.ready,
                readOnly != null ? readOnly : other.readOnly,
                series + other.series,
                blocks + other.blocks,
                samples + other.samples,
                blockBytes + other.blockBytes,
                blockSamples + other.blockSamples,
                walBytes + other.walBytes,
                headBytes + other.headBytes,
                Math.min(oldestTime, other.oldestTime),
                Math.max(newestTime, other.newestTime),
                retentionWaits != null ? retentionWaits : other.retentionWaits);
    }
}
