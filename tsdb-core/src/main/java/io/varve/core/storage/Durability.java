package io.varve.core.storage;

/**
 * What has happened to a batch when its commit is acknowledged. In every case the samples can be queried by then;
 * readers may also see them before.
 *
 * <p>The engine forces its log at the latest 100 ms after it has written something, whatever was asked for. So what
 * a power cut can cost at the lower durabilities is bounded: what was acknowledged in the last 100 ms and during the
 * force behind them. Where the disk itself fails, the bound is what the engine keeps in memory for it: 16 MiB of log,
 * after which it refuses.
 */
public enum Durability {
    /**
     * Applied in memory. The end of the process (kill -9 included) loses at most what was not handed to the operating
     * system yet: the last 64 batches. A power cut loses, besides them, what was not forced.
     */
    MEMORY,
    /**
     * Handed to the operating system. The end of the process loses nothing; a power cut loses at most what was not
     * forced.
     */
    WRITTEN,
    /** On the disk: a force of the log has returned. Neither kill -9 nor a power cut loses anything. */
    SYNCED
}
