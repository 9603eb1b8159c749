package io.varve.core.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** A map of a device that at times does not deliver its pages, in both ways in which a reader learns of it. */
record FaultyRegion(MappedRegion region, BooleanSupplier fails) implements MappedRegion {

    @Override
    public long size() {
        return region.size();
    }

    @Override
    public ByteBuffer slice(long offset, int length) {
        if (fails.getAsBoolean()) {
            throw new InternalError("a fault occurred in a recent unsafe memory access operation");
        }
        return region.slice(offset, length);
    }

    @Override
    public void copy(long offset, byte[] target, int targetOffset, int length) {
        if (fails.getAsBoolean()) {
            throw new UncheckedIOException(new IOException("the device did not deliver a mapped page"));
        }
        region.copy(offset, target, targetOffset, length);
    }

    @Override
    public void close() {
        region.close();
    }
}
