package io.varve.codec.predict;

/**
 * What is taken from each integer before it is stored. The ids stand in files and never change.
 *
 * <p>Arithmetic wraps at 64 bits in both directions, so that every integer comes back.
 */
public enum Predictor {
    /** Nothing but the origin. */
    NONE(0),
    /** The integer before, and a base. */
    DELTA(1),
    /** The integer before, the difference before, and a base. */
    DELTA_OF_DELTA(2),
    /** A grid of one step from the origin. */
    GRID(3);

    private static final Predictor[] BY_ID = values();

    private final int id;

    Predictor(int id) {
        this.id = id;
    }

    /** The id in files. */
    public int id() {
        return id;
    }

    /** Whether an id is known. */
    public static boolean isKnown(int id) {
        return id >= 0 && id < BY_ID.length;
    }

    /** The predictor of a known id. */
    public static Predictor byId(int id) {
        return BY_ID[id];
    }

    /** Leading integers that the parameters give, so that they have no residual. */
    public int given() {
        return switch (this) {
            case NONE, GRID -> 0;
            case DELTA -> 1;
            case DELTA_OF_DELTA -> 2;
        };
    }
}
