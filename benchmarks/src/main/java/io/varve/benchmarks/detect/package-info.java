/**
 * What the anomaly detectors find and cost: the Numenta Anomaly Benchmark over a directory of labelled series ({@link
 * io.varve.benchmarks.detect.NabBenchmark}, run by {@code benchmarks/nab}), and nanoseconds a sample.
 */
@NullMarked
package io.varve.benchmarks.detect;

import org.jspecify.annotations.NullMarked;
