package io.varve.core.fs;

import java.util.List;

/** What can be wrong with a directory, while files of it that are open can still be written. */
public enum PathFault {
    /** No further file can be opened. */
    TOO_MANY_FILES("Too many open files"),
    /** No name can be added or taken away. */
    READ_ONLY("Read-only file system"),
    /** The directory is not there, as when what it is mounted from went away. */
    LOST("No such file or directory");

    private final String message;

    PathFault(String message) {
        this.message = message;
    }

    /** Whether a call, named by what it does first, fails. */
    boolean hits(String call) {
        if (call.startsWith("create directory ") || call.startsWith("truncate ")) {
            return false;
        }
        return this == LOST || calls().stream().anyMatch(call::startsWith);
    }

    private List<String> calls() {
        return this == READ_ONLY
                ? List.of("create ", "rename ", "link ", "delete ", "open ")
                : List.of("create ", "open ", "read ", "map ", "list ", "force directory ", "lock ");
    }

    String message() {
        return message;
    }
}
