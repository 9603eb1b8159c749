package io.varve.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** A matcher says of any text what RE2 says, and refuses what RE2 refuses, whatever its shape tells beforehand. */
final class RegexShapeProperties {

    private static final String[] ATOMS = {
        "a",
        "b",
        "ab",
        "_",
        "\ud83d\ude00",
        ".",
        ".",
        "\\.",
        "\\-",
        "\\d",
        "\\w",
        "[ab]",
        "[^a]",
        "[a-b]",
        "[]a]",
        "^",
        "$",
        "\\Qa.b\\E",
        "\\x61",
        "{",
        "}",
        "]",
        "(?i:A)",
        "(?i)",
        "[[:alpha:]]",
        "\\pL",
        "\\b",
        "\n",
        "[\\.a]",
        ")",
        "("
    };
    private static final String[] QUANTIFIERS = {
        "*", "+", "?", "*?", "+?", "??", "{0,2}", "{2}", "{1,}", "{,2}", "**", "???"
    };
    private static final String[] PIECES = {"a", "b", "A", "ab", "_", ".", "-", "\ud83d\ude00", "\n", "1", "{", "]"};

    @Property(tries = 2_000)
    void matchersAgreeWithRe2(@ForAll long seed) {
        Random random = new Random(seed);
        String expression = expression(random, 3);
        Pattern pattern = compiled(expression);
        Matcher matcher = matcher(expression);
        assertThat(matcher == null).as(expression).isEqualTo(pattern == null);
        if (matcher == null || pattern == null) {
            return;
        }
        RegexShape shape = RegexShape.of(expression);
        for (int i = 0; i < 60; i++) {
            String text = text(random, expression);
            boolean expected = pattern.matches(text);
            assertThat(matcher.matches(text)).as("%s of '%s'", expression, text).isEqualTo(expected);
            assertThat(Matcher.notRegex("x", expression).matches(text)).isEqualTo(!expected);
            if (expected && !shape.literals().contains(text)) {
                assertThat(shape.prefixes()).as("%s of '%s'", expression, text).anyMatch(text::startsWith);
            }
            if (shape.matchesAll()) {
                assertThat(expected).isTrue();
            }
        }
    }

    private static @Nullable Pattern compiled(String expression) {
        try {
            return Pattern.compile("^(?s:" + expression + ")$");
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    private static @Nullable Matcher matcher(String expression) {
        try {
            return Matcher.regex("x", expression);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String expression(Random random, int depth) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            int kind = random.nextInt(10);
            if (kind < 3 && depth > 0) {
                text.append(random.nextBoolean() ? "(" : "(?:")
                        .append(expression(random, depth - 1))
                        .append(')');
            } else if (kind < 5) {
                text.append('|');
            } else {
                int usual = random.nextInt(3) == 0 ? ATOMS.length : 12;
                text.append(ATOMS[random.nextInt(usual)]);
            }
            if (random.nextInt(3) == 0) {
                text.append(QUANTIFIERS[random.nextInt(random.nextInt(4) == 0 ? QUANTIFIERS.length : 6)]);
            }
        }
        return text.toString();
    }

    /** Small texts, some made of the characters of the expression. */
    private static String text(Random random, String expression) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            if (random.nextInt(3) == 0 && !expression.isEmpty()) {
                char c = expression.charAt(random.nextInt(expression.length()));
                text.append(Character.isSurrogate(c) ? 'a' : c);
            } else {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return text.toString();
    }
}
