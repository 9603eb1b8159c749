package io.varve.server.tenant;

import io.varve.core.TsdbLimit;
import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.query.QueryMemory;
import io.varve.server.config.TenantQuotas;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpProblem;
import io.varve.server.write.WriteQuota;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Holds a tenant to its quotas, and keeps it from taking all of what tenants share: threads that answer, places for
 * writes. What it refuses is decided before a body is read, counted, and told with what to do. Any thread.
 */
public final class TenantGuard implements WriteQuota {

    /** What is bounded, by the names that configuration and metrics have. */
    public enum Limit {
        SERIES,
        NEW_SERIES_PER_MINUTE,
        SAMPLES_PER_SECOND,
        BYTES,
        QUERY_BYTES,
        QUERY_CONCURRENCY,
        REQUESTS,
        WRITE_CONCURRENCY;

        /** The name. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What tenants share.
     *
     * @param queries lets queries of all work
     * @param writes lets writes of all work
     * @param memory what queries of all hold
     * @param threads that answer requests
     * @param processors what queries of all work on
     */
    public record Shared(
            ConcurrencyGate queries,
            ConcurrencyGate writes,
            QueryMemory memory,
            int threads,
            ProcessorShare processors) {}

    /** A tenant has at most a part of this of the threads and of the places for writes. */
    private static final int PART = 4;

    private static final long QUERY_WAIT_MILLIS = 2_000;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int DISK_RETRY_SECONDS = 60;

    /** Reasons of the engine that are quotas here. */
    private static final Map<String, Limit> REASONS =
            Map.of("series_limit", Limit.SERIES, "series_rate", Limit.NEW_SERIES_PER_MINUTE);

    private final String tenant;
    private final Supplier<TenantQuotas> quotas;
    private final DiskUse disk;
    private final TokenBucket samples;
    private final RecentRate rate;
    private final ConcurrencyGate queries;
    private final ConcurrencyGate writes;
    private final QueryMemory memory;
    private final ProcessorShare.Member processors;
    private final int most;
    private final AtomicInteger inside = new AtomicInteger();
    private final Map<Limit, Counter> refused = new EnumMap<>(Limit.class);

    /**
     * A guard.
     *
     * @param tenant its name, for messages and metrics
     * @param quotas at the moment of asking
     * @param diskBytes what its store takes on disk
     */
    public TenantGuard(
            String tenant, Supplier<TenantQuotas> quotas, Shared shared, LongSupplier diskBytes, Telemetry telemetry) {
        TimeSource clock = telemetry.clock();
        this.tenant = tenant;
        this.quotas = quotas;
        this.disk = new DiskUse(clock, diskBytes);
        this.samples = new TokenBucket(clock, () -> quotas.get().samplesPerSecond());
        this.rate = new RecentRate(clock);
        this.most = Math.max(2, shared.threads / PART);
        this.queries = shared.queries.part(
                queryPlaces(), QUERY_WAIT_MILLIS, limit -> tooMany(Limit.QUERY_CONCURRENCY, "queries", limit));
        this.writes = shared.writes.part(
                Math.max(1, shared.writes.limit() / PART),
                0,
                limit -> tooMany(Limit.WRITE_CONCURRENCY, "writes", limit));
        this.memory = shared.memory.part("all queries of tenant " + tenant, this::queryBytes, () -> {
            count(Limit.QUERY_BYTES);
        });
        this.processors = shared.processors.member();
        processors.tellTo(telemetry, tenant);
        Counter all = telemetry.counter(
                Metric.of(
                        "varve_tenant_refused_total",
                        "Requests that a limit of a tenant refused, wholly or in part; of query_bytes times that there"
                                + " was no room"),
                "tenant",
                "limit");
        for (Limit limit : Limit.values()) {
            refused.put(limit, all.labels(tenant, limit.text()));
        }
    }

    private int queryPlaces() {
        int places = quotas.get().queryConcurrency();
        return places == 0 ? Integer.MAX_VALUE / 2 : places;
    }

    private long queryBytes() {
        long bytes = quotas.get().queryBytes();
        return bytes == 0 ? Long.MAX_VALUE : bytes;
    }

    private HttpProblem tooMany(Limit limit, String what, int allowed) {
        return refuse(limit, 429, "too many " + what + " of tenant " + tenant + " at once: limit=" + allowed, 1);
    }

