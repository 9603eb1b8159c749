package io.varve.core.head;

import io.varve.codec.Effort;
import io.varve.codec.PageCodec;
import org.jspecify.annotations.Nullable;

/**
 * The writer's codec, some megabytes of scratch memory: made for its first page and handed on from generation to
 * generation. The agent's alone.
 */
final class AgentCodec {

    private @Nullable PageScratch scratch;

    PageScratch get() {
        PageScratch made = scratch;
        if (made == null) {
            made = new PageScratch(new PageCodec(Effort.FAST));
            scratch = made;
        }
        return made;
    }
}
