/**
 * How the server feels: every limit in force with its use, when those that fill up will be full, and the state of each
 * part with its reason.
 *
 * <p>Entry: {@link io.varve.server.health.Health} and {@link io.varve.server.health.Limits}. Imported by the process'
 * entry and by the rooms whose limits and health are told; imports none of the server's rooms. Looks are taken once a
 * second on the scheduler of the entry, and by whoever asks.
 */
@NullMarked
package io.varve.server.health;

import org.jspecify.annotations.NullMarked;
