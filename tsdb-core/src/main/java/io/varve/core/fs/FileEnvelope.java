package io.varve.core.fs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What stands around the content of every immutable file: a header that says what the file is, and a footer that
 * repeats it, gives the file's length and guards the file's tail with a checksum. Three different things can be wrong:
 * the file is damaged ({@link CorruptFileException}), its format is too old, or too new
 * ({@link UnsupportedFormatException}).
 *
 * <p>Small files are wrapped whole: their tail is their payload. A large file guards its parts itself, and has as its
 * tail what it needs to find them; both footer and tail come with one read at the end. Layout:
 * {@code docs/format/envelope.md}. Little-endian. Stateless.
 */
public final class FileEnvelope {

    /** Bytes of a header. */
    public static final int HEADER_BYTES = 48;

    /** Bytes of a footer. */
    public static final int FOOTER_BYTES = 72;

    /** Most characters of an id. */
    public static final int MAX_ID = 31;

    private static final int MAGIC = 0x45565256; // "VRVE"
    private static final int END_MAGIC = 0x56525645; // "EVRV"
    private static final int VERSION_AT = 8;
    private static final int ID_AT = 12;
    private static final int HEADER_CRC_AT = 44;
    private static final int LENGTH_AT = 48;
    private static final int TAIL_LENGTH_AT = 56;
    private static final int TAIL_CRC_AT = 60;
    private static final int FOOTER_CRC_AT = 64;
    private static final int END_MAGIC_AT = 68;

    private FileEnvelope() {}

    /**
     * What a file says it is.
     *
     * @param kind four ASCII characters
     * @param version of the format of this kind, from 1
     * @param id opaque name of this very file, 1 to {@link #MAX_ID} ASCII characters
     */
    public record Header(String kind, int version, String id) {

        /** Checks the fields. */
        public Header {
            if (kind.length() != 4 || !isPrintable(kind)) {
                throw new IllegalArgumentException("a kind of four ASCII characters: kind=" + kind);
            }
            if (version < 1) {
                throw new IllegalArgumentException("a version from 1: version=" + version);
            }
            if (id.isEmpty() || id.length() > MAX_ID || !isPrintable(id)) {
                throw new IllegalArgumentException("an id of 1 to " + MAX_ID + " ASCII characters: id=" + id);
            }
        }
    }

    /**
     * What a footer says.
     *
     * @param header the file's header again
     * @param fileLength bytes of the whole file
     * @param tailLength bytes before the footer that belong to the tail
     * @param tailCrc CRC-32C of the tail
     */
    public record Footer(Header header, long fileLength, int tailLength, int tailCrc) {}

