package io.varve.codec.entropy;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A few Zstandard contexts that wait for their next user. To make one for each page takes longer than to decode the
 * page; to keep one in each codec would need a close. So a codec borrows one for one call: native memory stays bounded
 * by the places here, and whoever finds none makes one, or finds no place makes it go. Safe for any thread.
 */
final class ZstdContexts {

    private static final int PLACES = 16;
    private static final AtomicReferenceArray<@Nullable ZstdCompressCtx> COMPRESS = new AtomicReferenceArray<>(PLACES);
    private static final AtomicReferenceArray<@Nullable ZstdDecompressCtx> DECOMPRESS =
            new AtomicReferenceArray<>(PLACES);

    private ZstdContexts() {}

    /** As {@code Zstd.compressByteArray}. */
    static int compress(byte[] target, byte[] source, int count, int level) {
        int place = place();
        ZstdCompressCtx waiting = COMPRESS.getAndSet(place, null);
        ZstdCompressCtx context = waiting != null ? waiting : new ZstdCompressCtx();
        try {
            context.setLevel(level);
            return context.compressByteArray(target, 0, target.length, source, 0, count);
        } finally {
            if (!COMPRESS.compareAndSet(place, null, context)) {
                context.close();
            }
        }
    }

    /**
     * As {@code Zstd.decompressByteArray}.
     *
     * @throws com.github.luben.zstd.ZstdException if the bytes are no frame, or hold more than count
     */
    static int decompress(byte[] target, int count, byte[] source, int offset, int length) {
        int place = place();
        ZstdDecompressCtx waiting = DECOMPRESS.getAndSet(place, null);
        ZstdDecompressCtx context = waiting != null ? waiting : new ZstdDecompressCtx();
        try {
            return context.decompressByteArray(target, 0, count, source, offset, length);
        } finally {
            if (!DECOMPRESS.compareAndSet(place, null, context)) {
                context.close();
            }
        }
    }

    /** Spreads threads over the places; those that share one still work, with a new context now and then. */
    private static int place() {
        return (int) (Thread.currentThread().getId() & (PLACES - 1));
    }
}
