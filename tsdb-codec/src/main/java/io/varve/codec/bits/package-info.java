/**
 * Packing kernels and variable-length integers, and the one exception of all decoders.
 *
 * <p>Imported by every room that encodes bytes.
 */
@NullMarked
package io.varve.codec.bits;

import org.jspecify.annotations.NullMarked;
