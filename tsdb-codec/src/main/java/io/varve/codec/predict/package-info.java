/**
 * Predictors: how a page's integers become small residuals, and the choice of the one that leaves the smallest.
 *
 * <p>Imported by {@code codec} alone. No threads of its own. Format: docs/format/page.md, "Predictors".
 */
@NullMarked
package io.varve.codec.predict;

import org.jspecify.annotations.NullMarked;
