package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.TsdbRuntime;
import io.varve.core.fs.StoreLockedException;
import io.varve.core.fs.UnsupportedFormatException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Opens stores, and says what to do where that fails. Stateless. */
final class StoreOpening {

    private StoreOpening() {}

    /**
     * A store, which the caller closes.
     *
     * @param name of the store in metrics
     * @throws IOException if it cannot be opened; the message names the cure
     */
    static Tsdb open(Path directory, TsdbConfig config, TsdbRuntime runtime, String name) throws IOException {
        try {
            return Tsdb.open(directory, config, runtime, name);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "cannot use " + directory
                            + ": permission denied: make it writable for this user, or choose another "
                            + "directory with --data",
                    e);
        } catch (NotDirectoryException | FileAlreadyExistsException e) {
            throw new IOException("cannot use " + directory + ": it is not a directory: choose another with --data", e);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "cannot use " + directory + ": it cannot be created: choose another directory with --data", e);
        } catch (FileSystemException e) {
            throw new IOException(
                    "cannot use " + directory + ": " + (e.getReason() == null ? e.getMessage() : e.getReason())
                            + ": choose another directory with --data",
                    e);
        } catch (UnsupportedFormatException e) {
            throw new IOException(
                    "cannot open " + directory + ": " + e.getMessage()
                            + ": start the version that wrote it, or choose another directory with --data",
                    e);
        } catch (StoreLockedException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "cannot open " + directory + ": " + e.getMessage()
                            + ": make room or repair it, or choose another directory with --data",
                    e);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "cannot open " + directory + ": " + e.getMessage()
                            + ": set resolution and shards to what the store has, or choose another directory"
                            + " with --data",
                    e);
        }
    }
}
