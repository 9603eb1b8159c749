package io.varve.core.storage;

/**
 * What has happened to a batch when its commit is acknowledged. In every case the samples can be queried by then;
 * readers may also see them before.
 */
public enum Durability {
    /**
     * Applied in memory. Lost if the process ends: everything since the last force, which the engine issues at most
     * every 100 ms for such batches.
     */
    MEMORY,
    /** Handed to the operating system's page cache. Survives the end of the process, not that of the machine. */
    WRITTEN,
    /** On the disk: the log's force has returned. Survives kill -9 and power loss. */
    SYNCED
}
