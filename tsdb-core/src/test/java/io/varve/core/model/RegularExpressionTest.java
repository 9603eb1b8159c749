package io.varve.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegularExpressionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "((((((a{10}){10}){10}){10}){10}){10}){10}",
                "(x{1,1000}){1,1000}",
                "(?:[ab]{300}){0,300}",
                "((\\pL){50}){50}",
                "([\\p{Greek}x]{40}){40}",
                "(\\x{61}{300}){300}",
                "([^]a]{300}){300}",
                "([[:alpha:]]{300}){300}",
                "((?i)a(b|c){200}){200}",
                "(a{2,}b{300}){300}",
                "(\\Q((\\E{300}){300}"
            })
    void repeats_of_repeats_are_refused_before_they_are_compiled(String expression) {
        assertThatThrownBy(() -> RegularExpression.compile(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("regular expression too large: characters, repeats multiplied out=")
                .hasMessageEndingWith(", limit=65536");
        assertThatThrownBy(() -> Matcher.regex("a", expression)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{1000}",
                "(a{100}){100}",
                "[{300}]{300}",
                "(\\{300}){300}",
                "(a{300)*}",
                "\\p{L}{1000}",
                "(?:a|b{3}){4}c",
                "{30000}x",
                "[]a]{200}"
            })
    void what_has_a_bearable_size_is_compiled(String expression) {
        try {
            assertThat(RegularExpression.compile(expression)).isNotNull();
        } catch (PatternSyntaxException e) {
            assertThat(expression).containsAnyOf("{300)", "{30000}", "{300}){300}", "\\p{L}");
        }
    }

    @Test
    void long_expressions_have_a_limit() {
        assertThat(RegularExpression.compile("a|".repeat(1 << 14)).matches("a")).isTrue();
        assertThatThrownBy(() -> RegularExpression.compile("a".repeat((1 << 16) + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("regular expression too large: characters, repeats multiplied out=65537, limit=65536");
        assertThatThrownBy(() -> RegularExpression.compile("\\pL".repeat(2_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void patterns_match_whole_texts_with_line_breaks() {
        assertThat(RegularExpression.compile("a.*b").matches("a\nb")).isTrue();
        assertThat(RegularExpression.compile("a.*b").matches("a\nbc")).isFalse();
        assertThat(RegularExpression.compile("a|bc").matches("bc")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "a{", "\\", "\\Q", "[[:", "\\p{", ")", "a{1", "(?", "[^", "{", "}{1}"})
    void broken_ends_do_not_end_the_reckoning_badly(String expression) {
        try {
            RegularExpression.compile(expression);
        } catch (PatternSyntaxException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
