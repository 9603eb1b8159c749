package io.varve.core.fs;

import java.io.IOException;
import java.nio.file.Path;

/** A process that tries to lock a store and prints how that went. Started without any flag. */
final class LockProbe {

    private LockProbe() {}

    public static void main(String[] args) throws IOException {
        try (DiskFileSystem fs = DiskFileSystem.open(Path.of(args[0]))) {
            fs.lock("LOCK");
            System.out.println("locked it");
        } catch (StoreLockedException e) {
            System.out.println(e.getMessage());
        }
    }
}
