package io.varve.server.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads the configuration file. It is bounded in size, depth and aliases; every mistake is named with its line, and a
 * key that is not known is never passed over.
 */
public final class ConfigFile {

    private static final int LARGEST = 1 << 20;
    private static final List<String> RULE_KEYS = List.of("match", "time");
    private static final List<String> ROLLUP_KEYS = List.of("width", "time", "sketch");

    private ConfigFile() {}

    /**
     * Reads a file into values.
     *
     * @throws ConfigException if it cannot be read, or holds something that is not configuration
     */
    public static void read(Path file, ConfigValues into) {
        String name = file.toString();
        try {
            if (Files.size(file) > LARGEST) {
                throw new ConfigException("cannot read " + name + ": larger than " + LARGEST + " bytes");
            }
            into.directory(file.toAbsolutePath().getParent());
            parse(Files.readString(file, StandardCharsets.UTF_8), name, into);
        } catch (NoSuchFileException e) {
            throw new ConfigException("cannot read " + name + ": no such file");
        } catch (CharacterCodingException e) {
            throw new ConfigException("cannot read " + name + ": not UTF-8 text");
        } catch (IOException e) {
            throw new ConfigException("cannot read " + name + ": " + e.getMessage());
        }
    }

    /** Reads YAML text into values; {@code name} is the file's name in messages. */
    static void parse(String text, String name, ConfigValues into) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(10);
        options.setNestingDepthLimit(10);
        options.setCodePointLimit(LARGEST);
        Node root;
        try {
            root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new ConfigException(name + ": line " + line + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw new ConfigException(name + ": " + e.getMessage());
        }
        if (root != null && !isNull(root)) {
            section(root, "", name, into);
        }
    }

    private static void section(Node node, String prefix, String name, ConfigValues into) {
        if (!(node instanceof MappingNode mapping)) {
            String what = prefix.isEmpty() ? "the configuration" : prefix.substring(0, prefix.length() - 1);
            throw at(node, name, what + ": must be keys with values");
        }
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw at(tuple.getKeyNode(), name, "a key must be a word");
            }
            String path = prefix + key.getValue();
            if (!seen.add(path)) {
                throw at(key, name, path + ": written twice");
            }
            entry(key, tuple.getValueNode(), path, prefix, name, into);
        }
    }

    private static void entry(ScalarNode key, Node value, String path, String prefix, String name, ConfigValues into) {
        String reserved = ConfigKeys.RESERVED.get(path);
        if (reserved != null) {
            throw at(key, name, path + ": not supported yet: this version has no " + reserved + "; remove the key");
        }
        if (ConfigKeys.TREES.contains(path)) {
            into.tree(path, YamlNode.of(value, name, path));
        } else if (path.equals(ConfigKeys.RULES)) {
            rules(value, name, into);
        } else if (path.equals(ConfigKeys.ROLLUPS)) {
            rollups(value, name, into);
        } else if (ConfigKeys.SECTIONS.contains(path)) {
            if (!isNull(value)) {
                section(value, path + ".", name, into);
            }
        } else if (!ConfigKeys.DEFAULTS.containsKey(path)) {
            String hint = NearestName.hint(key.getValue(), ConfigKeys.under(prefix));
            throw at(
                    key,
                    name,
                    path + ": unknown key"
                            + (hint.isEmpty() ? NearestName.hint(key.getValue(), ConfigKeys.DEFAULTS.keySet()) : hint));
        } else if (!(value instanceof ScalarNode scalar)) {
            throw at(value, name, path + ": must be one value");
        } else if (!isNull(scalar)) {
            into.put(path, scalar.getValue(), name + ": line " + line(value));
        }
    }

    /** A list of {@code {match: SELECTOR, time: DURATION}}. */
    private static void rules(Node value, String name, ConfigValues into) {
        if (isNull(value)) {
            return;
        }
        if (!(value instanceof SequenceNode list)) {
            throw at(value, name, ConfigKeys.RULES + ": must be a list of {match: '{job=\"x\"}', time: 7d}");
        }
        for (int i = 0; i < list.getValue().size(); i++) {
            Node rule = list.getValue().get(i);
            String path = ConfigKeys.RULES + "[" + i + "]";
            Map<String, String> fields = fields(rule, RULE_KEYS, path, name);
            for (String key : RULE_KEYS) {
                if (!fields.containsKey(key)) {
                    throw at(rule, name, path + "." + key + ": missing");
                }
            }
            into.addRule(new ConfigValues.WrittenRule(
                    fields.getOrDefault("match", ""),
                    fields.getOrDefault("time", ""),
                    name + ": line " + line(rule) + ": " + path));
        }
    }

    /** A list of {@code {width: DURATION, time: DURATION, sketch: true}}. */
    private static void rollups(Node value, String name, ConfigValues into) {
        if (isNull(value)) {
            return;
        }
        if (!(value instanceof SequenceNode list)) {
            throw at(value, name, ConfigKeys.ROLLUPS + ": must be a list of {width: 1h, time: 2y, sketch: true}");
        }
        for (int i = 0; i < list.getValue().size(); i++) {
            Node rollup = list.getValue().get(i);
            String path = ConfigKeys.ROLLUPS + "[" + i + "]";
            Map<String, String> fields = fields(rollup, ROLLUP_KEYS, path, name);
            for (String key : List.of("width", "time")) {
                if (!fields.containsKey(key)) {
                    throw at(rollup, name, path + "." + key + ": missing");
                }
            }
            into.addRollup(new ConfigValues.WrittenRollup(
                    fields.getOrDefault("width", ""),
                    fields.getOrDefault("time", ""),
                    fields.getOrDefault("sketch", ""),
                    name + ": line " + line(rollup) + ": " + path));
        }
    }

    private static Map<String, String> fields(Node rule, List<String> keys, String path, String name) {
        if (!(rule instanceof MappingNode mapping)) {
            throw at(rule, name, path + ": must be keys with values");
        }
        Map<String, String> fields = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)
                    || !(tuple.getValueNode() instanceof ScalarNode field)) {
                throw at(rule, name, path + ": must be keys with one value each");
            }
            String known = key.getValue();
            if (!keys.contains(known)) {
                throw at(key, name, path + "." + known + ": unknown key" + NearestName.hint(known, keys));
            }
            if (fields.put(known, field.getValue()) != null) {
                throw at(key, name, path + "." + known + ": written twice");
            }
        }
        return fields;
    }

    private static boolean isNull(@Nullable Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(org.yaml.snakeyaml.nodes.Tag.NULL);
    }

    private static int line(Node node) {
        return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
    }

    private static ConfigException at(Node node, String name, String message) {
        return new ConfigException(name + ": line " + line(node) + ": " + message);
    }
}
