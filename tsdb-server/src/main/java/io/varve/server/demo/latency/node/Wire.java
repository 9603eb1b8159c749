package io.varve.server.demo.latency.node;

/** The kinds of messages between the processes, and what stands in them. */
public final class Wire {

    // ---- processor and log

    /** To the log: request 8, length of the stamps 1, stamps ({@code StageHeader}), the command. */
    static final int APPEND = 1;

    /**
     * To the processor, for several commands in the order in which they came: their number 4, whether they were
     * appended 1, first position in the log 8, when they were committed by the log's clock 8.
     */
    static final int APPENDED = 2;

    /** Either way: a probe of the other's clock, or the answer ({@code ClockWire}). */
    static final int CLOCK = 3;

    // ---- client and metadata store

    /** To the store: operation 1, expected version 8, length of the key 2, key, value. */
    static final int METADATA = 4;

    /** To the client: whether it was done 1, version of the key 8, version of all metadata 8. */
    static final int METADATA_DONE = 5;

    // ---- a node and the command that started it

    /** To the command, once: name of the node 1 (the role), port for appends 4, port for metadata 4. */
    public static final int HELLO = 16;

    /** To the command, every second: a {@link NodeReport}. */
    public static final int REPORT = 17;

    /** To the command, every second: what {@link StoreOverWire} is written. */
    public static final int SAMPLES = 18;

    /** To a node, once: port of the log for appends 4, for metadata 4. */
    public static final int PEERS = 19;

    /** To a node: number of the fault 1, whether it is on 1. */
    public static final int FAULT = 20;

    /** Longest command. */
    static final int MAX_COMMAND = 1 << 16;

    private Wire() {}
}