    /** The checksum of every file: CRC-32C (Castagnoli). */
    public static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Wraps the content of a small file. */
    public static byte[] wrap(String kind, int version, String id, byte[] payload) {
        Header header = new Header(kind, version, id);
        long length = (long) HEADER_BYTES + payload.length + FOOTER_BYTES;
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a small payload: bytes=" + payload.length);
        }
        return ByteBuffer.allocate((int) length)
                .put(header(header))
                .put(payload)
                .put(footer(new Footer(header, length, payload.length, crc(payload, 0, payload.length))))
                .array();
    }

    /**
     * The content of a small file.
     *
     * @param path the file, for messages
     * @param kind the kind that it must be
     * @param minVersion oldest version that the caller reads
     * @param maxVersion newest version that the caller reads
     * @param bytes the whole file
     * @throws CorruptFileException if a bit is not as it was written, or bytes are missing
     * @throws UnsupportedFormatException if the file is sound and of another version
     */
    public static byte[] unwrap(String path, String kind, int minVersion, int maxVersion, byte[] bytes)
            throws CorruptFileException, UnsupportedFormatException {
        if (bytes.length < HEADER_BYTES + FOOTER_BYTES) {
            throw new CorruptFileException(
                    path,
                    bytes.length,
                    "at least " + (HEADER_BYTES + FOOTER_BYTES) + " bytes",
                    bytes.length + " bytes");
        }
        Header header = parseHeader(path, kind, minVersion, maxVersion, bytes);
        int footerAt = bytes.length - FOOTER_BYTES;
        byte[] end = Arrays.copyOfRange(bytes, footerAt, bytes.length);
        Footer footer = parseFooter(path, kind, minVersion, maxVersion, end, bytes.length);
        if (!footer.header().equals(header)) {
            throw new CorruptFileException(
                    path, footerAt, "a footer of " + header, footer.header().toString());
        }
        if (footer.tailLength() != footerAt - HEADER_BYTES) {
            throw new CorruptFileException(
                    path,
                    footerAt,
                    "a payload of " + (footerAt - HEADER_BYTES) + " bytes",
                    footer.tailLength() + " bytes");
        }
        byte[] payload = Arrays.copyOfRange(bytes, HEADER_BYTES, footerAt);
        checkTail(path, footer, payload);
        return payload;
    }

    /** The bytes of a header. */
    public static byte[] header(Header header) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0, MAGIC);
        bytes.put(4, header.kind().getBytes(StandardCharsets.US_ASCII));
        bytes.putInt(VERSION_AT, header.version());
        bytes.put(ID_AT, (byte) header.id().length());
        bytes.put(ID_AT + 1, header.id().getBytes(StandardCharsets.US_ASCII));
        bytes.putInt(HEADER_CRC_AT, crc(bytes.array(), 0, HEADER_CRC_AT));
        return bytes.array();
    }

    /** The bytes of a footer. */
    public static byte[] footer(Footer footer) {
        ByteBuffer bytes = ByteBuffer.allocate(FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(0, header(footer.header()));
        bytes.putLong(LENGTH_AT, footer.fileLength());
        bytes.putInt(TAIL_LENGTH_AT, footer.tailLength());
        bytes.putInt(TAIL_CRC_AT, footer.tailCrc());
        bytes.putInt(FOOTER_CRC_AT, crc(bytes.array(), 0, FOOTER_CRC_AT));
        bytes.putInt(END_MAGIC_AT, END_MAGIC);
        return bytes.array();
    }

    /**
     * Reads a header.
     *
     * @param bytes begin with the header
     * @throws CorruptFileException if it is damaged or of another kind
     * @throws UnsupportedFormatException if it is sound and of another version
     */
    public static Header parseHeader(String path, String kind, int minVersion, int maxVersion, byte[] bytes)
            throws CorruptFileException, UnsupportedFormatException {
        return parseHeader(path, 0, kind, minVersion, maxVersion, bytes);
    }

    private static Header parseHeader(
            String path, long fileOffset, String kind, int minVersion, int maxVersion, byte[] bytes)
            throws CorruptFileException, UnsupportedFormatException {
        if (bytes.length < HEADER_BYTES) {
            throw new CorruptFileException(path, fileOffset, "a header", bytes.length + " bytes");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        checkWord(path, fileOffset, "the mark of a header", MAGIC, header.getInt(0));
        checkWord(
                path,
                fileOffset + HEADER_CRC_AT,
                "the checksum of the header",
                crc(bytes, 0, HEADER_CRC_AT),
                header.getInt(HEADER_CRC_AT));
        String foundKind = new String(bytes, 4, 4, StandardCharsets.US_ASCII);
        if (!foundKind.equals(kind)) {
            throw new CorruptFileException(path, fileOffset + 4, "kind " + kind, "kind " + foundKind);
        }
        int version = header.getInt(VERSION_AT);
        if (version < minVersion || version > maxVersion) {
            throw new UnsupportedFormatException(path, version, minVersion, maxVersion);
        }
        int idLength = bytes[ID_AT];
        if (idLength < 1 || idLength > MAX_ID) {
            throw new CorruptFileException(path, fileOffset + ID_AT, "an id", idLength + " characters");
        }
        String id = new String(bytes, ID_AT + 1, idLength, StandardCharsets.US_ASCII);
        if (!isPrintable(id)) {
            throw new CorruptFileException(path, fileOffset + ID_AT, "an id in ASCII", "other bytes");
        }
        return new Header(kind, version, id);
    }

    /**
     * Reads a footer.
     *
     * @param bytes the last {@link #FOOTER_BYTES} bytes of the file
     * @param fileSize bytes of the file
     * @throws CorruptFileException if it is damaged, of another kind, or the file has another length
     * @throws UnsupportedFormatException if it is sound and of another version
     */
    public static Footer parseFooter(
            String path, String kind, int minVersion, int maxVersion, byte[] bytes, long fileSize)
            throws CorruptFileException, UnsupportedFormatException {
        long at = fileSize - FOOTER_BYTES;
        if (bytes.length != FOOTER_BYTES || at < HEADER_BYTES) {
            throw new CorruptFileException(path, 0, "a header and a footer", fileSize + " bytes");
        }
        ByteBuffer footer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        checkWord(path, at + END_MAGIC_AT, "the mark of a footer", END_MAGIC, footer.getInt(END_MAGIC_AT));
        checkWord(
                path,
                at + FOOTER_CRC_AT,
                "the checksum of the footer",
                crc(bytes, 0, FOOTER_CRC_AT),
                footer.getInt(FOOTER_CRC_AT));
        Header header = parseHeader(path, at, kind, minVersion, maxVersion, bytes);
        long length = footer.getLong(LENGTH_AT);
        if (length != fileSize) {
            throw new CorruptFileException(path, at + LENGTH_AT, length + " bytes in the file", fileSize + " bytes");
        }
        int tailLength = footer.getInt(TAIL_LENGTH_AT);
        if (tailLength < 0 || tailLength > at - HEADER_BYTES) {
            throw new CorruptFileException(path, at + TAIL_LENGTH_AT, "a tail within the file", tailLength + " bytes");
        }
        return new Footer(header, length, tailLength, footer.getInt(TAIL_CRC_AT));
    }

    /**
     * Checks the tail, which stands directly before the footer.
     *
     * @throws CorruptFileException if it is not as it was written
     */
    public static void checkTail(String path, Footer footer, byte[] tail) throws CorruptFileException {
        long at = footer.fileLength() - FOOTER_BYTES - footer.tailLength();
        checkWord(path, at, "the checksum of the tail", footer.tailCrc(), crc(tail, 0, tail.length));
    }

    private static void checkWord(String path, long offset, String what, int expected, int found)
            throws CorruptFileException {
        if (expected != found) {
            throw new CorruptFileException(
                    path, offset, what + " " + Integer.toHexString(expected), Integer.toHexString(found));
        }
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 127);
    }
}
