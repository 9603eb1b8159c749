/**
 * The formats in which targets tell their metrics: Prometheus' text, OpenMetrics' text, protobuf. A parser hands each
 * series as the bytes that name it, with what stands behind it, to an
 * {@link io.varve.server.scrape.format.ExpositionSink}.
 *
 * <p>Entry: {@link io.varve.server.scrape.format.ExpositionParser}. Pure: bytes in, calls out. A parser serves one
 * scrape at a time. What cannot be read fails as a whole, with its line or byte.
 */
@NullMarked
package io.varve.server.scrape.format;

import org.jspecify.annotations.NullMarked;
