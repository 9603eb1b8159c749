package io.varve.server.relabel;

import io.varve.core.model.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Labels that are being changed. A label with an empty value is no label. One thread at a time. */
public final class LabelEditor {

    private final Map<String, String> values = new LinkedHashMap<>();

    /** An editor of a copy of labels. */
    public LabelEditor(Labels labels) {
        for (int i = 0; i < labels.size(); i++) {
            values.put(labels.name(i), labels.value(i));
        }
    }

    /** The value of a label, empty if there is none. */
    public String get(String name) {
        return values.getOrDefault(name, "");
    }

    /** Sets a label; an empty value removes it. */
    public LabelEditor set(String name, String value) {
        if (value.isEmpty()) {
            values.remove(name);
        } else {
            values.put(name, value);
        }
        return this;
    }

    /** Removes a label. */
    public void remove(String name) {
        values.remove(name);
    }

    /** Goes through the labels as they are now, also while they change. */
    public void forEach(BiConsumer<String, String> each) {
        Map.copyOf(values).forEach(each);
    }

    /** What the labels have become. */
    public Labels labels() {
        List<String> pairs = new ArrayList<>(2 * values.size());
        values.forEach((name, value) -> {
            pairs.add(name);
            pairs.add(value);
        });
        return Labels.of(pairs.toArray(new String[0]));
    }
}
