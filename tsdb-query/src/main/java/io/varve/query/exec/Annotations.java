package io.varve.query.exec;

import io.varve.core.model.Resolution;
import io.varve.core.storage.Hole;
import io.varve.query.histogram.Flaw;
import io.varve.query.lang.Position;
import io.varve.query.lang.SourceText;
import io.varve.query.plan.SampleReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What an answer says beside its values: each text once, damage first, ten of each level at most. */
final class Annotations {

    private static final int SHOWN = 10;

    private final SourceText source;
    private final Set<String> holes = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> infos = new LinkedHashSet<>();

    Annotations(SourceText source) {
        this.source = source;
    }

    void warn(String text, Position at) {
        warnings.add(text + " (" + source.lineAndColumn(at.offset()) + ")");
    }

    void info(String text, Position at) {
        infos.add(text + " (" + source.lineAndColumn(at.offset()) + ")");
    }

    /** Says what was noted of histograms, and forgets it. */
    void flaws(Set<Flaw> flaws, String metric, Position at) {
        if (flaws.isEmpty()) {
            return;
        }
        for (Flaw flaw : flaws) {
            String text = metric.isEmpty() ? flaw.text() : flaw.text() + " for metric name \"" + metric + "\"";
            if (flaw.isWarning()) {
                warn(text, at);
            } else {
                info(text, at);
            }
        }
        flaws.clear();
    }

    /** Says that a series has histograms, which percentiles are not taken of. */
    void passedOver(SampleReader reader) {
        if (reader.passedOver()) {
            infos.add("native histograms were passed over");
        }
    }

    void holes(List<Hole> found, Resolution resolution) {
        for (Hole hole : found) {
            holes.add(hole.describe(resolution));
        }
    }

    List<String> warnings() {
        List<String> all = new ArrayList<>(holes);
        all.addAll(shown(warnings, "warnings"));
        return List.copyOf(all);
    }

    List<String> infos() {
        return shown(infos, "infos");
    }

    private static List<String> shown(Set<String> texts, String level) {
        if (texts.size() <= SHOWN) {
            return List.copyOf(texts);
        }
        List<String> shown = new ArrayList<>(texts.stream().limit(SHOWN).toList());
        shown.add((texts.size() - SHOWN) + " more " + level + " omitted");
        return List.copyOf(shown);
    }
}
