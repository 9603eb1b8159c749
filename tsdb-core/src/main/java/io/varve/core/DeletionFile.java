package io.varve.core;

import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import io.varve.core.model.Deletion;
import io.varve.core.wal.DeletionRecord;
import io.varve.core.wal.MalformedRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deletions that blocks still need and the log no longer holds, in one file that is stored twice, since what was
 * deleted must not come back by itself. Written before the log that holds a deletion is deleted, and before the
 * manifest that names its number. docs/format/deletions.md; docs/adr/0007.
 *
 * @param number raised with every change; the manifest says which one it goes with
 * @param lost whether an earlier list could not be read, and nobody has said yet that its deletions were repeated
 * @param deletions in the order of their positions
 */
record DeletionFile(long number, boolean lost, List<Deletion> deletions) {

    /** Names of both copies. */
    static final List<String> FILES = List.of("DELETIONS", "DELETIONS.copy");

    /** What a store has that never deleted anything. */
    static final DeletionFile NONE = new DeletionFile(0, false, List.of());

    private static final Logger LOG = LoggerFactory.getLogger(DeletionFile.class);
    private static final String UNFINISHED = ".tmp";
    private static final String KIND = "DELE";
    private static final int VERSION = 1;
    private static final long MAX_BYTES = 1L << 30;
    private static final int LOST = 1;
    private static final int HEAD_BYTES = 13;
    private static final int ENTRY_BYTES = 12;

    DeletionFile {
        deletions = List.copyOf(deletions);
    }

    /** One copy as it was found. */
    private record Copy(@Nullable DeletionFile content, @Nullable String fault) {}

    /**
     * What was found.
     *
     * @param content the sound copy, or an empty list that says that one was lost
     * @param faults what is wrong with each copy that is not sound; empty if there is nothing to repair
     */
    record Found(DeletionFile content, List<String> faults) {}

    /**
     * Reads the sound copy of a directory's list.
     *
     * @param expected number that the manifest goes with; 0 if it knows of no list
     * @throws io.varve.core.fs.UnsupportedFormatException if another version wrote it
     */
    static Found read(FileSystem files, long expected) throws IOException {
        DeletionFile newest = null;
        List<Copy> copies = new ArrayList<>();
        for (String path : FILES) {
            Copy copy = copy(files, path);
            copies.add(copy);
            DeletionFile content = copy.content();
            if (content != null && (newest == null || content.number() > newest.number())) {
                newest = content;
            }
        }
        List<String> faults = new ArrayList<>();
        boolean anyThere = newest != null;
        for (int i = 0; i < copies.size(); i++) {
            DeletionFile content = copies.get(i).content();
            String fault = copies.get(i).fault();
            if (content == null && fault != null) {
                faults.add(fault);
                anyThere = true;
            } else if (content == null && (newest != null || expected > 0)) {
                faults.add(FILES.get(i) + " is missing");
            } else if (content != null && newest != null && content.number() < newest.number()) {
                faults.add(FILES.get(i) + " is of an earlier change");
            }
        }
        if (!anyThere && expected == 0) {
            return new Found(NONE, List.of());
        }
        if (newest == null || newest.number() < expected) {
            List<Deletion> left = newest == null ? List.of() : newest.deletions();
            if (faults.isEmpty()) {
                faults.add("both copies are of an earlier change");
            }
            return new Found(new DeletionFile(expected, true, left), faults);
        }
        return new Found(newest, faults);
    }

    private static Copy copy(FileSystem files, String path) throws IOException {
        try {
            byte[] payload = FileEnvelope.unwrap(path, KIND, VERSION, VERSION, files.read(path, MAX_BYTES));
            return new Copy(decode(path, payload), null);
        } catch (NoSuchFileException e) {
            return new Copy(null, null);
        } catch (CorruptFileException e) {
            return new Copy(null, String.valueOf(e.getMessage()));
        }
    }

    /** Replaces both copies of a directory; durable when it returns. */
    void write(FileSystem files) throws IOException {
        byte[] bytes = toBytes();
        for (String path : FILES) {
            files.delete(path + UNFINISHED);
            try (WritableFile file = files.create(path + UNFINISHED)) {
                file.write(0, ByteBuffer.wrap(bytes));
                file.force();
            }
            files.rename(path + UNFINISHED, path);
            files.forceDirectory("");
        }
    }

    /** What each copy holds. */
    byte[] toBytes() {
        return FileEnvelope.wrap(KIND, VERSION, "deletions", encode());
    }

    /** Writes both copies anew if one of them is not what was found. */
    static DeletionFile repaired(FileSystem files, Found found) throws IOException {
        if (!found.faults().isEmpty()) {
            if (found.content().lost()) {
                LOG.error("the list of deletions of {} is lost: {}", files.describe(), found.faults());
            } else {
                LOG.warn("a copy of the list of deletions is written anew: {}", found.faults());
            }
            found.content().write(files);
        }
        return found.content();
    }

    /** Deletes what an earlier process did not finish. */
    static void deleteUnfinished(FileSystem files) throws IOException {
        for (String path : FILES) {
            files.delete(path + UNFINISHED);
        }
    }

    private byte[] encode() {
        List<byte[]> payloads = deletions.stream().map(DeletionRecord::encode).toList();
        int bytes = HEAD_BYTES;
        for (byte[] payload : payloads) {
            bytes = Math.addExact(bytes, ENTRY_BYTES + payload.length);
        }
        ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(number).put((byte) (lost ? LOST : 0)).putInt(deletions.size());
        for (int i = 0; i < payloads.size(); i++) {
            out.putLong(deletions.get(i).position()).putInt(payloads.get(i).length);
            out.put(payloads.get(i));
        }
        return out.array();
    }

    private static DeletionFile decode(String path, byte[] payload) throws CorruptFileException {
        ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        need(path, in, HEAD_BYTES);
        long number = in.getLong();
        boolean lost = (in.get() & LOST) != 0;
        List<Deletion> deletions = new ArrayList<>();
        int count = in.getInt();
        if (count < 0) {
            throw new CorruptFileException(path, HEAD_BYTES, "a number of deletions", Integer.toString(count));
        }
        for (int left = count; left > 0; left--) {
            need(path, in, ENTRY_BYTES);
            long position = in.getLong();
            int length = in.getInt();
            if (length < 0) {
                throw new CorruptFileException(path, in.position(), "a length", Integer.toString(length));
            }
            need(path, in, length);
            try {
                deletions.add(DeletionRecord.decode(position, payload, in.position(), length));
            } catch (MalformedRecordException e) {
                throw new CorruptFileException(path, in.position(), "a deletion", String.valueOf(e.getMessage()));
            }
            in.position(in.position() + length);
        }
        if (in.hasRemaining()) {
            throw new CorruptFileException(path, in.position(), "the end of the list", in.remaining() + " bytes");
        }
        return new DeletionFile(number, lost, deletions);
    }

    private static void need(String path, ByteBuffer in, int bytes) throws CorruptFileException {
        if (in.remaining() < bytes) {
            throw new CorruptFileException(path, in.position(), bytes + " bytes", in.remaining() + " bytes");
        }
    }
}
