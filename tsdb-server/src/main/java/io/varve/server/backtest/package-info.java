/**
 * Detectors over stored history: how often an alert would have fired, and when, before a rule is written.
 *
 * <p>Entry: {@link io.varve.server.backtest.Backtest}. Imported by {@code cli} alone. Everything runs in the caller's
 * thread; a series keeps its detector and some counts, never its samples. Described in docs/anomalies.md.
 */
@NullMarked
package io.varve.server.backtest;

import org.jspecify.annotations.NullMarked;
