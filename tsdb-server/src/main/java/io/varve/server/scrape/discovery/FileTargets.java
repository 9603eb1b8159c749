package io.varve.server.scrape.discovery;

import io.varve.server.config.ConfigException;
import io.varve.server.config.ScrapeConfig.FileDiscovery;
import io.varve.server.config.ScrapeConfig.Group;
import io.varve.server.config.TargetFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Files that name targets, read again when they change. A file that cannot be read keeps the targets that it had, which
 * is told once, until it can be read again; one that is gone has none. One thread at a time.
 */
public final class FileTargets {

    /** Bytes of a file at most. */
    public static final int LARGEST = 16 << 20;

    private static final int MOST_FILES = 1_000;

    private final FileDiscovery discovery;
    private final Consumer<String> problems;
    private Map<Path, Known> files = new LinkedHashMap<>();

    /**
     * What is known of a file.
     *
     * @param stamp what tells whether it changed
     * @param groups targets of its last good reading
     * @param problem what is wrong with it now, null if nothing is
     */
    private record Known(String stamp, List<Group> groups, @Nullable String problem) {}

    /**
     * Files that were not read yet.
     *
     * @param problems hears of each problem when it comes up
     */
    public FileTargets(FileDiscovery discovery, Consumer<String> problems) {
        this.discovery = discovery;
        this.problems = problems;
    }

    /**
     * Looks at the files again.
     *
     * @param all whether files are read that seem not to have changed
     * @return whether there may be other targets
     */
    public boolean look(boolean all) {
        Map<Path, Known> next = new LinkedHashMap<>();
        for (Path path : paths()) {
            next.put(path, known(path, files.get(path), all));
        }
        boolean changed = !next.equals(files);
        files = next;
        return changed;
    }

    /** Targets of all files; each with the label that names its file. */
    public List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        files.forEach((path, known) -> known.groups.forEach(group -> {
            Map<String, String> labels = new HashMap<>(group.labels());
            labels.put("__meta_filepath", path.toString());
            groups.add(new Group(group.targets(), labels));
        }));
        return groups;
    }

    private Known known(Path path, @Nullable Known before, boolean all) {
        String stamp = "";
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            stamp = attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
            if (before != null && !all && before.stamp.equals(stamp)) {
                return before;
            }
            if (attributes.size() > LARGEST) {
                throw new ConfigException(path + ": larger than " + LARGEST + " bytes");
            }
            String text = Files.readString(path, StandardCharsets.UTF_8);
            return new Known(stamp, TargetFile.parse(text, path.toString(), LARGEST), null);
        } catch (ConfigException e) {
            return broken(stamp, before, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return broken(stamp, before, path + ": " + e.getClass().getSimpleName());
        }
    }

    private Known broken(String stamp, @Nullable Known before, String problem) {
        if (before == null || !problem.equals(before.problem)) {
            problems.accept(problem);
        }
        return new Known(stamp, before == null ? List.of() : before.groups, problem);
    }

    private Set<Path> paths() {
        Set<Path> paths = new TreeSet<>();
        for (String pattern : discovery.patterns()) {
            Path path = discovery.directory().resolve(pattern).normalize();
            Path parent = path.getParent();
            Path name = path.getFileName();
            if (!pattern.contains("*")) {
                if (Files.exists(path)) {
                    paths.add(path);
                }
            } else if (parent != null && name != null) {
                matching(parent, name.toString(), paths);
            }
        }
        return paths;
    }

    private void matching(Path directory, String pattern, Set<Path> paths) {
        PathMatcher fits = directory.getFileSystem().getPathMatcher("glob:" + pattern);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (paths.size() >= MOST_FILES) {
                    problems.accept(directory.resolve(pattern) + ": more than " + MOST_FILES + " files");
                    return;
                }
                if (fits.matches(entry.getFileName())) {
                    paths.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            paths.removeIf(path -> directory.equals(path.getParent())); // a directory that is not there has no files
        }
    }
}
