package io.varve.server.scrape.series;

import io.varve.core.index.KeyedHash;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Verdict;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.scrape.format.ExpositionParser;
import io.varve.server.scrape.format.ExpositionSink;
import io.varve.server.scrape.format.SaidOfMetric;
import io.varve.server.scrape.format.SeriesKeys;
import io.varve.server.write.LabelRules;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The series of one target: those that it told last, with their references in the store, and those that tell of its
 * scrapes. A series that is not told any more, or whose target cannot be scraped or has gone, ends by a stale marker.
 * One scrape at a time.
 */
public final class TargetSeries {

    /** Told by the last good scrape, without a time of its own: ends by a stale marker. */
    static final byte LIVE = 1;
    /** The same of the scrape that is being read. */
    static final byte NOW = 2;

    static final byte HISTOGRAM = 4;
    static final byte FLOAT_HISTOGRAM = 8;
    /** Not stored yet. */
    static final byte FRESH = 16;

    private static final int KEY_BYTES = 3 * Long.BYTES;
    private static final int TRIES = 4;
    private static final int MOST_DEAD = 1_000;
    private static final int MOST_OF_FAILURES = 100_000;

    private final long id;
    private final ScrapeConfig config;
    private final Shared shared;
    private final SampleLabels labels;
    private final SeriesKeys keys;
    private final KeyedHash hash;
    private final byte[] key = new byte[KEY_BYTES];
    private final long[] reportRefs = new long[Reported.COUNT];
    private SeriesCache cache;
    private int scrape;
    private boolean reported;
    private int told;
    private int kept;
    private long exemplarsRefused;

    /**
     * What the series of all targets share.
     *
     * @param rules of every label that the store takes
     * @param said hears what targets say about their metrics
     */
    public record Shared(KeyedHash hash, LabelRules rules, Resolution resolution, MetadataSink said) {}

    /** Hears what targets say about their metrics; what is not said is empty. */
    public interface MetadataSink {

        /** Takes what was said of a metric. */
        void said(String metric, String type, String help, String unit);
    }

    /**
     * The series of a target that was not scraped yet.
     *
     * @param id differs from that of every other in the process
     * @param target labels of the target
     */
    public TargetSeries(long id, Labels target, ScrapeConfig config, Shared shared) {
        this.id = id;
        this.config = config;
        this.shared = shared;
        this.labels = new SampleLabels(target, config);
        this.keys = new SeriesKeys(shared.rules);
        this.hash = shared.hash.copy();
        this.cache = new SeriesCache(shared.hash.copy());
    }

    /** What a scrape had: samples told, kept behind relabelling, and series that are new. */
    public record Counts(int told, int kept, int added) {

        /** Of a scrape that read nothing. */
        public static final Counts NONE = new Counts(0, 0, 0);
    }

    boolean honorsTimes() {
        return config.labels().honorTimestamps();
    }

    boolean tracksTimes() {
        return config.labels().trackTimestamps();
    }

    void said(String metric, String type, String help, String unit) {
        shared.said.said(metric, type, help, unit);
    }

    void exemplarRefused() {
        exemplarsRefused++;
    }

    /** The labels of a key in the store, null if they are dropped. */
    @Nullable
    Labels labelsOf(byte[] bytes, int from, int length) {
        return labels.stored(keys.labels(bytes, from, length));
    }

    /**
     * Reads an answer into a batch and writes it.
     *
     * @param millis when the scrape began, since 1970
     * @return what it had
     * @throws RuntimeException if it cannot be read or passes a limit: nothing of it is written then, and
     *     {@link #failed} is to be called
     */
    public Counts scraped(
            ExpositionParser parser, byte[] body, int length, ScrapeBatch batch, ScrapeWriter writer, long millis) {
        int limit = config.limits().samples();
        batch.clear();
        ScrapeSink sink = new ScrapeSink(this, cache, batch, ++scrape, limit);
        try {
            parser.parse(body, 0, length, sink);
        } finally {
            told = sink.told();
            kept = sink.kept();
        }
        if (limit > 0 && sink.kept() > limit) {
            throw new ScrapeFailure("sample_limit exceeded: samples=" + sink.kept() + ", limit=" + limit);
        }
        int added = write(batch, writer, millis);
        ended(writer, millis);
        if (sink.duplicates() > 0) {
            writer.refused("duplicate_sample", sink.duplicates());
        }
        if (exemplarsRefused > 0) {
            writer.refused("exemplar", exemplarsRefused);
            exemplarsRefused = 0;
        }
        return new Counts(sink.told(), sink.kept(), added);
    }

