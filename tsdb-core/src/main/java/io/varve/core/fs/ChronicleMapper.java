package io.varve.core.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import net.openhft.chronicle.bytes.MappedBytes;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps a file of any size with one 64-bit Chronicle Bytes mapping, which is undone when the region is closed.
 *
 * <p>Needs two flags of the JVM ({@link #usable}); without them Chronicle would throw at the first mapping.
 */
final class ChronicleMapper implements FileMapper {

    static final ChronicleMapper INSTANCE = new ChronicleMapper();

    private static final Logger LOG = LoggerFactory.getLogger(ChronicleMapper.class);
    private static final AtomicBoolean MISSING_FLAGS_TOLD = new AtomicBoolean();

    static {
        // Read once by Chronicle's classes, so it must stand before they load: without it a mapping is never undone.
        if (System.getProperty("mappedFile.retain") == null) {
            System.setProperty("mappedFile.retain", "true");
        }
        if (System.getProperty("chronicle.analytics.disable") == null) {
            System.setProperty("chronicle.analytics.disable", "true");
        }
    }

    private ChronicleMapper() {}

    /** Whether the JVM was started such that Chronicle can map; otherwise says once which flags are missing. */
    static boolean usable() {
        Module here = ChronicleMapper.class.getModule();
        Module base = Object.class.getModule();
        StringBuilder missing = new StringBuilder();
        if (!base.isOpen("java.lang.reflect", here)) {
            missing.append(" --add-opens java.base/java.lang.reflect=ALL-UNNAMED");
        }
        if (!base.isExported("sun.nio.ch", here)) {
            missing.append(" --add-exports java.base/sun.nio.ch=ALL-UNNAMED");
        }
        if (!Boolean.getBoolean("mappedFile.retain")) {
            missing.append(" -DmappedFile.retain=true");
        }
        if (missing.length() > 0 && MISSING_FLAGS_TOLD.compareAndSet(false, true)) {
            LOG.info("files are mapped in windows of the JDK; these flags make large ones faster:{}", missing);
        }
        return missing.length() == 0;
    }

    @Override
    public MappedRegion map(Path file, String name) throws IOException {
        long size = Files.size(file);
        if (size == 0) {
            return WindowedRegion.of(name, 0, JdkMapper.NO_WINDOW, () -> {});
        }
        MappedBytes mapped = MappedBytes.singleMappedBytes(file.toFile(), size, true);
        boolean done = false;
        try {
            long address = mapped.addressForRead(0);
            WindowedRegion region = WindowedRegion.of(
                    name,
                    size,
                    (offset, length) -> {
                        PointerBytesStore window = new PointerBytesStore();
                        window.set(address + offset, length);
                        return window.toTemporaryDirectByteBuffer();
                    },
                    () -> release(mapped));
            done = true;
            return region;
        } finally {
            if (!done) {
                release(mapped);
            }
        }
    }

    private static void release(MappedBytes mapped) {
        mapped.releaseLast();
        // Unmapping is otherwise left to a background thread, and a file must be free when its region is closed.
        BackgroundResourceReleaser.releasePendingResources();
    }
}
