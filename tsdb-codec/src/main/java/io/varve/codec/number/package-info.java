/**
 * Number modes: how a page's doubles become integers and come back bit for bit.
 *
 * <p>Imported by {@code codec} alone. No threads of its own. Format: docs/format/page.md, "Number modes".
 */
@NullMarked
package io.varve.codec.number;

import org.jspecify.annotations.NullMarked;
