/**
 * The consensus of several views of a series, each view a detector of its own, and how rare their scores are (ADR
 * 0039).
 *
 * <p>Entry: {@link io.varve.query.detect.consensus.ConsensusDetector}; {@link
 * io.varve.query.detect.consensus.OnsetDetector} makes one alert of each incident.
 */
@NullMarked
package io.varve.query.detect.consensus;

import org.jspecify.annotations.NullMarked;
