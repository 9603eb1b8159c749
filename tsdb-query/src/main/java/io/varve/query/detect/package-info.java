/**
 * Anomaly detectors that read one series sample by sample: bands, seasons, changes and forests, which rules,
 * PromQL functions, back-tests and the consensus use alike.
 *
 * <p>Entry: {@link io.varve.query.detect.Detector}. A detector is memory of one series: bounded whatever comes, owned
 * by one thread, the same for the same samples on every machine. Formulas and papers stand in docs/anomalies.md.
 */
@NullMarked
package io.varve.query.detect;

import org.jspecify.annotations.NullMarked;
