package io.varve.server.scrape.series;

import io.varve.core.model.Labels;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.config.ScrapeConfig.Limits;
import io.varve.server.relabel.LabelEditor;
import io.varve.server.write.LabelRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the labels that a target tells: its own are added, the job's rules are applied, its limits hold.
 * Immutable.
 */
final class SampleLabels {

    private static final String EXPORTED = "exported_";
    private static final int SHOWN = 50;

    private final Labels target;
    private final boolean honor;
    private final ScrapeConfig config;

    SampleLabels(Labels target, ScrapeConfig config) {
        this.target = target;
        this.honor = config.labels().honorLabels();
        this.config = config;
    }

    /**
     * The labels of a series in the store; null if they are dropped.
     *
     * @throws ScrapeFailure if they pass a limit, or have no name of a metric
     */
    @Nullable
    Labels stored(Labels told) {
        LabelEditor labels = new LabelEditor(told);
        if (honor) {
            for (int i = 0; i < target.size(); i++) {
                if (!told.has(target.name(i))) {
                    labels.set(target.name(i), target.value(i));
                }
            }
        } else {
            overwrite(told, labels);
        }
        if (!config.labels().samples().apply(labels)) {
            return null;
        }
        Labels stored = labels.labels();
        if (stored.size() == 0) {
            return null;
        }
        if (!stored.has(Labels.NAME)) {
            throw new ScrapeFailure("a series without a metric's name: " + LabelRules.shown(stored.toString()));
        }
        require(stored);
        return stored;
    }

    /** Labels of the target stand before those of its samples, which get other names. */
    private void overwrite(Labels told, LabelEditor labels) {
        List<String> conflicts = new ArrayList<>();
        for (int i = 0; i < target.size(); i++) {
            String name = target.name(i);
            if (told.has(name)) {
                conflicts.add(name);
            }
            labels.set(name, target.value(i));
        }
        conflicts.sort(Comparator.comparingInt(String::length));
        for (String name : conflicts) {
            String other = EXPORTED + name;
            while (!labels.get(other).isEmpty()) {
                other = EXPORTED + other;
            }
            labels.set(other, told.get(name));
        }
    }

    private void require(Labels stored) {
        Limits limits = config.limits();
        if (limits.labels() > 0 && stored.size() > limits.labels()) {
            throw new ScrapeFailure("label_limit exceeded (metric: " + name(stored) + ", number of labels: "
                    + stored.size() + ", limit: " + limits.labels() + ")");
        }
        if (limits.nameBytes() == 0 && limits.valueBytes() == 0) {
            return;
        }
        for (int i = 0; i < stored.size(); i++) {
            int nameBytes = bytes(stored.name(i));
            int valueBytes = bytes(stored.value(i));
            if (limits.nameBytes() > 0 && nameBytes > limits.nameBytes()) {
                throw new ScrapeFailure("label_name_length_limit exceeded (metric: " + name(stored) + ", label name: "
                        + cut(stored.name(i)) + ", length: " + nameBytes + ", limit: " + limits.nameBytes() + ")");
            }
            if (limits.valueBytes() > 0 && valueBytes > limits.valueBytes()) {
                throw new ScrapeFailure("label_value_length_limit exceeded (metric: " + name(stored)
                        + ", label name: " + cut(stored.name(i)) + ", value: " + cut(stored.value(i)) + ", length: "
                        + valueBytes + ", limit: " + limits.valueBytes() + ")");
            }
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String name(Labels labels) {
        return cut(labels.get(Labels.NAME));
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    /** The labels of a series that tells of the scrape itself. */
    Labels reported(String metric) {
        return new LabelEditor(target).set(Labels.NAME, metric).labels();
    }
}
