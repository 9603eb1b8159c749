package io.varve.query.function;

import io.varve.core.model.Labels;
import java.nio.charset.StandardCharsets;

/**
 * A hash of label sets that is the same in every process, so that what is chosen by it stays chosen: FNV-1a over
 * the UTF-8 bytes (G. Fowler, L. C. Noll, K.-P. Vo), with the last mixing of MurmurHash3 (A. Appleby).
 */
public final class LabelHash {

    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final byte SEPARATOR = (byte) 0xff; // never a byte of UTF-8

    private LabelHash() {}

    /** Where in [0, 1) a label set lies, its name included; label sets are spread evenly. */
    public static double place(Labels labels) {
        return (of(labels) >>> 11) * 0x1p-53;
    }

    private static long of(Labels labels) {
        long hash = BASIS;
        for (int i = 0; i < labels.size(); i++) {
            hash = add(add(hash, labels.name(i)), labels.value(i));
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }

    private static long add(long hash, String text) {
        long next = hash;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            next = (next ^ (b & 0xff)) * PRIME;
        }
        return (next ^ (SEPARATOR & 0xff)) * PRIME;
    }
}
