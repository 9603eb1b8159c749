package io.varve.core;

import io.varve.core.model.Resolution;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.RollupRule;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** How a store behaves. Immutable: each method that takes a value returns a changed copy. */
public final class TsdbConfig {

    private Resolution resolution = Resolution.MILLIS;
    private int shards;
    private Duration retention = Duration.ZERO;
    private long retentionBytes;
    private List<RetentionRule> retentionRules = List.of();
    private List<RollupRule> rollups = List.of();
    private Duration exemplarRetention = Duration.ZERO;
    private Duration blockSpan = Duration.ofHours(2);
    private long headBytes = 256L << 20;
    private long walBytes = 64L << 20;
    private int ringBytes = 8 << 20;
    private int maxSeries = 10_000_000;
    private int newSeriesPerMinute;
    private Duration seriesIdle = Duration.ofMinutes(10);
    private Duration outOfOrderWindow = Duration.ZERO;
    private Duration admissionWait = Duration.ofSeconds(2);
    private Duration diskPatience = Duration.ofSeconds(30);

    private TsdbConfig() {}

    /** A configuration that needs no change to start with. */
    public static TsdbConfig defaults() {
        return new TsdbConfig();
    }

    private TsdbConfig change(Consumer<TsdbConfig> change) {
        TsdbConfig copy = new TsdbConfig();
        copy.resolution = resolution;
        copy.shards = shards;
        copy.retention = retention;
        copy.retentionBytes = retentionBytes;
        copy.retentionRules = retentionRules;
        copy.rollups = rollups;
        copy.exemplarRetention = exemplarRetention;
        copy.blockSpan = blockSpan;
        copy.headBytes = headBytes;
        copy.walBytes = walBytes;
        copy.ringBytes = ringBytes;
        copy.maxSeries = maxSeries;
        copy.newSeriesPerMinute = newSeriesPerMinute;
        copy.seriesIdle = seriesIdle;
        copy.outOfOrderWindow = outOfOrderWindow;
        copy.admissionWait = admissionWait;
        copy.diskPatience = diskPatience;
        change.accept(copy);
        return copy;
    }

    /** Unit of time, fixed when the store is created; milliseconds by default. */
    public Resolution resolution() {
        return resolution;
    }

    /** A copy with another {@link #resolution()}. */
    public TsdbConfig resolution(Resolution value) {
        return change(copy -> copy.resolution = value);
    }

    /**
     * Number of shards, fixed when the store is created: each has a writing thread and a log of its own. Zero, the
     * default, takes those that the store has, and for a new one as many as the machine is good for: one up to four
     * cores, and one for each four cores from there on.
     */
    public int shards() {
        return shards;
    }

    /** A copy with another {@link #shards()}, 0 to 64. */
    public TsdbConfig shards(int value) {
        return change(copy -> copy.shards = value);
    }

    /**
     * Age at which samples expire; zero, the default, keeps everything. Ages are counted from the newest sample or the
     * wall clock, whichever is earlier, and never from a clock that jumped by over a day until it is confirmed.
     */
    public Duration retention() {
        return retention;
    }

    /** A copy with another {@link #retention()}. */
    public TsdbConfig retention(Duration value) {
        return change(copy -> copy.retention = value);
    }

    /** Bytes of blocks and log beyond which the oldest blocks are deleted; zero, the default, for no limit. */
    public long retentionBytes() {
        return retentionBytes;
    }

    /** A copy with another {@link #retentionBytes()}. */
    public TsdbConfig retentionBytes(long value) {
        return change(copy -> copy.retentionBytes = value);
    }

    /** Exceptions to {@link #retention()}: the first whose matchers a series satisfies holds for it. */
    public List<RetentionRule> retentionRules() {
        return retentionRules;
    }

    /** A copy with other {@link #retentionRules()}. */
    public TsdbConfig retentionRules(List<RetentionRule> value) {
        return change(copy -> copy.retentionRules = List.copyOf(value));
    }

    /**
     * Aggregates that are kept for longer than samples, none by default: {@link RollupRule#hourly} and {@link
     * RollupRule#fiveMinutes} are the usual ones. Series have them only if they outlive the series' samples.
     */
    public List<RollupRule> rollups() {
        return rollups;
    }