    /** Ends all series, since a scrape failed; returns what of it was read. */
    public Counts failed(ScrapeWriter writer, long millis) {
        for (int slot = 0; slot < cache.size(); slot++) {
            int state = cache.state(slot);
            if ((state & LIVE) != 0) {
                stale(slot, writer, millis);
            }
            cache.state(slot, (byte) (state & ~(LIVE | NOW)));
        }
        if (cache.size() > MOST_OF_FAILURES) { // of a target that tells others each time and fails each time
            cache = new SeriesCache(shared.hash.copy());
        }
        Counts counts = new Counts(told, kept, 0);
        told = 0;
        kept = 0;
        return counts;
    }

    private int write(ScrapeBatch batch, ScrapeWriter writer, long millis) {
        int added = 0;
        for (int i = 0; i < batch.size(); i++) {
            int slot = batch.slot(i);
            long at = batch.millis(i) == ExpositionSink.NO_TIME ? millis : batch.millis(i);
            append(slot, batch.labels(i), writer, at, batch.value(i), batch.histogram(i), null);
            int state = cache.state(slot);
            if ((state & FRESH) != 0) {
                added++;
                cache.state(slot, (byte) (state & ~FRESH));
            }
        }
        for (ScrapeBatch.Told told : batch.exemplars()) {
            Exemplar exemplar = told.exemplar();
            long at = exemplar.time() == ExpositionSink.NO_TIME ? millis : exemplar.time();
            append(told.slot(), null, writer, at, exemplar.value(), null, exemplar);
        }
        for (ScrapeBatch.Start start : batch.starts()) {
            started(start, writer.appender(), millis);
        }
        return added;
    }

    private void started(ScrapeBatch.Start start, Appender appender, long millis) {
        long ref = cache.ref(start.slot());
        ref = ref > 0 ? ref : lookUp(start.slot(), null, appender);
        Verdict verdict = appender.startTime(ref, ticks(millis), ticks(start.millis()));
        if (verdict != Verdict.ACCEPTED) { // told again by the next scrape
            cache.start(start.slot(), 0);
        }
    }

    private long ticks(long millis) {
        return Math.multiplyExact(millis, shared.resolution.ticksPerSecond() / 1_000);
    }

    /** Adds a float, a histogram or an exemplar; references that have died are looked up again. */
    private void append(
            int slot,
            @Nullable Labels fresh,
            ScrapeWriter writer,
            long millis,
            double value,
            @Nullable Histogram histogram,
            @Nullable Exemplar exemplar) {
        Appender appender = writer.appender();
        long ticks;
        try {
            ticks = ticks(millis);
        } catch (ArithmeticException e) {
            writer.refused("time_out_of_range", 1);
            return;
        }
        Verdict verdict = Verdict.UNKNOWN_REF;
        for (int i = 0; i < TRIES; i++) {
            long ref = cache.ref(slot);
            if (ref <= 0) {
                ref = lookUp(slot, fresh, appender);
            }
            if (histogram != null) {
                verdict = appender.append(ref, ticks, histogram);
            } else if (exemplar != null) {
                verdict = appender.exemplar(ref, new Exemplar(exemplar.labels(), ticks, exemplar.value()));
            } else {
                verdict = appender.append(ref, ticks, value);
            }
            if (verdict == Verdict.UNKNOWN_REF) {
                cache.ref(slot, 0);
            } else if (verdict == Verdict.BATCH_FULL && appender.pending() > 0) {
                writer.commit();
            } else {
                break;
            }
        }
        if (verdict.isRefusal()) {
            writer.refused(verdict.reason(), 1);
        }
    }

    /** The reference of a series in this batch; one above zero names it for as long as it lives. */
    private long lookUp(int slot, @Nullable Labels fresh, Appender appender) {
        byte[] text = cache.text();
        int from = cache.from(slot);
        int length = cache.length(slot);
        hash.hash(text, from, length);
        keyed(hash.high(), hash.low());
        long ref = appender.series(key, 0, KEY_BYTES, (wire, offset, bytes) -> {
            Labels stored = fresh != null ? fresh : labelsOf(text, from, length);
            if (stored == null) {
                throw new AssertionError("BUG: a series that relabelling drops is kept");
            }
            return stored;
        });
        cache.ref(slot, Math.max(0, ref));
        return ref;
    }

    private void keyed(long high, long low) {
        put(0, id);
        put(Long.BYTES, high);
        put(2 * Long.BYTES, low);
    }

