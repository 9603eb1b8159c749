package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockSession;
import io.varve.core.block.DecodeScratch;
import java.util.IdentityHashMap;

/** What one set of series decodes with. One thread at a time. */
final class ReadScratch {

    private final DecodeScratch decode;
    private final IdentityHashMap<BlockReader, BlockSession> sessions = new IdentityHashMap<>();
    private final boolean keeps;

    /** @param keeps whether sets use it one after the other, and never two at once: then sessions of blocks are kept */
    ReadScratch(DecodeScratch decode, boolean keeps) {
        this.decode = decode;
        this.keeps = keeps;
    }

    DecodeScratch decode() {
        return decode;
    }

    BlockSession session(BlockReader block) {
        return keeps ? sessions.computeIfAbsent(block, reader -> reader.session(decode)) : block.session(decode);
    }
}
