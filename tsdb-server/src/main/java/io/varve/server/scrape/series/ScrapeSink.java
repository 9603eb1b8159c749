package io.varve.server.scrape.series;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.scrape.format.ExpositionSink;
import org.jspecify.annotations.Nullable;

/** Takes one scrape into a batch, series by series, by what the target's cache knows of them. One thread at a time. */
final class ScrapeSink implements ExpositionSink {

    private final TargetSeries series;
    private final SeriesCache cache;
    private final ScrapeBatch batch;
    private final int scrape;
    private final int sampleLimit;
    private int slot = -1;
    private @Nullable Labels fresh;
    private boolean staged;
    private int told;
    private int kept;
    private int duplicates;
    private byte[] metadata = {};
    private int metadataFrom;
    private int metadataTo;

    ScrapeSink(TargetSeries series, SeriesCache cache, ScrapeBatch batch, int scrape, int sampleLimit) {
        this.series = series;
        this.cache = cache;
        this.batch = batch;
        this.scrape = scrape;
        this.sampleLimit = sampleLimit;
        cache.rewind();
    }

    @Override
    public int expected(byte[] bytes, int from, int to) {
        return cache.expected(bytes, from, to);
    }

    @Override
    public void series(byte[] bytes, int from, int to) {
        fresh = null;
        staged = false;
        slot = cache.find(bytes, from, to);
        if (slot < 0) {
            Labels stored = series.labelsOf(bytes, from, to - from);
            slot = cache.add(bytes, from, to, stored == null ? SeriesCache.DROPPED : SeriesCache.KEPT);
            cache.state(slot, TargetSeries.FRESH);
            fresh = stored;
        }
    }

    @Override
    public void sample(double value, long millis) {
        take(value, null, millis);
    }

    @Override
    public void histogram(Histogram histogram, long millis) {
        take(0, histogram, millis);
    }

    private void take(double value, @Nullable Histogram histogram, long millis) {
        if (++told > ScrapeConfig.MAX_SAMPLES) {
            throw new ScrapeFailure("more than " + ScrapeConfig.MAX_SAMPLES + " samples");
        }
        staged = false;
        boolean again = cache.seen(slot) == scrape;
        cache.seen(slot, scrape);
        if (cache.kind(slot) == SeriesCache.DROPPED) {
            return;
        }
        boolean timed = series.honorsTimes() && millis != NO_TIME;
        if (again && !timed) {
            duplicates++;
            return;
        }
        kept++;
        if (sampleLimit > 0 && kept > sampleLimit) {
            return;
        }
        int state = cache.state(slot) & (TargetSeries.LIVE | TargetSeries.FRESH);
        state |= !timed || series.tracksTimes() ? TargetSeries.NOW : 0;
        if (histogram != null) {
            state |= histogram.isFloat() ? TargetSeries.FLOAT_HISTOGRAM : TargetSeries.HISTOGRAM;
        }
        cache.state(slot, (byte) state);
        batch.add(slot, timed ? millis : NO_TIME, value, histogram, fresh);
        staged = true;
    }

    @Override
    public boolean exemplarIsNew(byte[] bytes, int from, int to) {
        if (!staged) {
            return false;
        }
        long hash = cache.hashOf(bytes, from, to);
        boolean isNew = cache.exemplar(slot) != hash;
        cache.exemplar(slot, hash);
        return isNew;
    }

    @Override
    public void exemplar(Labels labels, double value, long millis) {
        try {
            batch.exemplar(slot, new Exemplar(labels, millis, value));
        } catch (IllegalArgumentException e) { // too long: no reason to fail a scrape
            series.exemplarRefused();
        }
    }

    @Override
    public void start(long millis) {
        if (staged && cache.start(slot) != millis) {
            cache.start(slot, millis);
            batch.start(slot, millis);
        }
    }

    @Override
    public boolean metadataIsNew(byte[] bytes, int from, int to) {
        int found = cache.find(bytes, from, to);
        if (found >= 0) {
            cache.seen(found, scrape);
            return false;
        }
        metadata = bytes;
        metadataFrom = from;
        metadataTo = to;
        return true;
    }

    @Override
    public void metadata(String metric, String type, String help, String unit) {
        int added = cache.add(metadata, metadataFrom, metadataTo, SeriesCache.METADATA);
        cache.seen(added, scrape);
        series.said(metric, type, help, unit);
    }

    /** Samples that the target told. */
    int told() {
        return told;
    }

    /** Samples that relabelling left. */
    int kept() {
        return kept;
    }

    /** Samples of a series that was there already, without a time of their own. */
    int duplicates() {
        return duplicates;
    }
}
