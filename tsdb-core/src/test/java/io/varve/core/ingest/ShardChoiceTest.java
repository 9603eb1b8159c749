package io.varve.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Where a series lives must never change: a store would look for it elsewhere. */
class ShardChoiceTest {

    /** The documented hash, slowly, in whole numbers. */
    private static int slowly(byte[] bytes, int shards) {
        BigInteger mask = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
        BigInteger hash = new BigInteger("cbf29ce484222325", 16);
        for (byte b : bytes) {
            hash = hash.xor(BigInteger.valueOf(b & 0xff))
                    .multiply(new BigInteger("100000001b3", 16))
                    .and(mask);
        }
        for (String factor : new String[] {"ff51afd7ed558ccd", "c4ceb9fe1a85ec53"}) {
            hash = hash.xor(hash.shiftRight(33))
                    .multiply(new BigInteger(factor, 16))
                    .and(mask);
        }
        hash = hash.xor(hash.shiftRight(33));
        return hash.shiftRight(32)
                .multiply(BigInteger.valueOf(shards))
                .shiftRight(32)
                .intValueExact();
    }

    private static byte[] bytes(String... texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String text : texts) {
            bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            bytes.write(0xff);
        }
        return bytes.toByteArray();
    }

    @Test
    void isTheDocumentedHash() {
        String[] values = {
            "",
            "a",
            "host-17",
            "\u00fc\u00df",
            "\u20ac",
            "\ud83d\ude00x",
            "\ud83d",
            "\ude00y",
            "\u0000\u007f\u0080\u07ff\u0800\uffff"
        };
        for (int shards = 1; shards <= 64; shards++) {
            for (String value : values) {
                assertThat(ShardChoice.of(value, shards)).as(value).isEqualTo(slowly(bytes(value), shards));
                Labels labels = Labels.of("__name__", "m" + shards, "b", value, "\u00e4", "z");
                byte[] expected = value.isEmpty()
                        ? bytes("__name__", "m" + shards, "\u00e4", "z")
                        : bytes("__name__", "m" + shards, "b", value, "\u00e4", "z");
                assertThat(ShardChoice.of(labels, shards)).as(value).isEqualTo(slowly(expected, shards));
            }
        }
    }

    @Test
    void staysWhereItWas() {
        StringBuilder places = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            places.append(ShardChoice.of(Labels.of("__name__", "up", "instance", "host" + i), 7));
        }
        assertThat(places.toString()).isEqualTo("31122100564650344546");
    }

    @Test
    void spreadsEvenly() {
        for (int shards : new int[] {2, 3, 16, 64}) {
            int[] counts = new int[shards];
            int series = 1_000 * shards;
            for (int i = 0; i < series; i++) {
                counts[ShardChoice.of(Labels.of("__name__", "m", "i", Integer.toString(i)), shards)]++;
            }
            for (int count : counts) {
                assertThat(count).as("of %s shards", shards).isBetween(850, 1_150);
            }
        }
    }
}
