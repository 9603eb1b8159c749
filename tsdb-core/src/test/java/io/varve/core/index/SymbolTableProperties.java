package io.varve.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Every text has its number, and every number its text. */
final class SymbolTableProperties {

    private static SymbolTable table(List<String> texts) {
        ByteSink out = new ByteSink();
        SymbolTable.write(texts, out);
        ByteBuffer bytes = ByteBuffer.wrap(out.toArray()).order(ByteOrder.LITTLE_ENDIAN);
        ByteSource source = new ByteSource(bytes, 0);
        SymbolTable table = SymbolTable.read(bytes, source);
        assertThat(source.isAtEnd()).isTrue();
        return table;
    }

    private static boolean isText(String text) {
        return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    @Property(tries = 100)
    void textsAndNumbersAgree(@ForAll Set<String> some, @ForAll String other, @ForAll boolean manyAlike) {
        TreeSet<String> sorted = new TreeSet<>(Labels::compareCodePoints);
        some.stream().filter(SymbolTableProperties::isText).forEach(sorted::add);
        if (manyAlike) {
            for (int i = 0; i < 100; i++) {
                sorted.add("host_" + i);
            }
        }
        List<String> texts = new ArrayList<>(sorted);
        SymbolTable table = table(texts);
        assertThat(table.size()).isEqualTo(texts.size());
        assertThat(table.list(0, texts.size())).isEqualTo(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(table.get(i)).isEqualTo(texts.get(i));
            assertThat(table.find(texts.get(i))).isEqualTo(i);
            assertThat(table.list(i, Math.min(i + 3, texts.size())))
                    .isEqualTo(texts.subList(i, Math.min(i + 3, texts.size())));
        }
        if (isText(other)) {
            assertThat(table.lowerBound(other)).isEqualTo(sorted.headSet(other).size());
        }
    }
}
