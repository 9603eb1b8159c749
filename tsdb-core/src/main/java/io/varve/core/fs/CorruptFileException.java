package io.varve.core.fs;

import java.io.IOException;

/** Bytes of a file are not what they must be. Carries what a person needs to look at the place. */
public class CorruptFileException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String path;
    private final long offset;

    /**
     * Damage at a place.
     *
     * @param path the file
     * @param offset byte offset of the damage
     * @param expected what must stand there
     * @param found what stands there
     */
    public CorruptFileException(String path, long offset, String expected, String found) {
        super("corrupt file: path=" + path + ", offset=" + offset + ", expected " + expected + ", found " + found);
        this.path = path;
        this.offset = offset;
    }

    /** The damaged file. */
    public String path() {
        return path;
    }

    /** Byte offset of the damage. */
    public long offset() {
        return offset;
    }
}
