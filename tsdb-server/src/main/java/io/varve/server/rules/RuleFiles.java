package io.varve.server.rules;

import io.varve.query.lang.Dialect;
import io.varve.server.config.ConfigException;
import io.varve.server.config.RulesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Finds and reads the rule files that a configuration names. Stateless. */
public final class RuleFiles {

    private static final int MAX_FILES = 1_000;

    private RuleFiles() {}

    /**
     * All groups of all files. A name without {@code *}, {@code ?} and {@code [} must be there; others may fit none.
     *
     * @throws ConfigException if one of them cannot be read, or is wrong in any place
     */
    public static List<RuleGroup> read(RulesConfig config, Dialect dialect) {
        RuleFile.Defaults defaults = new RuleFile.Defaults(config.interval(), config.queryOffset());
        return read(config.files(), config.directory(), defaults, dialect, name -> {});
    }

    /**
     * The same of files that are named elsewhere.
     *
     * @param names relative to the directory
     * @param unmatched hears of names with {@code *}, {@code ?} and {@code [} that fit no file
     * @throws ConfigException if one of them cannot be read, or is wrong in any place
     */
    public static List<RuleGroup> read(
            List<String> names,
            Path directory,
            RuleFile.Defaults defaults,
            Dialect dialect,
            Consumer<String> unmatched) {
        Collection<Path> paths = new TreeSet<>(Comparator.comparing(Path::toString));
        for (String name : names) {
            List<Path> found = matching(directory, name);
            paths.addAll(found);
            if (found.isEmpty()) {
                unmatched.accept(name);
            }
            if (paths.size() > MAX_FILES) {
                throw new ConfigException("rule_files: more than " + MAX_FILES + " files: " + name);
            }
        }
        List<RuleGroup> groups = new ArrayList<>();
        for (Path path : paths) {
            groups.addAll(RuleFile.parse(text(path), path.toString(), defaults, dialect));
        }
        return groups;
    }

    private static List<Path> matching(Path directory, String name) {
        List<Path> found = new ArrayList<>();
        try {
            int wild = name.replaceAll("[*?\\[{].*", "").length();
            if (wild == name.length()) {
                return List.of(directory.resolve(name));
            }
            int slash = name.lastIndexOf('/');
            if (wild < slash) {
                throw new ConfigException("rule_files: only the last part of a name may have * or ?: " + name);
            }
            Path parent = slash < 0 ? directory : directory.resolve(name.substring(0, Math.max(1, slash)));
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, name.substring(slash + 1))) {
                for (Path entry : entries) {
                    if (Files.isRegularFile(entry) && found.size() <= MAX_FILES) {
                        found.add(entry);
                    }
                }
            }
        } catch (InvalidPathException | java.util.regex.PatternSyntaxException e) {
            throw new ConfigException("rule_files: not a file name: " + name);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new ConfigException("rule_files: cannot look for " + name + ": " + e.getMessage());
        }
        return found;
    }

    /**
     * The text of a rule file or of a file like it.
     *
     * @throws ConfigException if it cannot be read, is too long or no UTF-8
     */
    public static String text(Path path) {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) { // a device or a pipe may never end
                throw new ConfigException("cannot read " + path + ": not a file");
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(RuleFile.MAX_LENGTH + 1);
            }
            if (bytes.length > RuleFile.MAX_LENGTH) {
                throw new ConfigException("cannot read " + path + ": larger than " + RuleFile.MAX_LENGTH + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException e) {
            throw new ConfigException("cannot read " + path + ": no such file");
        } catch (CharacterCodingException e) {
            throw new ConfigException("cannot read " + path + ": not UTF-8 text");
        } catch (IOException e) {
            throw new ConfigException("cannot read " + path + ": " + e.getMessage());
        }
    }
}
