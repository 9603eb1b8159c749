/** Benchmarks of the page codec: decoding and encoding of several data shapes beside an array copy. */
@NullMarked
package io.varve.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
