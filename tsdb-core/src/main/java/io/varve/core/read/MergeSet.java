package io.varve.core.read;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Metadata;
import io.varve.core.model.StartTime;
import io.varve.core.storage.SeriesSet;
import java.util.List;
import java.util.SortedMap;

/** All that blocks or a generation hold, series by series; also series that have no samples but something else. */
public interface MergeSet extends SeriesSet {

    /** Exemplars of the current series in time order, each once. */
    List<Exemplar> exemplars();

    /** Start times of the current series by ascending start, each start once. */
    List<StartTime> starts();

    /** What was said last of each metric, by name. */
    SortedMap<String, Metadata> metadata();
}
