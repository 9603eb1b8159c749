package io.varve.server.config;

import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
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
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A place of a YAML file, read strictly: the file is bounded in size, depth and aliases, nothing is written twice or
 * passed over, and every mistake is named with file, line and path. Immutable.
 */
public final class YamlNode {

    /** Keys whose values are never shown. */
    private static final Set<String> SECRETS = Set.of("password", "credentials");

    private static final int MAX_DEPTH = 20;
    private static final int MAX_ALIASES = 50;

    private final Node node;
    private final String file;
    private final String path;

    private YamlNode(Node node, String file, String path) {
        this.node = node;
        this.file = file;
        this.path = path;
    }

    /**
     * Reads a text.
     *
     * @param file its name in messages
     * @param longest characters it may have
     * @throws ConfigException if it is no YAML, or passes a bound
     */
    public static YamlNode parse(String text, String file, int longest) {
        if (text.length() > longest) {
            throw new ConfigException(file + ": longer than " + longest + " characters");
        }
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(longest + 1);
        try {
            Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            return new YamlNode(
                    root == null ? new ScalarNode(Tag.NULL, "", null, null, ScalarStyle.PLAIN) : root, file, "");
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new ConfigException(file + ": line " + line + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw new ConfigException(file + ": " + e.getMessage());
        }
    }

    /** A place of a file that is being read. */
    static YamlNode of(Node node, String file, String path) {
        return new YamlNode(node, file, path);
    }

    /** Whether nothing stands here. */
    public boolean isEmpty() {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    /** The line, from 1; 0 if the file is empty. */
    public int line() {
        return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
    }

    /** A refusal of what stands here. */
    public ConfigException refusal(String message) {
        return new ConfigException(file + ": line " + line() + ": " + (path.isEmpty() ? "" : path + ": ") + message);
    }

    /**
     * One value as text; the empty text if nothing stands here.
     *
     * @throws ConfigException if it is a list or keys with values
     */
    public String text() {
        if (node instanceof ScalarNode scalar) {
            return isEmpty() ? "" : scalar.getValue();
        }
        throw refusal("must be one value");
    }

    /**
     * The duration that is written here.
     *
     * @throws ConfigException if it is none, or not from {@code least} to {@code most}
     */
    public Duration duration(Duration least, Duration most) {
        Duration duration;
        try {
            duration = Quantity.duration(text());
        } catch (IllegalArgumentException e) {
            throw refusal(String.valueOf(e.getMessage()));
        }
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw refusal(
                    "must be from " + Quantity.describe(least) + " to " + Quantity.describe(most) + ": " + text());
        }
        return duration;
    }

    /**
     * The elements of a list; none if nothing stands here.
     *
     * @throws ConfigException if it is no list
     */
    public List<YamlNode> list() {
        if (isEmpty()) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw refusal("must be a list");
        }
        List<YamlNode> elements = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            elements.add(new YamlNode(element, file, path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    /**
     * Keys with their values, in their order; none if nothing stands here.
     *
     * @throws ConfigException if it is something else, or a key is written twice
     */
    public Map<String, YamlNode> keys() {
        Map<String, YamlNode> keys = new LinkedHashMap<>();
        if (isEmpty()) {
            return keys;
        }
        if (!(node instanceof MappingNode mapping)) {
            throw refusal("must be keys with values");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new YamlNode(tuple.getKeyNode(), file, path).refusal("a key must be a word");
            }
            String name = key.getValue();
            YamlNode value = new YamlNode(tuple.getValueNode(), file, path.isEmpty() ? name : path + "." + name);
            if (keys.put(name, value) != null) {
                throw new YamlNode(key, file, value.path).refusal("written twice");
            }
        }
        return keys;
    }

    /**
     * The same where only some keys may stand.
     *
     * @throws ConfigException that names the nearest known key if there is another
     */
    public Map<String, YamlNode> keys(Collection<String> known) {
        Map<String, YamlNode> keys = keys();
        keys.forEach((name, value) -> {
            if (!known.contains(name)) {
                throw value.refusal("unknown key" + NearestName.hint(name, known));
            }
        });
        return keys;
    }

    /** What stands here in one line of YAML; secrets are not shown. */
    String flow() {
        StringBuilder text = new StringBuilder();
        flow(node, text);
        return text.toString();
    }

    private static void flow(Node node, StringBuilder text) {
        if (node instanceof SequenceNode sequence) {
            String separator = "[";
            for (Node element : sequence.getValue()) {
                text.append(separator);
                flow(element, text);
                separator = ", ";
            }
            text.append(sequence.getValue().isEmpty() ? "[]" : "]");
        } else if (node instanceof MappingNode mapping) {
            String separator = "{";
            for (NodeTuple tuple : mapping.getValue()) {
                text.append(separator);
                flow(tuple.getKeyNode(), text);
                text.append(": ");
                if (tuple.getKeyNode() instanceof ScalarNode key && SECRETS.contains(key.getValue())) {
                    text.append("'<secret>'");
                } else {
                    flow(tuple.getValueNode(), text);
                }
                separator = ", ";
            }
            text.append(mapping.getValue().isEmpty() ? "{}" : "}");
        } else if (node instanceof ScalarNode scalar) {
            String value = scalar.getValue();
            boolean bare = node.getTag().equals(Tag.NULL) || value.matches("[A-Za-z0-9_./-]+");
            text.append(bare ? value : "'" + value.replace("'", "''") + "'");
        }
    }

    /** Keys with one value each, as texts. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        keys().forEach((name, value) -> texts.put(name, value.text()));
        return texts;
    }
}
