/**
 * Growable arrays outside the heap: what the head keeps of each series and sample. They grow by slabs, so nothing is
 * copied and what was published never moves.
 *
 * <p>Entry: {@link io.varve.core.slab.SlabMemory}, which counts the bytes of one owner. Imported by {@code core.head}
 * alone. Each array has one writer; which readers may look where is said by whoever publishes an index.
 */
@NullMarked
package io.varve.core.slab;

import org.jspecify.annotations.NullMarked;
