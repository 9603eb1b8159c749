/**
 * Where targets come from and what they are: groups of the configuration, files that name them, relabelling.
 *
 * <p>Entry: {@link io.varve.server.scrape.discovery.TargetBuilder} for what a target is,
 * {@link io.varve.server.scrape.discovery.FileTargets} for files, which one thread reads. Values are immutable.
 */
@NullMarked
package io.varve.server.scrape.discovery;

import org.jspecify.annotations.NullMarked;
