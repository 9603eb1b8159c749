/**
 * Which series have which labels: symbol tables, postings, and the selection of series by matchers.
 *
 * <p>Entry: {@link io.varve.core.index.PostingsSelector} over a {@link io.varve.core.index.LabelIndex}. Imported by the
 * rooms that hold series (head, block) and by the store itself. No threads of its own: a reading thread passes through.
 * Format document: {@code docs/format/block.md}, sections symbols and postings.
 */
@NullMarked
package io.varve.core.index;

import org.jspecify.annotations.NullMarked;
