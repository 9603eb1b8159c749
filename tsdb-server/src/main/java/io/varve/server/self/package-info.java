/**
 * The server's metrics about itself, written every second into a store of their own, so that they enter no user's
 * query; and the periodic writer that the demo uses as well.
 *
 * <p>Entry: {@link io.varve.server.self.SelfSource}. Imported by the process' entry and {@code server.demo}. Runs on
 * the scheduler that the entry hands in; commits are answered on the engine's threads.
 */
@NullMarked
package io.varve.server.self;

import org.jspecify.annotations.NullMarked;
