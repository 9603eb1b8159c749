/**
 * The time of other nodes: what a peer's clock shows compared with one's own, and how sure that is.
 *
 * <p>Entry: {@link io.varve.core.telemetry.clock.ClockBook}, the peers of a node, each a {@link
 * io.varve.core.telemetry.clock.PeerClock} fed by four-stamp exchanges. May be imported by every room above the
 * codec; imports the kit alone, for its gauges. Recording may happen on any thread, readers take no lock, no thread
 * is started here. Wire form and reasoning: docs/telemetry-clocks.md.
 */
@NullMarked
package io.varve.core.telemetry.clock;

import org.jspecify.annotations.NullMarked;
