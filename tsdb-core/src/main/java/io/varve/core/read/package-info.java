/**
 * Reading across blocks and head as if they were one: pinned views, merged series, merged samples.
 *
 * <p>Entry: {@link io.varve.core.read.View} and {@link io.varve.core.read.StoreQuerier}. Imported by {@code core} and
 * {@code core.compact}. A view may be pinned by any thread; a querier belongs to one.
 */
@NullMarked
package io.varve.core.read;

import org.jspecify.annotations.NullMarked;
