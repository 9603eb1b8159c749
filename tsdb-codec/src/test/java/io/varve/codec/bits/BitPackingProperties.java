package io.varve.codec.bits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Packed integers come back in every width and count, and use the bytes that the format gives them. */
class BitPackingProperties {

    private final BitPacking packing = new BitPacking();

    @Property(tries = 400)
    void lowBitsComeBack(
            @ForAll @IntRange(max = 64) int width,
            @ForAll @IntRange(max = BitPacking.BLOCK) int drawn,
            @ForAll boolean whole,
            @ForAll long seed) {
        int count = whole ? BitPacking.BLOCK : drawn;
        long[] source = new Random(seed).longs(count + 2).toArray();
        byte[] bytes = new byte[BitPacking.packedBytes(count, width) + 2];
        bytes[bytes.length - 1] = 0x5a;
        packing.pack(source, 1, count, width, bytes, 1);
        assertThat(bytes[0]).isZero();
        assertThat(bytes[bytes.length - 1]).isEqualTo((byte) 0x5a);
        long[] target = new long[count + 2];
        packing.unpack(bytes, 1, count, width, target, 1);
        for (int i = 1; i <= count; i++) {
            assertThat(target[i]).isEqualTo(source[i] & BitPacking.mask(width));
        }
        assertThat(target[0] + target[count + 1]).isZero();
    }

    @Property(tries = 100)
    void aWholeBlockIsTransposedAsDocumented(@ForAll @IntRange(min = 1, max = 64) int width, @ForAll long seed) {
        long[] source = new Random(seed).longs(BitPacking.BLOCK).toArray();
        byte[] bytes = new byte[BitPacking.packedBytes(BitPacking.BLOCK, width)];
        packing.pack(source, 0, BitPacking.BLOCK, width, bytes, 0);
        for (int i = 0; i < BitPacking.BLOCK; i += 7) {
            for (int bit = 0; bit < width; bit++) {
                int inLane = i / 16 * width + bit;
                int word = 16 * (inLane / 64) + i % 16;
                int found = (bytes[8 * word + inLane % 64 / 8] >>> (inLane % 8)) & 1;
                assertThat(found).isEqualTo((int) ((source[i] >>> bit) & 1));
            }
        }
    }

    @Property(tries = 200)
    void integersOfAnyLengthComeBack(@ForAll long value) {
        byte[] bytes = new byte[32];
        PageWriter out = new PageWriter();
        out.reset(bytes, 3);
        out.writeVarint(value);
        out.writeSigned(value);
        out.writeLong(value);
        PageReader in = new PageReader();
        in.reset(bytes, 3, out.length());
        assertThat(in.readVarint()).isEqualTo(value);
        assertThat(in.readSigned()).isEqualTo(value);
        assertThat(in.readLong()).isEqualTo(value);
        in.finish();
    }
}