    /**
     * A copy with other {@link #rollups()}.
     *
     * @throws IllegalArgumentException if two of them have one width
     */
    public TsdbConfig rollups(List<RollupRule> value) {
        return change(copy -> copy.rollups = RollupRule.distinct(value));
    }

    /**
     * Age at which exemplars are no longer answered, and go with the next merge; zero, the default, keeps them as long
     * as samples. They are never kept longer than those.
     */
    public Duration exemplarRetention() {
        return exemplarRetention;
    }

    /** A copy with another {@link #exemplarRetention()}. */
    public TsdbConfig exemplarRetention(Duration value) {
        return change(copy -> copy.exemplarRetention = value);
    }

    /** Span of time after which the head is sealed into a block; two hours by default. */
    public Duration blockSpan() {
        return blockSpan;
    }

    /** A copy with another {@link #blockSpan()}. */
    public TsdbConfig blockSpan(Duration value) {
        return change(copy -> copy.blockSpan = value);
    }

    /**
     * Memory of the head in bytes; 256 MiB by default. Half of what its series leave is for the active generation,
     * which freezes early then; at three quarters there are no new series. Shards have equal parts of it.
     */
    public long headBytes() {
        return headBytes;
    }

    /** A copy with another {@link #headBytes()}. */
    public TsdbConfig headBytes(long value) {
        return change(copy -> copy.headBytes = value);
    }

    /** Bytes of log at which the head freezes early; 64 MiB by default. Shards have equal parts of it. */
    public long walBytes() {
        return walBytes;
    }

    /** A copy with another {@link #walBytes()}. */
    public TsdbConfig walBytes(long value) {
        return change(copy -> copy.walBytes = value);
    }

    /**
     * Capacity of the ingest ring in bytes, a power of two; 8 MiB by default. Of several shards each has a ring, of the
     * largest power of two with which all of them keep within it, and of 64 KiB at least.
     */
    public int ringBytes() {
        return ringBytes;
    }

    /** A copy with another {@link #ringBytes()}. */
    public TsdbConfig ringBytes(int value) {
        return change(copy -> copy.ringBytes = value);
    }

    /**
     * Most series that the store accepts at a time; ten million by default. Shards that make series at the same moment
     * may pass it by one each.
     */
    public int maxSeries() {
        return maxSeries;
    }

    /** A copy with another {@link #maxSeries()}. */
    public TsdbConfig maxSeries(int value) {
        return change(copy -> copy.maxSeries = value);
    }

    /** Most new series that the store accepts a minute; zero, the default, for no limit. Known series go on. */
    public int newSeriesPerMinute() {
        return newSeriesPerMinute;
    }

    /** A copy with another {@link #newSeriesPerMinute()}. */
    public TsdbConfig newSeriesPerMinute(int value) {
        return change(copy -> copy.newSeriesPerMinute = value);
    }

    /**
     * How long a series is without samples at least before the head forgets it, once its samples lie in blocks; ten
     * minutes by default. It comes back with its next sample.
     */
    public Duration seriesIdle() {
        return seriesIdle;
    }

    /** A copy with another {@link #seriesIdle()}. */
    public TsdbConfig seriesIdle(Duration value) {
        return change(copy -> copy.seriesIdle = value);
    }

    /** How far behind the newest sample of its series a sample may be; zero, the default, for no limit. */
    public Duration outOfOrderWindow() {
        return outOfOrderWindow;
    }

    /** A copy with another {@link #outOfOrderWindow()}. */
    public TsdbConfig outOfOrderWindow(Duration value) {
        return change(copy -> copy.outOfOrderWindow = value);
    }

    /** How long a commit waits for room in the ring before it is refused; two seconds by default. */
    public Duration admissionWait() {
        return admissionWait;
    }

    /** A copy with another {@link #admissionWait()}. */
    public TsdbConfig admissionWait(Duration value) {
        return change(copy -> copy.admissionWait = value);
    }

    /**
     * How long a batch that is applied waits for a disk that has failed, before its commit ends as
     * {@link io.varve.core.storage.CommitException.Reason#UNKNOWN}; thirty seconds by default.
     */
    public Duration diskPatience() {
        return diskPatience;
    }

    /** A copy with another {@link #diskPatience()}. */
    public TsdbConfig diskPatience(Duration value) {
        return change(copy -> copy.diskPatience = value);
    }
}
