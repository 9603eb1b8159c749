package io.varve.codec.bits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Packed integers come back in every width and count, and use the bytes that the format gives them. */
class BitPackingProperties {

    private static final int ROWS = 64;

    private final BitPacking packing = new BitPacking();

    @Property(tries = 400)
    void lowBitsComeBack(
            @ForAll @IntRange(max = 64) int width,
            @ForAll @IntRange(max = BitPacking.BLOCK) int drawn,
            @ForAll boolean whole,
            @ForAll long seed) {
        int count = whole ? BitPacking.BLOCK : drawn;
        long[] source = new Random(seed).longs(count + 2).toArray();
        byte[] bytes = packed(source, count, width);
        long[] target = new long[count + 2];
        packing.unpack(bytes, 1, count, width, target, 1);
        for (int i = 1; i <= count; i++) {
            assertThat(target[i]).isEqualTo(source[i] & BitPacking.mask(width));
        }
        assertThat(target[0] + target[count + 1]).isZero();
    }

    @Property(tries = 400)
    void partsAreTheBlock(
            @ForAll @IntRange(max = 64) int width,
            @ForAll @IntRange(max = BitPacking.BLOCK) int count,
            @ForAll long seed) {
        Random random = new Random(seed);
        long[] source = random.longs(count + 2).toArray();
        byte[] bytes = packed(source, count, width);
        long[] target = new long[count + 2];
        for (int done = 0; done < count; ) {
            int most = Math.min(count - done, BitPacking.LEAST_ROOM + random.nextInt(700));
            int some = packing.unpackSome(bytes, 1, count, width, done, most, target, 1 + done);
            assertThat(some).isBetween(1, most);
            done += some;
            assertThat(target[1 + done]).isZero();
        }
        for (int i = 1; i <= count; i++) {
            assertThat(target[i]).isEqualTo(source[i] & BitPacking.mask(width));
        }
    }

    @Property(tries = 300)
    void bitsStandWhereTheFormatSays(
            @ForAll @IntRange(min = 1, max = 64) int width,
            @ForAll @IntRange(min = 1, max = BitPacking.BLOCK) int drawn,
            @ForAll @IntRange(max = 9) int special,
            @ForAll long seed) {
        int[] specials = {511, 512, 513, 720, 1_024, 4_320, BitPacking.BLOCK};
        int count = special < specials.length ? specials[special] : drawn;
        long[] source = new Random(seed).longs(count + 2).toArray();
        byte[] bytes = packed(source, count, width);
        int lanes = count / ROWS >= BitPacking.LEAST_LANES ? count / ROWS : 0;
        int streamStart = 1 + lanes * ROWS * width / Byte.SIZE;
        for (int i = 0; i < count; i += 1 + i % 3) {
            for (int bit = 0; bit < width; bit++) {
                int found;
                if (i < lanes * ROWS) {
                    int inLane = i / lanes * width + bit;
                    int word = lanes * (inLane / Long.SIZE) + i % lanes;
                    found = bytes[1 + Long.BYTES * word + inLane % Long.SIZE / Byte.SIZE] >>> (inLane % Byte.SIZE) & 1;
                } else {
                    int inStream = (i - lanes * ROWS) * width + bit;
                    found = bytes[streamStart + inStream / Byte.SIZE] >>> (inStream % Byte.SIZE) & 1;
                }
                if (found != (int) (source[1 + i] >>> bit & 1)) {
                    throw new AssertionError("bit differs: count=" + count + ", integer=" + i + ", bit=" + bit);
                }
            }
        }
    }

    @Property(tries = 500)
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

    @Property(tries = 500)
    void fieldsOfBitsComeBack(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int fields) {
        Random random = new Random(seed);
        byte[] bytes = new byte[fields * 24 + 2];
        PageWriter out = new PageWriter();
        out.reset(bytes, 1);
        out.writeByte(7);
        BitOutput bits = new BitOutput(out);
        Random same = new Random(random.nextLong());
        Random again = new Random(seed);
        for (int i = 0; i < fields; i++) {
            int length = same.nextInt(62);
            long value = same.nextLong() & BitPacking.mask(length);
            switch (same.nextInt(3)) {
                case 0 -> bits.write(value, length);
                case 1 -> bits.writeGamma(value);
                default -> bits.writeSignedGamma((value >>> 1) * (same.nextBoolean() ? 1 : -1));
            }
        }
        bits.finish();
        same = new Random(again.nextLong());
        PageReader in = new PageReader();
        in.reset(bytes, 1, out.length());
        assertThat(in.readByte()).isEqualTo(7);
        BitInput read = new BitInput();
        read.begin(in);
        for (int i = 0; i < fields; i++) {
            int length = same.nextInt(62);
            long value = same.nextLong() & BitPacking.mask(length);
            switch (same.nextInt(3)) {
                case 0 -> assertThat(read.read(length)).isEqualTo(value);
                case 1 -> assertThat(read.readGamma()).isEqualTo(value);
                default -> assertThat(read.readSignedGamma()).isEqualTo((value >>> 1) * (same.nextBoolean() ? 1 : -1));
            }
        }
        read.finish();
        in.finish();
    }

    @Property(tries = 500)
    void aSignedGammaTakesAsManyBitsAsAnnounced(@ForAll int value) {
        byte[] bytes = new byte[32];
        PageWriter out = new PageWriter();
        out.reset(bytes, 0);
        BitOutput bits = new BitOutput(out);
        bits.writeSignedGamma(value);
        bits.finish();
        assertThat(out.length()).isEqualTo((BitOutput.signedGammaBits(value) + 7) / 8);
    }

    private byte[] packed(long[] source, int count, int width) {
        byte[] bytes = new byte[BitPacking.packedBytes(count, width) + 2];
        bytes[bytes.length - 1] = 0x5a;
        packing.pack(source, 1, count, width, bytes, 1);
        assertThat(bytes[0]).isZero();
        assertThat(bytes[bytes.length - 1]).isEqualTo((byte) 0x5a);
        return bytes;
    }
}
