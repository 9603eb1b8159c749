/**
 * Benchmarks of the head: what a sample costs to apply and to read, and what it takes in memory.
 *
 * <p>Entry: the classes themselves, {@link io.varve.benchmarks.head.HeadApplyBenchmark} and
 * {@link io.varve.benchmarks.head.HeadReadBenchmark} by JMH, {@link io.varve.benchmarks.head.HeadSize} by its main.
 * Imported by nobody.
 */
@NullMarked
package io.varve.benchmarks.head;

import org.jspecify.annotations.NullMarked;
