package io.varve.core;

import io.varve.core.fs.FileCopy;
import io.varve.core.fs.FileSystem;
import java.io.IOException;

/**
 * Where damaged files of a shard lie until somebody has looked at them: {@value #DIRECTORY}. Nothing deletes them. Of
 * files of one name the last that came is there.
 */
record Quarantine(FileSystem files) {

    static final String DIRECTORY = "quarantine";

    /** Where a file would lie. */
    static String pathOf(String path) {
        return DIRECTORY + "/" + path.substring(path.lastIndexOf('/') + 1);
    }

    /** Moves a file here; returns its new path. */
    String move(String path) throws IOException {
        String aside = pathOf(path);
        files.createDirectories(DIRECTORY);
        files.rename(path, aside);
        files.forceDirectory(DIRECTORY);
        files.forceDirectory(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
        return aside;
    }

    /** Copies or links a file here; durable when it returns. */
    void copy(String path) throws IOException {
        String aside = pathOf(path);
        files.createDirectories(DIRECTORY);
        files.delete(aside); // of one that did not come to its end
        if (!files.link(path, files, aside)) {
            FileCopy.copy(files, path, files, aside);
        }
        files.forceDirectory(DIRECTORY);
    }
}
