package io.varve.core.fs;

import java.io.IOException;

/** A file is sound but of a format version that this program does not read: too old or too new. */
public final class UnsupportedFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String path;
    private final int found;
    private final int oldest;
    private final int newest;

    /**
     * A version outside of what is supported.
     *
     * @param path the file
     * @param found version of the file
     * @param oldest oldest version that is read
     * @param newest newest version that is read
     */
    public UnsupportedFormatException(String path, int found, int oldest, int newest) {
        this(
                "cannot read " + path + ": its format is too " + (found > newest ? "new" : "old") + ": version=" + found
                        + ", supported=" + oldest + ".." + newest,
                path,
                found,
                oldest,
                newest);
    }

    private UnsupportedFormatException(String message, String path, int found, int oldest, int newest) {
        super(message);
        this.path = path;
        this.found = found;
        this.oldest = oldest;
        this.newest = newest;
    }

    /**
     * A file of a supported version that holds a part which must be understood and is not known: written by a newer
     * program.
     *
     * @param path the file
     * @param part what is not known
     * @param version version of the file
     */
    public static UnsupportedFormatException unknownPart(String path, String part, int version) {
        return new UnsupportedFormatException(
                "cannot read " + path + ": its format is too new: it needs " + part
                        + ", which this version does not know",
                path,
                version,
                version,
                version);
    }

    /** The file. */
    public String path() {
        return path;
    }

    /** Version of the file. */
    public int found() {
        return found;
    }

    /** Oldest version that is read. */
    public int oldest() {
        return oldest;
    }

    /** Newest version that is read. */
    public int newest() {
        return newest;
    }

    /** Whether a newer program wrote the file; otherwise it is from before the oldest supported version. */
    public boolean tooNew() {
        return found >= oldest;
    }
}
