/**
 * What happens to sealed blocks: which are merged, and which are old enough to go.
 *
 * <p>Entry: {@link io.varve.core.compact.MergePlanner}. Imported by {@code core}. Pure: no files, no threads, no clock.
 */
@NullMarked
package io.varve.core.compact;

import org.jspecify.annotations.NullMarked;
