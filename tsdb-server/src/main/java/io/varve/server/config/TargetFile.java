package io.varve.server.config;

import io.varve.server.config.ScrapeConfig.Group;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads files that name targets: a list of {@code {targets: [HOST:PORT], labels: {…}}} in YAML, of which JSON is a
 * part. Stateless.
 */
public final class TargetFile {

    private static final int MOST = 100_000;

    private TargetFile() {}

    /**
     * Groups of targets.
     *
     * @param file its name in messages
     * @param longest characters it may have
     * @throws ConfigException if it cannot be used; the message says in which line
     */
    public static List<Group> parse(String text, String file, int longest) {
        List<Group> groups = new ArrayList<>();
        int targets = 0;
        for (YamlNode node : YamlNode.parse(text, file, longest).list()) {
            Group group = ScrapeJobReader.group(node);
            targets += group.targets().size();
            if (targets > MOST) {
                throw node.refusal("at most " + MOST + " targets in a file");
            }
            groups.add(group);
        }
        return List.copyOf(groups);
    }
}
