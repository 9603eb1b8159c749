package io.varve.core;

import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of a snapshot's files with their hashes, written as {@code sha256sum} writes and checks it. A directory that
 * has this file is a whole snapshot; docs/format/snapshot.md.
 */
final class SnapshotHashes {

    /** Name of the file. */
    static final String FILE = "SHA256SUMS";

    private static final long MAX_BYTES = 64L << 20;

    /** What a snapshot may hold; nothing that a line can say leads out of its directory. */
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ((?:shards/[0-9]{2}/)?"
            + "(?:MANIFEST|DELETIONS(?:\\.copy)?|blocks/[0-9A-Za-z_-]{1,31}\\.[a-z]{1,16}"
            + "|wal/[0-9]{6,9}-[0-9]{2}\\.seg))");

    private SnapshotHashes() {}

    static byte[] encode(SortedMap<String, String> hashes) {
        StringBuilder text = new StringBuilder();
        hashes.forEach(
                (path, hash) -> text.append(hash).append("  ").append(path).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the list of a snapshot: hashes by path.
     *
     * @param directory the snapshot's, in {@code files}
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws CorruptFileException if a line is not one, or the last one is cut off
     */
    static SortedMap<String, String> read(FileSystem files, String directory) throws IOException {
        String path = directory + FILE;
        String text = new String(files.read(path, MAX_BYTES), StandardCharsets.UTF_8);
        SortedMap<String, String> hashes = new TreeMap<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            Matcher line = LINE.matcher(text.substring(at, end < 0 ? text.length() : end));
            if (end < 0 || !line.matches() || hashes.put(line.group(2), line.group(1)) != null) {
                throw new CorruptFileException(path, at, "a line of hash and file, each file once", "other text");
            }
            at = end + 1;
        }
        if (!hashes.containsKey(Manifest.FILE)) {
            throw new CorruptFileException(path, text.length(), "a line for " + Manifest.FILE, "none");
        }
        return hashes;
    }
}
