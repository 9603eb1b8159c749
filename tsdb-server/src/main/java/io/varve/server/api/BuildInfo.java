package io.varve.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which program this is.
 *
 * @param version of the program
 * @param commit abbreviated id of the commit that it was built from, or {@code unknown}
 * @param format version of the data format that it writes
 */
public record BuildInfo(String version, String commit, int format) {

    /** The version of files in a data directory that this program writes. */
    private static final int FORMAT = 1;

    /** What the build wrote down about itself. */
    public static BuildInfo load() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream("/io/varve/server/build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the build's properties: " + e.getMessage(), e);
        }
        return new BuildInfo(
                properties.getProperty("git.build.version", "unknown"),
                properties.getProperty("git.commit.id.abbrev", "unknown"),
                FORMAT);
    }

    /** One line: version, commit, format, Java. */
    public String line() {
        return "varve " + version + " (commit " + commit + ", format " + format + ", Java "
                + System.getProperty("java.version") + ")";
    }
}
