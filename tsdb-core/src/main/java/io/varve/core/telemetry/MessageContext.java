package io.varve.core.telemetry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an application knows of a message beside its stamps: who asked, where it was, how the machine and others were at
 * that moment. Immutable and bounded: a text over {@link #MAX_TEXT} characters, and a name or value of an entry over
 * {@link #MAX_ENTRY}, is cut, its last character then being {@link #CUT}; of a map {@link #MAX_ENTRIES} entries are
 * kept, and one more named {@link #CUT} says how many there were beyond. Nothing is refused; null is as empty.
 */
public final class MessageContext {

    /** Most characters of an id or of the node. */
    public static final int MAX_TEXT = 128;

    /** Most characters of a name or value of a resource or dependency. */
    public static final int MAX_ENTRY = 64;

    /** Most resources, and most dependencies. */
    public static final int MAX_ENTRIES = 8;

    /** Mark of what was cut. */
    public static final String CUT = "…";

    private final String requestId;
    private final String traceId;
    private final String spanId;
    private final String parentId;
    private final String node;
    private final Map<String, String> resources;
    private final Map<String, String> dependencies;

    private MessageContext(Builder from) {
        this.requestId = from.requestId;
        this.traceId = from.traceId;
        this.spanId = from.spanId;
        this.parentId = from.parentId;
        this.node = from.node;
        this.resources = from.resources.copy();
        this.dependencies = from.dependencies.copy();
    }

    /** A context that nothing is known of yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** Id of the request, or empty. */
    public String requestId() {
        return requestId;
    }

    /** Id of the trace, or empty. */
    public String traceId() {
        return traceId;
    }

    /** Id of the span, or empty. */
    public String spanId() {
        return spanId;
    }

    /** Id of the span above, or empty. */
    public String parentId() {
        return parentId;
    }

    /** Name of the node, or empty. */
    public String node() {
        return node;
    }

    /** Resources at that moment by name, in the order in which they were told. */
    public Map<String, String> resources() {
        return resources;
    }

    /** State of what the message depended on, by name, in the order in which it was told. */
    public Map<String, String> dependencies() {
        return dependencies;
    }

    /** Bytes of memory, two a character. */
    long bytes() {
        long bytes = 48;
        for (String text : new String[] {requestId, traceId, spanId, parentId, node}) {
            bytes += textBytes(text);
        }
        return bytes + mapBytes(resources) + mapBytes(dependencies);
    }

    private static long mapBytes(Map<String, String> map) {
        long bytes = 80;
        for (Map.Entry<String, String> entry : map.entrySet()) {
            bytes += 48 + textBytes(entry.getKey()) + textBytes(entry.getValue());
        }
        return bytes;
    }

    private static long textBytes(String text) {
        return 40 + 2L * text.length();
    }

    static String cut(@Nullable String text, int most) {
        if (text == null || text.length() <= most) {
            return text == null ? "" : text;
        }
        int end = most - CUT.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
    }

    /** Some entries and how many there were beyond. */
    private static final class Entries {

        private final Map<String, String> kept = new LinkedHashMap<>();
        private long beyond;

        void put(@Nullable String name, @Nullable String value) {
            String key = cut(name, MAX_ENTRY);
            if (key.isEmpty() || key.equals(CUT) || kept.size() >= MAX_ENTRIES && !kept.containsKey(key)) {
                beyond++;
            } else {
                kept.put(key, cut(value, MAX_ENTRY));
            }
        }

        Map<String, String> copy() {
            Map<String, String> copy = new LinkedHashMap<>(kept);
            if (beyond > 0) {
                copy.put(CUT, "+" + beyond);
            }
            return Collections.unmodifiableMap(copy);
        }
    }

    /** Collects what is known; one thread. */
    public static final class Builder {

        private final Entries resources = new Entries();
        private final Entries dependencies = new Entries();
        private String requestId = "";
        private String traceId = "";
        private String spanId = "";
        private String parentId = "";
        private String node = "";

        private Builder() {}

        /** Id of the request. */
        public Builder requestId(@Nullable String value) {
            requestId = cut(value, MAX_TEXT);
            return this;
        }

        /** Id of the trace. */
        public Builder traceId(@Nullable String value) {
            traceId = cut(value, MAX_TEXT);
            return this;
        }

        /** Id of the span. */
        public Builder spanId(@Nullable String value) {
            spanId = cut(value, MAX_TEXT);
            return this;
        }

        /** Id of the span above. */
        public Builder parentId(@Nullable String value) {
            parentId = cut(value, MAX_TEXT);
            return this;
        }

        /** Name of the node. */
        public Builder node(@Nullable String value) {
            node = cut(value, MAX_TEXT);
            return this;
        }

        /** A resource at this moment: {@code "heap_used"} and {@code "81 %"}. */
        public Builder resource(@Nullable String name, @Nullable String value) {
            resources.put(name, value);
            return this;
        }

        /** How something is that the message depends on: {@code "metadata_store"} and {@code "no leader"}. */
        public Builder dependency(@Nullable String name, @Nullable String state) {
            dependencies.put(name, state);
            return this;
        }

        /** What was collected. */
        public MessageContext build() {
            return new MessageContext(this);
        }
    }
}
