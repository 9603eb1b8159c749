package io.varve.codec;

import java.util.Arrays;
import java.util.function.Consumer;

/** Ways to damage bytes, each of which is handed to a check. */
final class DamagedPages {

    /** Up to so many bytes every bit is flipped. */
    private static final int SHORT = 80;

    /** Every byte up to here; behind it, where mostly residuals stand, one in so many. */
    private static final int DENSE = 260;

    private static final int STRIDE = 29;

    private static final int[] BITS = {1, 2, 4, 8, 16, 32, 64, 128, 255};
    private static final int[] PATTERNS = {1, 0x10, 0x80, 0xff};

    private DamagedPages() {}

    /** Each byte with some bits flipped. */
    static void flipped(byte[] page, Consumer<byte[]> check) {
        for (int i = 0; i < page.length; i = next(i)) {
            for (int flip : page.length <= SHORT ? BITS : PATTERNS) {
                byte[] damaged = page.clone();
                damaged[i] ^= (byte) flip;
                check.accept(damaged);
            }
        }
    }

    /** Cut at each length. */
    static void cut(byte[] page, Consumer<byte[]> check) {
        for (int length = 0; length < page.length; length = next(length)) {
            check.accept(Arrays.copyOf(page, length));
        }
    }

    /** With bytes behind the end. */
    static void extended(byte[] page, Consumer<byte[]> check) {
        for (int more = 1; more <= 9; more++) {
            byte[] damaged = Arrays.copyOf(page, page.length + more);
            check.accept(damaged);
            Arrays.fill(damaged, page.length, damaged.length, (byte) 0xff);
            check.accept(damaged);
        }
    }

    /** Each byte as if it were a varint that is longer, without change or with large bits, or gone. */
    static void varintsOfAnotherLength(byte[] page, Consumer<byte[]> check) {
        for (int i = 0; i < page.length; i = next(i)) {
            check.accept(replaced(page, i, new byte[0]));
            byte more = (byte) (page[i] | 0x80);
            check.accept(replaced(page, i, new byte[] {more, 0}));
            check.accept(replaced(page, i, new byte[] {more, (byte) 0x80, 4}));
            check.accept(replaced(page, i, new byte[] {more, -1, -1, -1, 7}));
            check.accept(replaced(page, i, new byte[] {more, -1, -1, -1, -1, -1, -1, -1, -1, 1}));
            check.accept(replaced(page, i, new byte[] {more, -1, -1, -1, -1, -1, -1, -1, -1, 2}));
        }
    }

    private static byte[] replaced(byte[] page, int at, byte[] by) {
        byte[] damaged = Arrays.copyOf(page, page.length - 1 + by.length);
        System.arraycopy(by, 0, damaged, at, by.length);
        System.arraycopy(page, at + 1, damaged, at + by.length, page.length - at - 1);
        return damaged;
    }

    private static int next(int i) {
        return i + (i < DENSE ? 1 : STRIDE);
    }
}
