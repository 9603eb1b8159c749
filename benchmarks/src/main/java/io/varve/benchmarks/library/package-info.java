/**
 * The engine inside the process: how many samples a CPU second takes ({@link
 * io.varve.benchmarks.library.AppendThroughput}), and how long a commit waits while blocks are merged ({@link
 * io.varve.benchmarks.library.AppendLatency}). Programs of their own, since what counts is the CPU time of the whole
 * process and the latency of each commit. One thread commits.
 */
@NullMarked
package io.varve.benchmarks.library;

import org.jspecify.annotations.NullMarked;
