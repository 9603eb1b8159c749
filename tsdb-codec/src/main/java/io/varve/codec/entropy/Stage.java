package io.varve.codec.entropy;

/** How residuals become bytes. The ids stand in files and never change. */
public enum Stage {
    /** All are zero, but for patches. */
    ZERO(0),
    /** Packed in blocks, each in the width of its largest. */
    PACKED(1),
    /** Low bits packed; the others in planes of bytes, each compressed if that helps. */
    PLANES(2),
    /** Low bits packed; the others as codes of bins with plain bits, by a table of the column's own. */
    BINS(3),
    /** As bins, with one of up to four codes, which the bin before chooses. */
    CONTEXTS(4);

    private static final Stage[] BY_ID = values();

    private final int id;

    Stage(int id) {
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

    /** The stage of a known id. */
    public static Stage byId(int id) {
        return BY_ID[id];
    }
}