    private HttpProblem refuse(Limit limit, int status, String message, long retrySeconds) {
        count(limit);
        return HttpProblem.of(ErrorType.UNAVAILABLE, status, message).with("Retry-After", Long.toString(retrySeconds));
    }

    private void count(Limit limit) {
        Counter counter = refused.get(limit);
        if (counter != null) {
            counter.inc();
        }
    }

    /** Takes quotas that are new into account where they are not asked for each time. */
    public void apply() {
        queries.resize(queryPlaces());
    }

    /** Lets so many of its queries work at once, among those of all. */
    public ConcurrencyGate queries() {
        return queries;
    }

    /** Lets so many of its writes work at once, among those of all. */
    public ConcurrencyGate writes() {
        return writes;
    }

    /** What its queries may hold together, out of what those of all may. */
    public QueryMemory memory() {
        return memory;
    }

    /** Gives its queries their turns at the processors, among those of all. */
    public ProcessorShare.Member processors() {
        return processors;
    }

    /** A door that at most so many threads of the server answer at once. */
    public HttpDoor around(HttpDoor door) {
        return exchange -> {
            if (inside.incrementAndGet() > most) {
                inside.decrementAndGet();
                throw tooMany(Limit.REQUESTS, "requests", most);
            }
            try {
                door.handle(exchange);
            } finally {
                inside.decrementAndGet();
            }
        };
    }

    @Override
    public void admit() {
        TenantQuotas now = quotas.get();
        long wait = samples.waitNanos();
        if (wait > 0) {
            throw refuse(
                    Limit.SAMPLES_PER_SECOND,
                    429,
                    "tenant " + tenant + " writes more than its samples_per_second=" + now.samplesPerSecond()
                            + ": send this again later, or raise the quota",
                    (wait + SECOND_NANOS - 1) / SECOND_NANOS);
        }
        if (now.bytes() > 0 && disk.bytes() >= now.bytes()) {
            throw refuse(
                    Limit.BYTES,
                    507,
                    "tenant " + tenant + " has used its bytes on disk: quota=" + now.bytes() + ", used=" + disk.bytes()
                            + ": delete data and clean, wait for retention, or raise the quota",
                    DISK_RETRY_SECONDS);
        }
    }

    @Override
    public void charge(long count) {
        samples.take(count);
        rate.add(count);
    }

    @Override
    public void refused(Map<String, Long> reasons) {
        REASONS.forEach((reason, limit) -> {
            if (reasons.containsKey(reason)) {
                count(limit);
            }
        });
    }

    /** Every limit beside those of the store, each with its use: 1 when it is reached. */
    public List<TsdbLimit> limits() {
        List<TsdbLimit> limits = quotaLimits();
        add(limits, Limit.REQUESTS, false, () -> ratio(inside.get(), most));
        add(limits, Limit.WRITE_CONCURRENCY, false, () -> ratio(writes.inside(), writes.limit()));
        return limits;
    }

    /** Those of them that are configured. */
    public List<TsdbLimit> quotaLimits() {
        List<TsdbLimit> limits = new ArrayList<>();
        add(limits, Limit.SAMPLES_PER_SECOND, false, () -> {
            long quota = quotas.get().samplesPerSecond();
            return quota == 0 ? 0 : samples.left() <= 0 ? 1 : rate.perSecond() / quota;
        });
        add(
                limits,
                Limit.BYTES,
                true,
                () -> ratio((double) disk.bytes(), (double) quotas.get().bytes()));
        add(
                limits,
                Limit.QUERY_BYTES,
                false,
                () -> ratio((double) memory.used(), (double) quotas.get().queryBytes()));
        add(
                limits,
                Limit.QUERY_CONCURRENCY,
                false,
                () -> ratio(queries.inside(), quotas.get().queryConcurrency()));
        return limits;
    }

    private static void add(List<TsdbLimit> limits, Limit limit, boolean lasting, DoubleSupplier ratio) {
        limits.add(new TsdbLimit(limit.text(), lasting, 1, () -> Math.min(1, ratio.getAsDouble())));
    }

    private static double ratio(double used, double quota) {
        return quota == 0 ? 0 : used / quota;
    }
}
