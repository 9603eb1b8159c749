package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.model.CodingModel;
import io.varve.core.index.ByteSource;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The coding models of a block, each read when a page first asks for it. Any number of threads may ask; who reads a
 * model twice finds the same.
 */
final class BlockModels implements CodingModel.Lookup {

    /** A block without models, or whose models are damaged. */
    static final BlockModels NONE = new BlockModels();

    /** Models of a block are numbered below this. */
    static final int MAX_MODELS = 1 << 16;

    /** The most bytes that a model takes. */
    static final int MAX_BYTES = 1 << 14;

    private final AtomicReferenceArray<@Nullable CodingModel> models;
    private final ByteBuffer bytes;

    /** Where each model ends in the bytes; the first one begins at {@link #first}. */
    private final int[] ends;

    private final int first;

    private BlockModels() {
        models = new AtomicReferenceArray<>(0);
        bytes = ByteBuffer.allocate(0);
        ends = new int[0];
        first = 0;
    }

    /**
     * Opens the section.
     *
     * @throws MalformedPageException if the lengths of the models do not add up to it
     */
    BlockModels(ByteBuffer section) {
        ByteSource in = new ByteSource(section, 0);
        int count = in.varint(MAX_MODELS);
        models = new AtomicReferenceArray<>(count);
        ends = new int[count];
        for (int i = 0; i < count; i++) {
            ends[i] = in.varint(MAX_BYTES);
        }
        first = in.position();
        int end = first;
        for (int i = 0; i < count; i++) {
            end += ends[i];
            ends[i] = end;
        }
        if (end != first + in.remaining()) {
            throw new MalformedPageException(first, "models of " + in.remaining() + " bytes: found=" + (end - first));
        }
        bytes = section;
    }

    int count() {
        return ends.length;
    }

    /** Whether a model was asked for before. */
    boolean isRead(int number) {
        return number < ends.length && models.get(number) != null;
    }

    @Override
    public @Nullable CodingModel model(int number) {
        if (number >= ends.length) {
            return null;
        }
        CodingModel known = models.get(number);
        if (known == null) {
            known = read(number);
            models.set(number, known);
        }
        return known;
    }

    private CodingModel read(int number) {
        int from = number == 0 ? first : ends[number - 1];
        byte[] model = new byte[ends[number] - from];
        bytes.get(from, model);
        PageReader in = new PageReader();
        in.reset(model, 0, model.length);
        CodingModel found = CodingModel.read(in);
        in.finish();
        return found;
    }
}
