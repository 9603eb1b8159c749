package io.varve.core.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.compact.MergePlanner.Hidden;
import io.varve.core.model.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which block is written anew without what is deleted of it. */
class RewritePlanTest {

    /** Each block is {@code id:deletions:share}; a star behind the id says that it must stay as it is. */
    @ParameterizedTest
    @CsvSource({
        "'', false, ''",
        "'', true, ''",
        "a:0:0, true, ''",
        "a:1:0.19, false, ''",
        "a:1:0.19, true, a",
        "a:1:0.0001, true, a",
        "a:1:0.2, false, a",
        "a:99:0.01, false, ''",
        "a:100:0.01, false, a",
        "a:1:0.3 b:1:0.9 c:2:0.5, false, b",
        "a:1:0.3 b*:1:0.9 c:2:0.5, false, c",
        "a:1:0.1 b*:1:0.9, false, ''",
        "a:1:0.1 b*:1:0.9, true, a",
        "a*:1:1, true, ''",
    })
    void theOneOfWhichMostIsHidden(String blocks, boolean all, String expected) {
        List<Hidden> hidden = new ArrayList<>();
        List<String> excluded = new ArrayList<>();
        for (String block : blocks.isEmpty() ? new String[0] : blocks.split(" ")) {
            String[] parts = block.split(":");
            String id = parts[0].replace("*", "");
            if (parts[0].endsWith("*")) {
                excluded.add(id);
            }
            hidden.add(new Hidden(block(id), Integer.parseInt(parts[1]), Double.parseDouble(parts[2])));
        }
        List<BlockMeta> chosen = MergePlanner.nextRewrite(hidden, Set.copyOf(excluded), all);
        assertThat(chosen.stream().map(BlockMeta::id).toList())
                .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected));
    }

    private static BlockMeta block(String id) {
        return new BlockMeta(BlockHeader.raw(id, 1, 2, 0, Resolution.MILLIS), 0, 100, 10, 1_000, 1, 10, 5_000);
    }
}
