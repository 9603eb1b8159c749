package io.varve.server.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.write.MetadataStore.Metadata;
import org.junit.jupiter.api.Test;

class MetadataStoreTest {

    private final MetadataStore store = new MetadataStore(2);

    @Test
    void a_full_store_updates_what_it_knows_and_lets_new_names_go() {
        store.type("a", "counter");
        store.help("b", "of b");
        store.help("c", "of c");
        store.help("a", "of a");
        store.unit("b", "seconds");
        assertThat(store.snapshot().keySet()).containsExactly("a", "b");
        assertThat(store.get("a")).isEqualTo(new Metadata("counter", "of a", ""));
        assertThat(store.get("b")).isEqualTo(new Metadata("unknown", "of b", "seconds"));
    }

    @Test
    void long_texts_are_cut_between_characters() {
        String wide = "\uD83D\uDE00"; // one character in two units
        store.put("a", new Metadata("gauge", "x".repeat(4095) + wide + "y", "u".repeat(255) + wide));
        assertThat(store.get("a")).isEqualTo(new Metadata("gauge", "x".repeat(4095), "u".repeat(255)));
        store.put("a", new Metadata("gauge", "x".repeat(4094) + wide + "y", "u".repeat(257)));
        assertThat(store.get("a")).isEqualTo(new Metadata("gauge", "x".repeat(4094) + wide, "u".repeat(256)));
    }

    @Test
    void names_that_no_metric_has_are_let_go() {
        store.help("", "none");
        store.help("n".repeat(1025), "too long");
        assertThat(store.snapshot()).isEmpty();
    }
}
