package io.varve.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** Only what is certainly simple is taken out of an expression. */
final class PlainRegexTest {

    @Test
    void setsOfTexts() {
        assertThat(PlainRegex.of("a|b|c").literals()).isEqualTo(Set.of("a", "b", "c"));
        assertThat(PlainRegex.of("(?:a|b)").literals()).isEqualTo(Set.of("a", "b"));
        assertThat(PlainRegex.of("(ab|)").literals()).isEqualTo(Set.of("ab", ""));
        assertThat(PlainRegex.of("10\\.0\\.0\\.1:9100").literals()).isEqualTo(Set.of("10.0.0.1:9100"));
        assertThat(PlainRegex.of("").literals()).isEqualTo(Set.of(""));
    }

    @Test
    void noSetsWhereAnythingElseIsMeant() {
        for (String expression : new String[] {
            "a.", "(a)|(b)", "(?i)a|b", "(?i:a|b)", "a\\d", "\\Qa.b\\E", "[ab]", "a+", "^a$", "(a|b", "a)", "a\\"
        }) {
            assertThat(PlainRegex.of(expression).literals()).as(expression).isNull();
        }
    }

    @Test
    void prefixes() {
        assertThat(PlainRegex.of("node_.*").prefix()).isEqualTo("node_");
        assertThat(PlainRegex.of("node_?x").prefix()).isEqualTo("node");
        assertThat(PlainRegex.of("a{0,2}b").prefix()).isEmpty();
        assertThat(PlainRegex.of("ab+").prefix()).isEqualTo("a");
        assertThat(PlainRegex.of("a\\.b*").prefix()).isEqualTo("a.");
        assertThat(PlainRegex.of("\ud83d\ude00*").prefix()).isEmpty();
        assertThat(PlainRegex.of("(?i)ab.*").prefix()).isEmpty();
        assertThat(PlainRegex.of("ab.*|c.*").prefix()).isEmpty();
        assertThat(PlainRegex.of("ab(c|d)").prefix()).isEmpty();
        assertThat(PlainRegex.of(".*").prefix()).isEmpty();
    }
}
