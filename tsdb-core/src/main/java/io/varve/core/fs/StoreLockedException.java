package io.varve.core.fs;

import java.io.IOException;

/** Another process or another store of this process has the directory open. */
public final class StoreLockedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message which directory is locked, by which process if known, and what to do */
    public StoreLockedException(String message) {
        super(message);
    }
}
