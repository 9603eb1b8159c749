package io.varve.core.fs;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maps a file in {@link MappedByteBuffer} windows of the JDK; works without any flag. The windows are unmapped when the
 * region is closed, by the cleaner that module {@code jdk.unsupported} offers, or by the garbage collector where that
 * module is missing.
 */
final class JdkMapper implements FileMapper {

    static final JdkMapper INSTANCE = new JdkMapper();

    /** For empty files, which have no window. */
    static final WindowedRegion.WindowSource NO_WINDOW = (offset, length) -> ByteBuffer.allocate(0);

    private static final @Nullable Object CLEANER_OWNER = cleanerOwner();
    private static final @Nullable Method CLEANER = cleaner();

    private JdkMapper() {}

    @Override
    public MappedRegion map(Path file, String name) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            List<MappedByteBuffer> mapped = new ArrayList<>();
            boolean done = false;
            try {
                WindowedRegion region = WindowedRegion.of(
                        name,
                        channel.size(),
                        (offset, length) -> {
                            MappedByteBuffer window = channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
                            mapped.add(window);
                            return window.duplicate();
                        },
                        () -> mapped.forEach(JdkMapper::unmap));
                done = true;
                return region;
            } finally {
                if (!done) {
                    mapped.forEach(JdkMapper::unmap);
                }
            }
        }
    }

    private static void unmap(MappedByteBuffer buffer) {
        if (CLEANER != null) {
            try {
                CLEANER.invoke(CLEANER_OWNER, buffer);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot unmap a file", e);
            }
        }
    }

    private static @Nullable Object cleanerOwner() {
        try {
            Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return field.get(null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    private static @Nullable Method cleaner() {
        try {
            return CLEANER_OWNER == null ? null : CLEANER_OWNER.getClass().getMethod("invokeCleaner", ByteBuffer.class);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
