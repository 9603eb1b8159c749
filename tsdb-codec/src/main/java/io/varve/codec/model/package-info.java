/**
 * Coding models: number form, predictor and bins that many pages share, so that short pages need no tables of their
 * own. Entry: {@link io.varve.codec.model.CodingModel}; {@link io.varve.codec.model.ModelTrainer} makes one.
 *
 * <p>Imported by {@code codec} and by whoever stores pages in groups. No threads of its own. Format:
 * docs/format/page.md, "Coding models".
 */
@NullMarked
package io.varve.codec.model;

import org.jspecify.annotations.NullMarked;
