package io.varve.server.demo.latency.node;

import java.io.IOException;

/** Threads of a node. A node that has lost a thread is of no use: it says why and ends. */
final class NodeThreads {

    private NodeThreads() {}

    /** What a thread does, until the process ends. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Starts a thread. */
    static void start(String name, Work work) {
        Thread thread = new Thread(() -> guarded(name, work), name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void guarded(String name, Work work) {
        try {
            work.run();
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            System.err.println("the thread " + name + " ended: " + e);
            e.printStackTrace();
        }
        Runtime.getRuntime().halt(1);
    }
}
