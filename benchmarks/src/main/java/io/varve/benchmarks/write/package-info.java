/**
 * Benchmarks of the doors that samples come by.
 *
 * <p>Entry: the classes themselves, by JMH. Imported by nobody.
 */
@NullMarked
package io.varve.benchmarks.write;

import org.jspecify.annotations.NullMarked;
