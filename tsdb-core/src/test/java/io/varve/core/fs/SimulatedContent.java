package io.varve.core.fs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one simulated file: what the disk holds for sure, what a reader sees, and the writes between the two.
 * Not safe for several threads; guarded by the lock of its file system.
 */
final class SimulatedContent {

    static final int SECTOR = 512;

    private final Image durable;
    private final Image seen;
    private final List<Change> pending = new ArrayList<>();

    /** Bytes that grow by doubling. */
    private static final class Image {
        byte[] bytes;
        int length;

        Image(byte[] bytes) {
            this.bytes = bytes;
            this.length = bytes.length;
        }

        void resize(int size) {
            if (size > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(size, (int) Math.min(Integer.MAX_VALUE - 8, 2L * bytes.length)));
            }
            if (size < length) {
                Arrays.fill(bytes, size, length, (byte) 0);
            }
            length = size;
        }

        void apply(Change change) {
            if (change.cut) {
                resize((int) Math.min(length, change.offset));
            } else {
                apply(change.offset, change.bytes, 0, change.bytes.length);
            }
        }

        void apply(long offset, byte[] source, int from, int count) {
            resize(Math.max(length, Math.toIntExact(offset + count)));
            System.arraycopy(source, from, bytes, (int) offset, count);
        }

        byte[] copy() {
            return Arrays.copyOf(bytes, length);
        }
    }

    /** A write of bytes at an offset, or a cut to {@code offset} bytes. */
    private static final class Change {
        final long offset;
        final byte[] bytes;
        final boolean cut;
        boolean lostByFailedForce;

        Change(long offset, byte[] bytes, boolean cut) {
            this.offset = offset;
            this.bytes = bytes;
            this.cut = cut;
        }
    }

    SimulatedContent() {
        this(new byte[0], new byte[0]);
    }

    private SimulatedContent(byte[] durable, byte[] seen) {
        this.durable = new Image(durable);
        this.seen = new Image(seen);
    }

    int size() {
        return seen.length;
    }

    byte[] bytes() {
        return seen.copy();
    }

    /** A copy of what is durable. */
    SimulatedContent durableCopy() {
        return new SimulatedContent(durable.copy(), durable.copy());
    }

    void write(long offset, byte[] bytes) {
        add(new Change(offset, bytes, false));
    }

    void truncate(long size) {
        if (size < seen.length) {
            add(new Change(size, new byte[0], true));
        }
    }

    private void add(Change change) {
        pending.add(change);
        seen.apply(change);
    }

    /** Everything pending reaches the disk, but for what an earlier failed force has dropped from the cache. */
    void force() {
        for (Change change : pending) {
            if (!change.lostByFailedForce) {
                durable.apply(change);
            }
        }
        pending.removeIf(change -> !change.lostByFailedForce);
    }

    /** As real kernels do: the pages are clean afterwards and no later force writes them. */
    void failedForce() {
        pending.forEach(change -> change.lostByFailedForce = true);
    }

    /** A copy with the same pending writes, as the next process finds it. */
    SimulatedContent copy() {
        SimulatedContent copy = new SimulatedContent(durable.copy(), seen.copy());
        copy.pending.addAll(pending);
        return copy;
    }

    /** What a power loss leaves: of each pending write any of its sectors. */
    SimulatedContent afterPowerLoss(Random random) {
        Image image = new Image(durable.copy());
        int mood = random.nextInt(4); // nothing pending is kept, all of it is, or each sector by itself
        if (mood > 0) {
            for (Change change : pending) {
                keepSome(image, change, mood == 1 ? null : random);
            }
            if (mood > 1 && image.length < seen.length && random.nextBoolean()) {
                image.resize(seen.length); // the length reached the disk, the bytes did not
            }
        }
        return new SimulatedContent(image.copy(), image.copy());
    }

    private static void keepSome(Image image, Change change, @Nullable Random random) {
        if (change.cut) {
            if (random == null || random.nextBoolean()) {
                image.apply(change);
            }
            return;
        }
        int at = 0;
        while (at < change.bytes.length) {
            long from = change.offset + at;
            int length = (int) Math.min(change.bytes.length - at, SECTOR - from % SECTOR);
            if (random == null || random.nextBoolean()) {
                image.apply(from, change.bytes, at, length);
            }
            at += length;
        }
    }
}
