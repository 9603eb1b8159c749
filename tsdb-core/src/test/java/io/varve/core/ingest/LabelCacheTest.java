package io.varve.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.index.KeyedHash;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelCacheTest {

    @Test
    void findsWhatWasPutAndNothingElse() {
        LabelCache cache = new LabelCache(1 << 20);
        Random random = new Random(1);
        long[] keys = random.longs(40_000).toArray();
        for (int i = 0; i < keys.length; i += 2) {
            cache.put(keys[i], keys[i + 1], i);
        }
        for (int i = 0; i < keys.length; i += 2) {
            assertThat(cache.find(keys[i], keys[i + 1])).isEqualTo(i);
            assertThat(cache.find(keys[i], keys[i + 1] + 1)).isEqualTo(-1);
        }
    }

    @Test
    void isBounded() {
        LabelCache cache = new LabelCache(5_000);
        for (int i = 1; i < 1_000_000; i++) {
            cache.put(i * 0x9e3779b97f4a7c15L, i, i);
        }
        assertThat(cache.bytes()).isLessThan(1 << 20);
    }

    @Test
    void hashesDifferForDifferentBytesOffsetsDoNotMatterAndSecretsDo() {
        KeyedHash hash = KeyedHash.withSecret(new Random(1));
        KeyedHash other = KeyedHash.withSecret(new Random(2));
        Set<Long> seen = new HashSet<>();
        byte[] bytes = new byte[300];
        new Random(3).nextBytes(bytes);
        for (int length = 0; length < 250; length++) {
            hash.hash(bytes, 7, length);
            assertThat(seen.add(hash.high())).isTrue();
            assertThat(seen.add(hash.low())).isTrue();
            long high = hash.high();
            byte[] moved = new byte[length];
            System.arraycopy(bytes, 7, moved, 0, length);
            hash.copy().hash(moved, 0, length);
            hash.hash(moved, 0, length);
            assertThat(hash.high()).isEqualTo(high);
            other.hash(moved, 0, length);
            assertThat(other.high()).isNotEqualTo(high);
        }
        for (int bit = 0; bit < 200 * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            hash.hash(flipped, 0, 200);
            assertThat(seen.add(hash.high())).isTrue();
        }
    }
}
