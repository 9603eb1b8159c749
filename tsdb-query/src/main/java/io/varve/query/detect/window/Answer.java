package io.varve.query.detect.window;

/** What a function tells of a level and a scale. */
public enum Answer {
    /** How many scales the newest sample lies above the level; nothing for NaN. */
    SCORE,
    /** The level. */
    BASELINE,
    /** The level less so many scales. */
    LOWER,
    /** The level and so many scales more. */
    UPPER;

    /** The value of a band or baseline at some scales from the level. */
    double band(double location, double scale, double k) {
        return switch (this) {
            case LOWER -> location - k * scale;
            case UPPER -> location + k * scale;
            default -> location;
        };
    }

    /** The scales for a step; one for all, or none for an answer that takes none. */
    static double at(double[] k, int step) {
        return k.length == 0 ? 0 : k[step];
    }
}
