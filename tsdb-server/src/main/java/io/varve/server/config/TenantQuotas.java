package io.varve.server.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant may cost; 0 is no quota.
 *
 * @param series series that its store accepts at a time
 * @param newSeriesPerMinute new series that its store accepts a minute
 * @param samplesPerSecond samples that it may write a second, over time
 * @param bytes what its blocks and its log may take on disk
 * @param queryBytes memory that its queries may hold together
 * @param queryConcurrency its queries at a time
 */
public record TenantQuotas(
        int series, int newSeriesPerMinute, long samplesPerSecond, long bytes, long queryBytes, int queryConcurrency) {

    /** No quotas. */
    public static final TenantQuotas NONE = new TenantQuotas(0, 0, 0, 0, 0, 0);

    private static final String SERIES = "series";
    private static final String NEW_SERIES = "new_series_per_minute";
    private static final String SAMPLES = "samples_per_second";
    private static final String BYTES = "bytes";
    private static final String QUERY_BYTES = "query_bytes";
    private static final String QUERIES = "query_concurrency";
    private static final List<String> KEYS = List.of(SERIES, NEW_SERIES, SAMPLES, BYTES, QUERY_BYTES, QUERIES);

    private static final int MOST = 1_000_000_000;
    private static final long LEAST_BYTES = 1L << 20;

    /** What a tenant has if nothing is written: a part of what the server has for all. */
    static TenantQuotas standard(LimitsConfig limits) {
        return new TenantQuotas(
                Math.min(100_000, limits.series()),
                20_000,
                100_000,
                10L << 30,
                Math.max(LEAST_BYTES, limits.queriesBytes() / 4),
                Math.max(1, limits.queryConcurrency() / 2));
    }

    /** These with what is written at a place. */
    TenantQuotas with(@Nullable YamlNode node) {
        if (node == null) {
            return this;
        }
        Map<String, YamlNode> keys = node.keys(KEYS);
        return new TenantQuotas(
                (int) count(keys.get(SERIES), series),
                (int) count(keys.get(NEW_SERIES), newSeriesPerMinute),
                count(keys.get(SAMPLES), samplesPerSecond),
                bytes(keys.get(BYTES), bytes),
                bytes(keys.get(QUERY_BYTES), queryBytes),
                (int) count(keys.get(QUERIES), queryConcurrency));
    }

    /** As {@link #with} for the default tenant, the series of whose store have keys of their own. */
    TenantQuotas withoutSeries(YamlNode node) {
        for (String key : List.of(SERIES, NEW_SERIES)) {
            YamlNode written = node.keys(KEYS).get(key);
            if (written != null) {
                throw written.refusal("of the default tenant it is limits." + key + ": write it there");
            }
        }
        return with(node);
    }

    private static long count(@Nullable YamlNode node, long otherwise) {
        return node == null || node.isEmpty() ? otherwise : count(node, 0, MOST);
    }

    /** A whole number that stands at a place. */
    static long count(YamlNode node, long least, long most) {
        long value;
        try {
            value = Long.parseLong(node.text().trim().replace("_", ""));
        } catch (NumberFormatException e) {
            throw node.refusal("not a whole number: " + node.text());
        }
        if (value < least || value > most) {
            throw node.refusal("must be from " + least + " to " + most + ": " + value);
        }
        return value;
    }

    private static long bytes(@Nullable YamlNode node, long otherwise) {
        if (node == null || node.isEmpty()) {
            return otherwise;
        }
        long value;
        try {
            value = Quantity.bytes(node.text());
        } catch (IllegalArgumentException e) {
            throw node.refusal(String.valueOf(e.getMessage()));
        }
        if (value != 0 && value < LEAST_BYTES) {
            throw node.refusal(
                    "must be 0 for no quota, or at least " + Quantity.describeBytes(LEAST_BYTES) + ": " + node.text());
        }
        return value;
    }
}
