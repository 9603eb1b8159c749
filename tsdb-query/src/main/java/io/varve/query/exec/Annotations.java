package io.varve.query.exec;

import io.varve.core.model.Resolution;
import io.varve.core.storage.Hole;
import io.varve.query.histogram.Flaw;
import io.varve.query.lang.Position;
import io.varve.query.lang.SourceText;
import io.varve.query.plan.Notes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The {@link Notes} of a query, with places in its text. */
final class Annotations {

    private final SourceText source;
    private final Notes notes;
    private final List<List<Note>> recording = new ArrayList<>();

    Annotations(SourceText source, Resolution resolution) {
        this.source = source;
        this.notes = new Notes(resolution);
    }

    /** What is said of a place in the text. */
    record Note(boolean isWarning, String text, Position at) {}

    void warn(String text, Position at) {
        note(new Note(true, text, at));
    }

    void info(String text, Position at) {
        note(new Note(false, text, at));
    }

    void note(Note note) {
        recording.forEach(list -> list.add(note));
        String text = note.text() + " (" + source.lineAndColumn(note.at().offset()) + ")";
        if (note.isWarning()) {
            notes.warn(text);
        } else {
            notes.info(text);
        }
    }

    /** From now on notes go into a list too, until {@link #endRecord}. */
    void record(List<Note> list) {
        recording.add(list);
    }

    /** Ends what was begun last. */
    void endRecord() {
        recording.remove(recording.size() - 1);
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
