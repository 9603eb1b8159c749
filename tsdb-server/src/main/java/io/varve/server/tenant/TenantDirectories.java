package io.varve.server.tenant;

import io.varve.server.config.TenantName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the stores of tenants lie: each in a directory of its name below one. Only names that were checked come here.
 * What is no directory of its own there, a symbolic link above all, is never followed.
 */
final class TenantDirectories {

    private static final Logger LOG = LoggerFactory.getLogger(TenantDirectories.class);

    private final Path root;

    TenantDirectories(Path root) {
        this.root = root;
    }

    /** Names of the tenants that have a directory, sorted; what else lies there is told of in the log. */
    SortedSet<String> names() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        if (!Files.isDirectory(root)) {
            return names;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                        || name.equals(TenantName.DEFAULT)
                        || !TenantName.refusal(name).isEmpty()) {
                    LOG.warn("not a tenant's directory, left alone: {}", entry);
                } else {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /**
     * The directory of a tenant, which is there or can be made.
     *
     * @throws IOException if something else lies there
     */
    Path of(String name) throws IOException {
        Path directory = root.resolve(name);
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)
                && !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(directory + " is no directory: a link is not followed; move away what lies there");
        }
        return directory;
    }
}
