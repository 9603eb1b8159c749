/**
 * Benchmarks for each room, and loads for comparing whole servers.
 *
 * <p>Sees everything; nothing sees it.
 */
@NullMarked
package io.varve.benchmarks;

import org.jspecify.annotations.NullMarked;
