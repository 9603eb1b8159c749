package io.varve.server.api;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesSet;
import java.util.Collection;
import java.util.List;

/** Lists series by their labels up to a limit, with what was missing as warnings. One request. */
final class SeriesListing {

    private static final int SERIES_OVERHEAD = 64;

    private final int limit;
    private final ReadBudget budget;
    private final List<String> warnings;
    private final Resolution resolution;

    /**
     * A listing.
     *
     * @param limit most series, 0 for all
     * @param budget charged for each series
     * @param warnings takes what is missing
     */
    SeriesListing(int limit, ReadBudget budget, List<String> warnings, Resolution resolution) {
        this.limit = limit;
        this.budget = budget;
        this.warnings = warnings;
        this.resolution = resolution;
    }

    /** Adds series until there is one more than the limit. */
    void collect(Querier querier, Collection<Labels> all, Matcher... matchers) {
        int found = 0;
        try (SeriesSet set = querier.list(matchers)) {
            while ((limit == 0 || found++ <= limit) && set.next()) {
                if (all.add(set.labels())) {
                    charge(set.labels());
                }
            }
            describe(set.holes(), warnings, resolution);
        }
    }

    private void charge(Labels labels) {
        int characters = 0;
        for (int i = 0; i < labels.size(); i++) {
            characters += labels.name(i).length() + labels.value(i).length();
        }
        budget.charge(0, SERIES_OVERHEAD + characters);
    }

    /** Each hole once. */
    static void describe(List<Hole> holes, List<String> warnings, Resolution resolution) {
        for (Hole hole : holes) {
            String text = hole.describe(resolution);
            if (!warnings.contains(text)) {
                warnings.add(text);
            }
        }
    }
}
