/**
 * The latency demo: starts the nodes of a small distributed system, takes what they measured into the server's store,
 * joins their windows, shows them, and switches faults on and off.
 *
 * <p>Entry: {@link io.varve.server.demo.latency.LatencyDemo}. Imported by the process' entry, and for its options by
 * the command line. A thread accepts the nodes' connections, one each reads them, one reads the terminal; the rest runs
 * on the scheduler that the entry hands in.
 */
@NullMarked
package io.varve.server.demo.latency;

import org.jspecify.annotations.NullMarked;
