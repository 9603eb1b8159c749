/**
 * Benchmarks of the page codec. JMH classes measure the decoding and encoding of several data shapes beside an array
 * copy; {@link io.varve.benchmarks.codec.CodecTable} prints sizes and speeds of whole series.
 */
@NullMarked
package io.varve.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
