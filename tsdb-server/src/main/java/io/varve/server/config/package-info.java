/**
 * What the server is told: one YAML file, flags that override its keys, limits, and their validation before anything
 * starts.
 *
 * <p>Entry: {@link io.varve.server.config.ServerConfig}. Imported by every other package of the server; imports of them
 * the rules of relabelling alone. Values are immutable and read by any thread. The keys are described in
 * docs/operations.md.
 */
@NullMarked
package io.varve.server.config;

import org.jspecify.annotations.NullMarked;
