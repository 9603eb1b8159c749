package io.varve.core.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is kept for each combination of label values, in one array of keys and values. A key is one string, of the
 * lengths and characters of the values in turn. Any thread; finding what is there takes no lock and allocates nothing.
 *
 * @param <C> what is kept
 */
final class LabelSets<C> {

    private static final VarHandle KEYS = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int FIRST_SLOTS = 4;

    /** In front of a length that is longer by as much. */
    private static final char LONG = 0xffff;

    /** Key and value of a slot stand side by side: a value is written before its key. */
    private volatile @Nullable Object[] table = new Object[2 * FIRST_SLOTS];

    private int size;
    private long keyCharacters;

    /** Values of labels and what is kept for them. */
    record Entry<C>(List<String> values, C kept) {}

    /** What is kept for some values, or null. */
    @Nullable
    C get(String... values) {
        @Nullable Object[] seen = table;
        int mask = seen.length / 2 - 1;
        for (int slot = hash(values) & mask; ; slot = slot + 1 & mask) {
            Object key = KEYS.getAcquire(seen, 2 * slot);
            if (key == null) {
                return null;
            }
            if (isKey((String) key, values)) {
                return kept(seen[2 * slot + 1]);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable C kept(@Nullable Object value) {
        return (C) value;
    }

    /** What is kept for some values, made if it is not there; null if it would be one more than the limit. */
    synchronized @Nullable C getOrMake(int limit, Supplier<C> maker, String... values) {
        C there = get(values);
        if (there != null) {
            return there;
        }
        if (size >= limit) {
            return null;
        }
        C made = maker.get();
        put(made, values);
        return made;
    }

    /** Puts something in place of what is there; false if it would be one more than the limit. */
    synchronized boolean replace(int limit, C kept, String... values) {
        boolean known = get(values) != null;
        if (!known && size >= limit) {
            return false;
        }
        if (known) {
            rebuild(key(values), kept);
        } else {
            put(kept, values);
        }
        return true;
    }

    /** Takes something away if it is still there. */
    synchronized void remove(C kept, String... values) {
        if (get(values) == kept) {
            rebuild(key(values), null);
        }
    }

    private void put(C kept, String... values) {
        if (8 * (size + 1) > 7 * (table.length / 2)) {
            @Nullable Object[] old = table;
            @Nullable Object[] larger = new Object[2 * old.length];
            for (int i = 0; i < old.length; i += 2) {
                if (old[i] instanceof String key) {
                    insert(larger, key, old[i + 1]);
                }
            }
            table = larger;
        }
        String key = key(values);
        insert(table, key, kept);
        keyCharacters += key.length();
        size++;
    }

    /** A table without a key, or with another value for it. */
    private void rebuild(String changed, @Nullable C kept) {
        @Nullable Object[] old = table;
        @Nullable Object[] fresh = new Object[old.length];
        int left = 0;
        long characters = 0;
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] instanceof String key) {
                Object value = key.equals(changed) ? kept : old[i + 1];
                if (value != null) {
                    insert(fresh, key, value);
                    characters += key.length();
                    left++;
                }
            }
        }
        keyCharacters = characters;
        size = left;
        table = fresh;
    }

    private static void insert(@Nullable Object[] into, String key, @Nullable Object value) {
        int mask = into.length / 2 - 1;
        int slot = hash(values(key).toArray(new String[0])) & mask;
        while (into[2 * slot] != null) {
            slot = slot + 1 & mask;
        }
        into[2 * slot + 1] = value;
        KEYS.setRelease(into, 2 * slot, key);
    }

    private static int hash(String... values) {
        int hash = 0;
        for (String value : values) {
            hash = 31 * hash + value.hashCode();
        }
        hash *= 0x9E3779B9;
        return hash ^ hash >>> 15;
    }

    private static String key(String... values) {
        StringBuilder key = new StringBuilder();
        for (String value : values) {
            for (int left = value.length(); left >= LONG; left -= LONG) {
                key.append(LONG);
            }
            key.append((char) (value.length() % LONG)).append(value);
        }
        return key.toString();
    }

    private static boolean isKey(String key, String... values) {
        int at = 0;
        for (String value : values) {
            int length = 0;
            while (at < key.length() && key.charAt(at) == LONG) {
                length += LONG;
                at++;
            }
            length += at < key.length() ? key.charAt(at) : 0;
            at++;
            if (length != value.length() || !key.startsWith(value, at)) {
                return false;
            }
            at += length;
        }
        return at == key.length();
    }

    /** The values of a key. */
    static List<String> values(String key) {
        List<String> values = new ArrayList<>();
        for (int at = 0; at < key.length(); ) {
            int length = 0;
            while (key.charAt(at) == LONG) {
                length += LONG;
                at++;
            }
            length += key.charAt(at++);
            values.add(key.substring(at, at + length));
            at += length;
        }
        return values;
    }

    /** Shows everything that is there with its key, in no order; allocates nothing. */
    void forEach(BiConsumer<String, C> reader) {
        @Nullable Object[] seen = table;
        for (int i = 0; i < seen.length; i += 2) {
            if (KEYS.getAcquire(seen, i) instanceof String key) {
                C kept = kept(seen[i + 1]);
                if (kept != null) {
                    reader.accept(key, kept);
                }
            }
        }
    }

    /** Everything that is there, in no order. */
    List<Entry<C>> entries() {
        List<Entry<C>> entries = new ArrayList<>();
        forEach((key, kept) -> entries.add(new Entry<>(values(key), kept)));
        return entries;
    }

    synchronized int size() {
        return size;
    }

    /** Bytes of memory without what is kept, as the JVM lays them out with compressed references. */
    synchronized long bytes() {
        return 16 + 4L * table.length + size * (24L + 16 + 4) + keyCharacters;
    }
}
