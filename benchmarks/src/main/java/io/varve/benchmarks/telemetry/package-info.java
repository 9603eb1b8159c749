/**
 * Benchmarks of the telemetry kit: what a count, a value, a message and a merge of windows cost.
 *
 * <p>Entry: the classes themselves, by JMH. Imported by nobody.
 */
@NullMarked
package io.varve.benchmarks.telemetry;

import org.jspecify.annotations.NullMarked;
