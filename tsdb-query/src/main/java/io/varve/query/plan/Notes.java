package io.varve.query.plan;

import io.varve.core.model.Resolution;
import io.varve.core.storage.Hole;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What an answer says beside its values: each text once, damage first, ten of the others at most. */
public final class Notes {

    private static final int SHOWN = 10;

    private final Resolution resolution;
    private final Set<String> holes = new TreeSet<>(); // several threads read: they are told in one order
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> infos = new LinkedHashSet<>();

    /** Notes of nothing, that tell times in a store's unit. */
    public Notes(Resolution resolution) {
        this.resolution = resolution;
    }

    /** What makes the answer doubtful. */
    public void warn(String text) {
        warnings.add(text);
    }

    /** A hint. */
    public void info(String text) {
        infos.add(text);
    }

    /** What the answer misses. */
    public void holes(List<Hole> found) {
        found.forEach(hole -> holes.add(hole.describe(resolution)));
    }

    /** What is missing and what is doubtful. */
    public List<String> warnings() {
        List<String> all = new ArrayList<>(holes);
        all.addAll(shown(warnings, "warnings"));
        return List.copyOf(all);
    }

    /** Hints. */
    public List<String> infos() {
        return shown(infos, "infos");
    }

    private static List<String> shown(Set<String> texts, String level) {
        List<String> shown = new ArrayList<>(texts.stream().limit(SHOWN).toList());
        if (texts.size() > SHOWN) {
            shown.add((texts.size() - SHOWN) + " more " + level + " omitted");
        }
        return List.copyOf(shown);
    }
}
