package io.varve.server.scrape.series;

import io.varve.core.storage.Appender;
import io.varve.core.storage.Verdict;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.MetadataStore.Metadata;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What targets say about their metrics, on its way to those who ask and to the store. A thousand targets that say the
 * same cost one record. Safe for any thread.
 */
public final class ScrapedMetadata implements TargetSeries.MetadataSink {

    private static final int MOST_WAITING = 10_000;

    private final MetadataStore known;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();

    /** Metadata that goes into a store of what is known, and from there into the engine. */
    public ScrapedMetadata(MetadataStore known) {
        this.known = known;
    }

    @Override
    public void said(String metric, String type, String help, String unit) {
        Metadata before = known.get(metric);
        if (!type.isEmpty()) {
            known.type(metric, type);
        }
        if (!help.isEmpty()) {
            known.help(metric, help);
        }
        if (!unit.isEmpty()) {
            known.unit(metric, unit);
        }
        if (!Objects.equals(before, known.get(metric)) && changed.size() < MOST_WAITING) {
            changed.add(metric);
        }
    }

    /** Adds to a batch what has changed; what it has no room for waits for the next. */
    void drainTo(Appender appender) {
        if (changed.isEmpty()) {
            return;
        }
        for (Iterator<String> names = changed.iterator(); names.hasNext(); ) {
            String name = names.next();
            names.remove();
            Metadata said = known.get(name);
            boolean fits = !name.isEmpty() && name.length() <= io.varve.core.model.Metadata.MAX_NAME;
            if (said != null && fits && appender.metadata(name, MetadataStore.stored(said)) == Verdict.BATCH_FULL) {
                changed.add(name);
                return;
            }
        }
    }
}
