/**
 * The nodes of the latency demo, each a process of its own: a partition processor, and a log with its sequencer and a
 * metadata store. They are the watched system; all they know of Varve is the telemetry kit and where to send what it
 * has.
 *
 * <p>Entry: {@link io.varve.server.demo.latency.node.NodeMain}. Imported by {@code server.demo.latency} alone. A node
 * makes its own daemon threads; its main thread waits for the command that started it, and ends with it.
 */
@NullMarked
package io.varve.server.demo.latency.node;

import org.jspecify.annotations.NullMarked;
