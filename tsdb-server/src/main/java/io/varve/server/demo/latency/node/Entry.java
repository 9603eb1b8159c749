package io.varve.server.demo.latency.node;

/** A command in a node: what it says, its request and its stamps. Used again and again; one thread after another. */
final class Entry {

    final long[] stamps;
    final byte[] command = Commands.create();
    long request;

    /** What the client is told. */
    byte[] answer = {};

    Entry(int stampCount) {
        stamps = new long[stampCount];
    }
}
