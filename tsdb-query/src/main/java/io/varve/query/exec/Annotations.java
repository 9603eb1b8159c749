package io.varve.query.exec;

import io.varve.core.model.Resolution;
import io.varve.core.storage.Hole;
import io.varve.query.histogram.Flaw;
import io.varve.query.lang.Position;
import io.varve.query.lang.SourceText;
import io.varve.query.plan.Notes;
import java.util.List;
import java.util.Set;

/** The {@link Notes} of a query, with places in its text. */
final class Annotations {

    private final SourceText source;
    private final Notes notes;

    Annotations(SourceText source, Resolution resolution) {
        this.source = source;
        this.notes = new Notes(resolution);
    }

    void warn(String text, Position at) {
        notes.warn(text + " (" + source.lineAndColumn(at.offset()) + ")");
    }

    void info(String text, Position at) {
        notes.info(text + " (" + source.lineAndColumn(at.offset()) + ")");
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

    void holes(List<Hole> found) {
        notes.holes(found);
    }

    List<String> warnings() {
        return notes.warnings();
    }

    List<String> infos() {
        return notes.infos();
    }
}