    private void put(int at, long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            key[at + i] = (byte) (value >>> (8 * i));
        }
    }

    private void stale(int slot, ScrapeWriter writer, long millis) {
        int state = cache.state(slot);
        boolean histogram = (state & (HISTOGRAM | FLOAT_HISTOGRAM)) != 0;
        Histogram marker = histogram ? Histogram.stale((state & FLOAT_HISTOGRAM) != 0) : null;
        append(slot, null, writer, millis, StaleMarker.VALUE, marker, null);
    }

    /** Ends the series that this scrape did not tell, and forgets them when they are many. */
    private void ended(ScrapeWriter writer, long millis) {
        int dead = 0;
        for (int slot = 0; slot < cache.size(); slot++) {
            int state = cache.state(slot);
            boolean now = cache.seen(slot) == scrape && (state & NOW) != 0;
            if ((state & LIVE) != 0 && !now) {
                stale(slot, writer, millis);
            }
            cache.state(slot, (byte) (now ? state & ~NOW | LIVE : state & ~(NOW | LIVE)));
            dead += cache.seen(slot) == scrape ? 0 : 1;
        }
        if (dead > MOST_DEAD || dead > cache.size() / 4) {
            cache.keep(scrape);
        }
    }

    /** Writes the series that tell of a scrape, and hands all of it to the store. */
    public void report(Report report, Counts counts, ScrapeWriter writer, long millis) {
        for (Reported each : Reported.values()) {
            if (!each.extra() || config.format().extraMetrics()) {
                appendReport(each, writer, millis, each.value(report, counts));
            }
        }
        reported = true;
        writer.commit();
    }

    private void appendReport(Reported each, ScrapeWriter writer, long millis, double value) {
        Appender appender = writer.appender();
        int place = each.place();
        Verdict verdict = Verdict.UNKNOWN_REF;
        for (int i = 0; i < TRIES; i++) {
            long ref = reportRefs[place];
            if (ref <= 0) {
                keyed(0, place);
                ref = appender.series(key, 0, KEY_BYTES, (wire, offset, length) -> labels.reported(each.metric()));
                reportRefs[place] = Math.max(0, ref);
            }
            verdict = appender.append(ref, ticks(millis), value);
            if (verdict == Verdict.UNKNOWN_REF) {
                reportRefs[place] = 0;
            } else if (verdict == Verdict.BATCH_FULL && appender.pending() > 0) {
                writer.commit();
            } else {
                break;
            }
        }
        if (verdict.isRefusal()) {
            writer.refused(verdict.reason(), 1);
        }
    }

    /**
     * Ends all series of a target that has gone.
     *
     * @param others labels of series that go on elsewhere, and do not end
     * @param reports whether the series that tell of its scrapes end, too
     */
    public void gone(ScrapeWriter writer, long millis, Set<Labels> others, boolean reports) {
        for (int slot = 0; slot < cache.size(); slot++) {
            int state = cache.state(slot);
            boolean ends = (state & LIVE) != 0
                    && (others.isEmpty()
                            || !others.contains(labelsOf(cache.text(), cache.from(slot), cache.length(slot))));
            if (ends) {
                stale(slot, writer, millis);
            }
            cache.state(slot, (byte) (state & ~LIVE));
        }
        if (reports && reported) {
            for (Reported each : Reported.values()) {
                if (!each.extra() || config.format().extraMetrics()) {
                    appendReport(each, writer, millis, StaleMarker.VALUE);
                }
            }
        }
        writer.commit();
    }

    /** What the target says about its metrics, by their names. */
    public SortedMap<String, SaidOfMetric> metadata() {
        SortedMap<String, SaidOfMetric> all = new TreeMap<>();
        for (int slot = 0; slot < cache.size(); slot++) {
            SaidOfMetric said = cache.kind(slot) == SeriesCache.METADATA
                    ? SeriesKeys.said(cache.text(), cache.from(slot), cache.length(slot))
                    : null;
            if (said != null) {
                all.merge(said.metric(), said, SaidOfMetric::with);
            }
        }
        return all;
    }

    /** Labels of the series that were told last. */
    public Set<Labels> live() {
        Set<Labels> live = new HashSet<>();
        for (int slot = 0; slot < cache.size(); slot++) {
            if ((cache.state(slot) & LIVE) != 0) {
                Labels stored = labelsOf(cache.text(), cache.from(slot), cache.length(slot));
                if (stored != null) {
                    live.add(stored);
                }
            }
        }
        return live;
    }
}
