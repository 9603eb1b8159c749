package io.varve.core.ingest;

import io.varve.core.model.Labels;

/**
 * Which shard a series lives in, for ever: it hangs on the series' labels and the number of shards alone.
 *
 * <p>The hash is FNV-1a of 64 bits over the UTF-8 bytes of name and value of each label, in the order that labels have,
 * with a byte 0xFF behind each text (no UTF-8 has one). Its bits are mixed as by MurmurHash3's last step, and the upper
 * 32 of them, as a fraction of 2³², are the place among the shards. A metric's metadata live where the hash of its name
 * alone says.
 */
final class ShardChoice {

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private ShardChoice() {}

    static int of(Labels labels, int shards) {
        long hash = FNV_BASIS;
        for (int i = 0; i < labels.size(); i++) {
            hash = text(text(hash, labels.name(i)), labels.value(i));
        }
        return place(hash, shards);
    }

    static int of(String metric, int shards) {
        return place(text(FNV_BASIS, metric), shards);
    }

    private static long text(long hash, String text) {
        long h = hash;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                h = add(h, c);
            } else if (c < 0x800) {
                h = add(add(h, 0xc0 | c >> 6), 0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                h = add(add(add(h, 0xe0 | c >> 12), 0x80 | c >> 6 & 0x3f), 0x80 | c & 0x3f);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                h = add(add(h, 0xf0 | point >> 18), 0x80 | point >> 12 & 0x3f);
                h = add(add(h, 0x80 | point >> 6 & 0x3f), 0x80 | point & 0x3f);
            } else {
                h = add(h, '?'); // half a pair is kept as a question mark
            }
        }
        return add(h, 0xff);
    }

    private static long add(long hash, int value) {
        return (hash ^ value) * FNV_PRIME;
    }

    private static int place(long hash, int shards) {
        long h = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return (int) ((h >>> Integer.SIZE) * shards >>> Integer.SIZE);
    }
}
