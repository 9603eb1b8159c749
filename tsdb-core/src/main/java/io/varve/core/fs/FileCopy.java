package io.varve.core.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Copies finished files and takes their hashes, a part at a time. Stateless. */
public final class FileCopy {

    private static final int PART_BYTES = 256 << 10;

    private FileCopy() {}

    /**
     * The SHA-256 of a file, in lower-case hexadecimal digits.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    public static String sha256(FileSystem files, String path) throws IOException {
        return read(files, path, (offset, bytes) -> {});
    }

    /** The SHA-256 of bytes, in lower-case hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /**
     * Copies a file and forces the copy; the directory is for the caller to force.
     *
     * @return the SHA-256 of what was read and written
     * @throws java.nio.file.FileAlreadyExistsException if the target is there
     */
    public static String copy(FileSystem from, String source, FileSystem to, String target) throws IOException {
        try (WritableFile file = to.create(target)) {
            String hash = read(from, source, (offset, bytes) -> file.write(offset, bytes));
            file.force();
            return hash;
        }
    }

    /** Takes a part of a file. */
    @FunctionalInterface
    private interface Part {
        void take(long offset, ByteBuffer bytes) throws IOException;
    }

    private static String read(FileSystem files, String path, Part part) throws IOException {
        MessageDigest digest = digest();
        try (MappedRegion region = files.map(path)) {
            byte[] bytes = new byte[(int) Math.min(PART_BYTES, region.size())];
            for (long at = 0; at < region.size(); at += bytes.length) {
                int length = (int) Math.min(bytes.length, region.size() - at);
                region.copy(at, bytes, 0, length);
                digest.update(bytes, 0, length);
                part.take(at, ByteBuffer.wrap(bytes, 0, length));
            }
        } catch (InternalError e) {
            throw new IOException("cannot read " + path + ": the device did not deliver a mapped page", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("BUG: every Java platform has SHA-256", e);
        }
    }
}
