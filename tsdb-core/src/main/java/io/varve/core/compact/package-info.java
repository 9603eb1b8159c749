/**
 * What happens to sealed blocks: which are merged, what has expired, and what is old enough to go.
 *
 * <p>Entry: {@link io.varve.core.compact.MergePlanner} for merges, {@link io.varve.core.compact.RetentionPolicy} for
 * retention. Imported by {@code core} and {@code core.read}. Pure: no files, no threads, no clock.
 */
@NullMarked
package io.varve.core.compact;

import org.jspecify.annotations.NullMarked;
