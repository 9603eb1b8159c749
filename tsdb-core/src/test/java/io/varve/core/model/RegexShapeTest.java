package io.varve.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What is taken out of an expression, and what is left to RE2. */
final class RegexShapeTest {

    @Test
    void setsOfTexts() {
        isSet("a|b|c", "a", "b", "c");
        isSet("(?:a|b)", "a", "b");
        isSet("(a)|(b)", "a", "b");
        isSet("(ab|)", "ab", "");
        isSet("cpu_(user|system)", "cpu_user", "cpu_system");
        isSet("(a|b)_(c|d)e?", "a_c", "a_ce", "a_d", "a_de", "b_c", "b_ce", "b_d", "b_de");
        isSet("host_[12]", "host_1", "host_2");
        isSet("10\\.0\\.0\\.1:9100", "10.0.0.1:9100");
        isSet("^a$|^b$", "a", "b");
        isSet("");
    }

    private static void isSet(String expression, String... texts) {
        RegexShape shape = RegexShape.of(expression);
        assertThat(shape.isSet()).as(expression).isTrue();
        assertThat(shape.exact()).as(expression).isTrue();
        assertThat(shape.literals()).as(expression).isEqualTo(texts.length == 0 ? Set.of("") : Set.of(texts));
    }

    @Test
    void prefixesOfWhatIsNoSet() {
        hasPrefixes("node_.*", true, "node_");
        hasPrefixes("(cpu|disk|diskio)_.+", true, "cpu_", "disk_", "diskio_");
        hasPrefixes("ab.*|a.+|c.*", true, "a", "c");
        hasPrefixes(".*error.*", true, "");
        hasPrefixes("a.*b.+c", true, "a");
        hasPrefixes("node_?x.*", true, "node_x", "nodex");
        hasPrefixes("node\\d+", false, "node");
        hasPrefixes("ab+", false, "ab");
        hasPrefixes("ab*", false, "a");
        hasPrefixes("(a+)+$", false, "a");
        hasPrefixes("\ud83d\ude00*", false, "");
        hasPrefixes("10.0.0.1", false, "10");
        hasPrefixes("(?i)ab.*", false, "");
        hasPrefixes("\\Qa.b\\E", false, "");
        hasPrefixes("a{0,2}b", false, "");
    }

    private static void hasPrefixes(String expression, boolean exact, String... prefixes) {
        RegexShape shape = RegexShape.of(expression);
        assertThat(shape.isSet()).as(expression).isFalse();
        assertThat(shape.exact()).as(expression).isEqualTo(exact);
        assertThat(shape.prefixes()).as(expression).isEqualTo(List.of(prefixes));
    }

    @Test
    void everythingIsRecognised() {
        for (String expression : List.of(".*", "(.*)", "a|.*", "^.*$", ".*?")) {
            assertThat(RegexShape.of(expression).matchesAll()).as(expression).isTrue();
        }
        for (String expression : List.of(".+", "(?i).*", "a.*", ".*a")) {
            assertThat(RegexShape.of(expression).matchesAll()).as(expression).isFalse();
        }
    }

    @Test
    void whatWouldGrowWithoutBoundIsLeftToRe2() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            RegexShape product = RegexShape.of("x" + "(a|b|c|d)".repeat(40));
            assertThat(product.exact()).isFalse();
            assertThat(product.prefixes().get(0)).startsWith("xaaa");
            assertThat(RegexShape.of("(a|b)?".repeat(50_000)).exact()).isFalse();
            assertThat(RegexShape.of("(".repeat(100_000)).prefixes()).containsExactly("");
            assertThat(RegexShape.of(".*a".repeat(300_000)).exact()).isFalse();
            assertThat(RegexShape.of("a".repeat(1_000_000)).isSet()).isTrue();
            assertThat(RegexShape.of("a|".repeat(9_000)).literals()).containsExactly("a", "");
        });
    }
}
