package io.varve.core.block;

import io.varve.codec.model.CodingModel;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what pages ask of their block's coding models, and counts which were read before and which had to be read.
 * Used by one thread at a time.
 */
final class ModelUse implements CodingModel.Lookup {

    private BlockModels models = BlockModels.NONE;
    private int hits;
    private int misses;

    /** Asks the models of this block from now on. */
    ModelUse of(BlockModels block) {
        models = block;
        return this;
    }

    @Override
    public @Nullable CodingModel model(int number) {
        if (models.isRead(number)) {
            hits++;
        } else {
            misses++;
        }
        return models.model(number);
    }

    /** Models that were there, since this was asked last. */
    int takeHits() {
        int taken = hits;
        hits = 0;
        return taken;
    }

    /** Models that had to be read, since this was asked last. */
    int takeMisses() {
        int taken = misses;
        misses = 0;
        return taken;
    }
}
