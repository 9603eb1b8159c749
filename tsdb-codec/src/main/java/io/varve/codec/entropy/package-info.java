/**
 * Entropy stages: how a page's residuals become bytes.
 *
 * <p>Imported by {@code codec} alone. No threads of its own. Format: docs/format/page.md, "Stages".
 */
@NullMarked
package io.varve.codec.entropy;

import org.jspecify.annotations.NullMarked;
