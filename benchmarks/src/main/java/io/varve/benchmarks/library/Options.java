package io.varve.benchmarks.library;

import io.varve.core.storage.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Options of a program: each a name and a value. */
final class Options {

    private final Map<String, String> values = new HashMap<>();

    Options(Set<String> known, String... args) {
        for (int i = 0; i < args.length; i += 2) {
            String key = args[i].startsWith("--") ? args[i].substring(2) : "";
            if (!known.contains(key) || i + 1 == args.length) {
                throw new IllegalArgumentException("unknown option, or its value is missing: option=" + args[i]);
            }
            values.put(key, args[i + 1]);
        }
    }

    int number(String key, int otherwise) {
        return Integer.parseInt(values.getOrDefault(key, String.valueOf(otherwise)));
    }

    Durability durability() {
        return Durability.valueOf(values.getOrDefault("durability", "written").toUpperCase(Locale.ROOT));
    }

    /** A fresh folder in {@code --dir}, or where temporary files are. */
    Path folder() throws IOException {
        String parent = values.get("dir");
        return parent == null
                ? Files.createTempDirectory("varve-library")
                : Files.createTempDirectory(Files.createDirectories(Path.of(parent)), "varve-library");
    }
}
