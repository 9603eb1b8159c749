/**
 * Relabelling: rules that change, keep or drop label sets, as Prometheus has them for targets, scraped samples, alerts
 * and receivers. Entry: {@link io.varve.server.relabel.Relabeling}.
 *
 * <p>Pure: no input or output, no threads, no clock. Imported by configuration, scraping and rules; imports the model
 * alone. Values are immutable and used by any thread. The rules are described in docs/scraping.md.
 */
@NullMarked
package io.varve.server.relabel;

import org.jspecify.annotations.NullMarked;
