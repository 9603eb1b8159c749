package io.varve.core.head;

import io.varve.core.slab.ByteSlabs;
import io.varve.core.slab.IntSlabs;
import io.varve.core.slab.SlabMemory;
import java.util.function.IntPredicate;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * For each label pair the numbers of the series that have it, in the order in which they came. The first number stands
 * by itself; the others as differences in a chain of chunks that double in size:
 *
 * <pre>
 * | 4 bytes: place of the next chunk | 2: bytes used, 0 while open | 2: size | differences, zigzag varints |
 * </pre>
 *
 * <p>Written by the agent; a reader takes the count (acquire) and reads as many. A chunk is closed before the count
 * goes beyond it.
 */
final class PostingLists {

    private static final int HEAD_BYTES = 8;
    private static final int USED = 4;
    private static final int SIZE = 6;
    private static final int FIRST_CHUNK = 16;
    private static final int LARGEST_CHUNK = 1 << 12;
    private static final int LONGEST_VARINT = 5;

    private final ByteSlabs chunks;
    private final IntSlabs counts;
    private final IntSlabs firstNumber;
    private final IntSlabs lastNumber;
    private final IntSlabs firstChunk;
    private final IntSlabs lastChunk;
    private final IntSlabs used;
    private final byte[] varint = new byte[LONGEST_VARINT];

    PostingLists(SlabMemory memory) {
        chunks = new ByteSlabs(memory);
        counts = new IntSlabs(memory);
        firstNumber = new IntSlabs(memory);
        lastNumber = new IntSlabs(memory);
        firstChunk = new IntSlabs(memory);
        lastChunk = new IntSlabs(memory);
        used = new IntSlabs(memory);
    }

    /** Adds a number to the list of a pair. The agent alone. */
    void append(int pair, int number) {
        ensure(pair + 1);
        int count = counts.get(pair);
        if (count == 0) {
            firstNumber.set(pair, number);
        } else {
            appendDifference(pair, number - lastNumber.get(pair));
        }
        lastNumber.set(pair, number);
        counts.setRelease(pair, count + 1);
    }

    private void ensure(int limit) {
        counts.ensure(limit);
        firstNumber.ensure(limit);
        lastNumber.ensure(limit);
        firstChunk.ensure(limit);
        lastChunk.ensure(limit);
        used.ensure(limit);
    }

    private void appendDifference(int pair, int difference) {
        int length = 0;
        for (int rest = difference << 1 ^ difference >> 31; ; rest >>>= 7) {
            boolean more = rest >>> 7 != 0;
            varint[length++] = (byte) (rest & 0x7f | (more ? 0x80 : 0));
            if (!more) {
                break;
            }
        }
        long chunk = lastChunk.get(pair) & 0xffff_ffffL;
        int filled = used.get(pair);
        if (filled == 0 || filled + length > chunks.getShort(chunk + SIZE)) {
            chunk = newChunk(pair, chunk, filled);
            filled = HEAD_BYTES;
        }
        for (int i = 0; i < length; i++) {
            chunks.set(chunk + filled + i, varint[i]);
        }
        used.set(pair, filled + length);
    }

    private long newChunk(int pair, long full, int filled) {
        int size = filled == 0 ? FIRST_CHUNK : Math.min(LARGEST_CHUNK, 2 * chunks.getShort(full + SIZE));
        long chunk = chunks.reserve(size);
        if (chunk >>> Integer.SIZE != 0) {
            throw new AssertionError("BUG: postings of more than 4 GiB");
        }
        chunks.setShort(chunk + SIZE, (short) size);
        if (filled == 0) {
            firstChunk.set(pair, (int) chunk);
        } else {
            chunks.setInt(full, (int) chunk);
            chunks.setShort(full + USED, (short) filled);
        }
        lastChunk.set(pair, (int) chunk);
        return chunk;
    }

    /** How many series have a pair, or had it. */
    int count(int pair) {
        return pair < counts.limit() ? counts.getAcquire(pair) : 0;
    }

    /** The series that have a pair and pass a test, as a bitmap of the caller's own. */
    ImmutableRoaringBitmap bitmap(int pair, IntPredicate wanted) {
        int[] all = numbers(pair);
        int kept = 0;
        for (int number : all) {
            if (wanted.test(number)) {
                all[kept++] = number;
            }
        }
        MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
        bitmap.addN(all, 0, kept);
        return bitmap;
    }

    private int[] numbers(int pair) {
        int count = count(pair);
        int[] numbers = new int[count];
        if (count == 0) {
            return numbers;
        }
        numbers[0] = firstNumber.get(pair);
        long chunk = firstChunk.get(pair) & 0xffff_ffffL;
        int at = HEAD_BYTES;
        int end = count > 1 ? chunks.getShort(chunk + USED) : 0;
        for (int i = 1; i < count; i++) {
            if (at == end) {
                chunk = chunks.getInt(chunk) & 0xffff_ffffL;
                end = chunks.getShort(chunk + USED);
                at = HEAD_BYTES;
            }
            int value = 0;
            int shift = 0;
            byte next;
            do {
                next = chunks.get(chunk + at++);
                value |= (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
            numbers[i] = numbers[i - 1] + (value >>> 1 ^ -(value & 1));
        }
        return numbers;
    }
}
