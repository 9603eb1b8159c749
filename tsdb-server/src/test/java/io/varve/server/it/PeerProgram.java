package io.varve.server.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** A foreign program that a test talks to. Without it the test does not run and says so; in CI that is a failure. */
final class PeerProgram {

    private PeerProgram() {}

    /** The program's path; ends the test if it is not installed. */
    static Path require(String name) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            Path candidate = Path.of(directory, name);
            if (!directory.isEmpty() && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        String message = "NOT RUN: " + name + " is not installed (Debian: apt-get install " + name + ")";
        System.out.println(message);
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError(message + "; in CI it must be");
        }
        assumeTrue(false, message);
        throw new AssertionError("unreachable");
    }
}
