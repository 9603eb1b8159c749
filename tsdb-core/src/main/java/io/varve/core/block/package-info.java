/**
 * Blocks: immutable files of series, their samples and their index, written once and read through a map.
 *
 * <p>Entry: {@link io.varve.core.block.BlockWriter} and {@link io.varve.core.block.BlockReader}; {@link
 * io.varve.core.block.BlockVerifier} reads all of a block and says what is wrong with it. Imported by the store, by
 * compaction and by recovery. A writer belongs to one thread; a reader to any number, each with a {@link
 * io.varve.core.block.BlockSession} of its own. Format document: {@code docs/format/block.md}.
 */
@NullMarked
package io.varve.core.block;

import org.jspecify.annotations.NullMarked;
