/**
 * Where the cause of an alert shows: the stage of a pipeline that takes longer than it did, its node, and exemplars of
 * what met it, as a store has them.
 *
 * <p>Entry: {@link io.varve.server.rules.locate.StoreLocator}. Imported by {@code io.varve.server} alone, which gives
 * it to the rules. Runs in the threads that evaluate rules. What it adds to alerts is described in docs/alerting.md.
 */
@NullMarked
package io.varve.server.rules.locate;

import org.jspecify.annotations.NullMarked;
