/**
 * Columns of integers: predictor, stage and patches together. Entries: {@link io.varve.codec.column.ColumnEncoder} and
 * {@link io.varve.codec.column.ColumnDecoder}.
 *
 * <p>Imported by {@code codec} and its rooms of page kinds. No threads of its own. Format: docs/format/page.md,
 * "Columns".
 */
@NullMarked
package io.varve.codec.column;

import org.jspecify.annotations.NullMarked;
