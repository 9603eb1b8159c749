package io.varve.core.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * A 128-bit hash of bytes under a secret key: two lanes of folded 64 × 64-bit multiplications, as in the wyhash family,
 * with independent secrets, so that both halves must collide. Not a MAC; it keeps clients from choosing collisions as
 * long as the secret stays in the process. One thread at a time uses an instance.
 */
public final class KeyedHash {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long a;
    private final long b;
    private final long c;
    private final long d;

    private long high;
    private long low;

    private KeyedHash(long a, long b, long c, long d) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
    }

    /** A hash under a fresh secret. */
    public static KeyedHash withSecret(Random secrets) {
        return new KeyedHash(
                secrets.nextLong() | 1, secrets.nextLong() | 1, secrets.nextLong() | 1, secrets.nextLong() | 1);
    }

    /** Another instance with the same secret, for another thread. */
    public KeyedHash copy() {
        return new KeyedHash(a, b, c, d);
    }

    /** Hashes bytes; the halves are then in {@link #high} (never 0) and {@link #low}. */
    public void hash(byte[] bytes, int offset, int length) {
        long x = a ^ length;
        long y = c + length;
        int at = offset;
        int end = offset + length;
        while (end - at >= 16) {
            long first = (long) LONGS.get(bytes, at);
            long second = (long) LONGS.get(bytes, at + 8);
            x = fold(first ^ a ^ x, second ^ b);
            y = fold(first + c, (second ^ d) + y);
            at += 16;
        }
        long first = tail(bytes, at, Math.min(8, end - at));
        long second = tail(bytes, at + 8, Math.max(0, end - at - 8));
        x = fold(first ^ a ^ x, second ^ b);
        y = fold(first + c, (second ^ d) + y);
        long mixed = fold(x ^ d, y ^ b);
        low = fold(y ^ a, x + c) ^ y;
        high = mixed ^ x;
        if (high == 0) {
            high = 1;
        }
    }

    private static long tail(byte[] bytes, int at, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (bytes[at + i] & 0xffL) << (8 * i);
        }
        return value;
    }

    private static long fold(long left, long right) {
        return left * right ^ Math.multiplyHigh(left, right);
    }

    /** First half, never 0. */
    public long high() {
        return high;
    }

    /** Second half. */
    public long low() {
        return low;
    }
}
