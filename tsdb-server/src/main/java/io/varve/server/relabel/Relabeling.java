package io.varve.server.relabel;

import io.varve.core.model.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules one after the other, each on what those before it have made.
 *
 * @param rules in their order
 */
public record Relabeling(List<RelabelRule> rules) {

    /** Changes nothing. */
    public static final Relabeling NONE = new Relabeling(List.of());

    /** Keeps a list of its own. */
    public Relabeling {
        rules = List.copyOf(rules);
    }

    /** Whether it changes nothing. */
    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** What becomes of labels; null if a rule drops them. */
    public @Nullable Labels apply(Labels labels) {
        if (rules.isEmpty()) {
            return labels;
        }
        LabelEditor editor = new LabelEditor(labels);
        return apply(editor) ? editor.labels() : null;
    }

    /** Changes labels in place; false if a rule drops them. */
    public boolean apply(LabelEditor labels) {
        for (RelabelRule rule : rules) {
            if (!rule.apply(labels)) {
                return false;
            }
        }
        return true;
    }
}
