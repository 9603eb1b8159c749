package io.varve.codec;

/** How hard an encoder looks for the smallest page. What it writes is the same format. */
public enum Effort {
    /** Packed bits alone: for pages of the last minutes, encoded while they are hot. */
    FAST,
    /** All number modes, predictors and stages: for pages that are written once and kept. */
    BEST
}
