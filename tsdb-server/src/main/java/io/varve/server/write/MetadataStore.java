package io.varve.server.write;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What senders said last about their metrics: type, help and unit by metric name. Kept in memory only, bounded by
 * count and by text: when it is full, known names are still updated and new ones are let go, and long texts are cut.
 * Safe for any thread.
 */
public final class MetadataStore {

    private static final int MAX_NAME = 1 << 10;
    private static final int MAX_HELP = 4 << 10;
    private static final int MAX_UNIT = 256;

    /**
     * What is known of a metric.
     *
     * @param type as Prometheus' API names it: counter, gauge, histogram, gaugehistogram, summary, info, stateset or
     *     unknown
     * @param help one sentence, or empty
     * @param unit as OpenMetrics names it, or empty
     */
    public record Metadata(String type, String help, String unit) {

        /** Nothing known. */
        public static final Metadata UNKNOWN = new Metadata("unknown", "", "");
    }

    private final ConcurrentHashMap<String, Metadata> entries = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final int capacity;

    /** An empty store for at most this many names. */
    public MetadataStore(int capacity) {
        this.capacity = capacity;
    }

    /** Metadata with the type's name in Prometheus' API, and texts cut to what the engine stores. */
    public static io.varve.core.model.Metadata stored(Metadata said) {
        return new io.varve.core.model.Metadata(
                io.varve.core.model.Metadata.Type.byLabel(said.type()),
                cut(said.help(), MAX_HELP),
                cut(said.unit(), MAX_UNIT));
    }

    /** Replaces what is known of a metric. */
    public void put(String name, Metadata metadata) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return;
        }
        Metadata kept = new Metadata(metadata.type(), cut(metadata.help(), MAX_HELP), cut(metadata.unit(), MAX_UNIT));
        if (entries.replace(name, kept) != null) {
            return;
        }
        if (count.incrementAndGet() > capacity || entries.put(name, kept) != null) {
            count.decrementAndGet();
        }
    }

    /** Sets the type of a metric and keeps the rest. */
    public void type(String name, String type) {
        Metadata known = known(name);
        put(name, new Metadata(type, known.help(), known.unit()));
    }

    /** Sets the help of a metric and keeps the rest. */
    public void help(String name, String help) {
        Metadata known = known(name);
        put(name, new Metadata(known.type(), help, known.unit()));
    }

    /** Sets the unit of a metric and keeps the rest. */
    public void unit(String name, String unit) {
        Metadata known = known(name);
        put(name, new Metadata(known.type(), known.help(), unit));
    }

    /** The beginning of a text, never half a character. */
    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest);
    }

    private Metadata known(String name) {
        return entries.getOrDefault(name, Metadata.UNKNOWN);
    }

    /** What is known of a metric, or null. */
    public @Nullable Metadata get(String name) {
        return entries.get(name);
    }

    /** Number of names that are known. */
    public int size() {
        return count.get();
    }

    /** Everything that is known, by name; a copy. */
    public Map<String, Metadata> snapshot() {
        return new TreeMap<>(entries);
    }
}
