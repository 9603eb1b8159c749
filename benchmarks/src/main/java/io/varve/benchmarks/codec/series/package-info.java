/** Where the series of the codec's benchmarks come from: files, shapes of values, patterns of times. */
@NullMarked
package io.varve.benchmarks.codec.series;

import org.jspecify.annotations.NullMarked;
