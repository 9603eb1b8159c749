package io.varve.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Configured values as they were written, each with the place where it was written; defaults stand for the rest. */
public final class ConfigValues {

    private record Written(String text, String where) {}

    private final Map<String, Written> values = new LinkedHashMap<>();
    private final List<WrittenRule> rules = new ArrayList<>();

    /** A rule of retention as it was written, and where. */
    record WrittenRule(String match, String time, String where) {}

    private final List<WrittenRollup> rollups = new ArrayList<>();

    /** A rollup as it was written, and where; {@code sketch} is empty if it was not said. */
    record WrittenRollup(String width, String time, String sketch, String where) {}

    private final Map<String, YamlNode> trees = new HashMap<>();

    private Path directory = Path.of("");

    /** Nothing written yet. */
    public ConfigValues() {}

    /**
     * Writes a value over what was there.
     *
     * @param where the place for messages, such as {@code varve.yml: line 3} or {@code --listen}
     */
    public void put(String key, String text, String where) {
        if (!ConfigKeys.DEFAULTS.containsKey(key)) {
            throw new AssertionError("BUG: unknown key " + key);
        }
        values.put(key, new Written(text, where));
    }

    /** Adds a rule of retention. */
    void addRule(WrittenRule rule) {
        rules.add(rule);
    }

    /** Rules of retention in the order in which they were written. */
    List<WrittenRule> rules() {
        return List.copyOf(rules);
    }

    /** Adds a rollup. */
    void addRollup(WrittenRollup rollup) {
        rollups.add(rollup);
    }

    /** Rollups in the order in which they were written. */
    List<WrittenRollup> rollups() {
        return List.copyOf(rollups);
    }

    /** Keeps what stands under a key that is read as a whole. */
    void tree(String key, YamlNode node) {
        trees.put(key, node);
    }

    /** What stands under such a key, null if it is not there. */
    @Nullable
    YamlNode tree(String key) {
        return trees.get(key);
    }

    /** The directory that file names in the configuration are relative to. */
    void directory(@Nullable Path of) {
        directory = of == null ? directory : of;
    }

    Path directory() {
        return directory;
    }

    /** The text of a key, or its default. */
    String text(String key) {
        Written written = values.get(key);
        return written == null ? String.valueOf(ConfigKeys.DEFAULTS.get(key)) : written.text;
    }

    boolean isWritten(String key) {
        Written written = values.get(key);
        return written != null && !written.text.isBlank();
    }

    long bytes(String key, long least, long most) {
        try {
            long value = Quantity.bytes(text(key));
            if (value < least || value > most) {
                throw refusal(
                        key, "must be from " + Quantity.describeBytes(least) + " to " + Quantity.describeBytes(most));
            }
            return value;
        } catch (IllegalArgumentException e) {
            throw refusal(key, e.getMessage());
        }
    }

    long count(String key, long least, long most) {
        long value;
        try {
            value = Long.parseLong(text(key).trim().replace("_", ""));
        } catch (NumberFormatException e) {
            throw refusal(key, "not a whole number: " + text(key));
        }
        if (value < least || value > most) {
            throw refusal(key, "must be from " + least + " to " + most + ": " + value);
        }
        return value;
    }

    Duration duration(String key, Duration least, Duration most) {
        try {
            Duration value = Quantity.duration(text(key));
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw refusal(key, "must be from " + Quantity.describe(least) + " to " + Quantity.describe(most));
            }
            return value;
        } catch (IllegalArgumentException e) {
            throw refusal(key, e.getMessage());
        }
    }

    boolean flag(String key) {
        return switch (text(key)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw refusal(key, "must be true or false: " + text(key));
        };
    }

    /** What to throw when a key's value cannot be used. */
    ConfigException refusal(String key, @Nullable String why) {
        Written written = values.get(key);
        return new ConfigException((written == null ? "default" : written.where) + ": " + key + ": " + why);
    }
}
