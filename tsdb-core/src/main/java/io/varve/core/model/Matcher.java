package io.varve.core.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One condition on a label: equal, not equal, or a regular expression that must or must not match the whole value. A
 * missing label has the empty value. Regular expressions are RE2 (linear time); a dot matches a newline too. What their
 * {@link RegexShape} tells of a value is not asked of RE2. Immutable.
 */
public final class Matcher {

    private static final int MOST_SHOWN = 300;

    /** How a matcher compares. */
    public enum Type {
        EQUAL("="),
        NOT_EQUAL("!="),
        REGEX("=~"),
        NOT_REGEX("!~");

        private final String operator;

        Type(String operator) {
            this.operator = operator;
        }

        /** The operator as written in a selector. */
        public String operator() {
            return operator;
        }
    }

    private final Type type;
    private final String name;
    private final String value;
    private final @Nullable RegexShape shape;

    /** Null where the shape says all. */
    private final @Nullable Pattern pattern;

    private Matcher(Type type, String name, String value) {
        this.type = type;
        this.name = Objects.requireNonNull(name);
        this.value = Objects.requireNonNull(value);
        this.shape = type == Type.REGEX || type == Type.NOT_REGEX ? RegexShape.of(value) : null;
        this.pattern = shape == null || shape.exact() ? null : compile(name, value);
    }

    private static Pattern compile(String name, String expression) {
        try {
            return RegularExpression.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "an RE2 regular expression: label=" + name + ", expression=" + shown(expression) + ", "
                            + shown(String.valueOf(e.getMessage())),
                    e);
        }
    }

    /** A text of which a message shows as much as a person reads. */
    private static String shown(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }

    /**
     * A matcher of any type.
     *
     * @throws IllegalArgumentException if a regular expression is not valid RE2, or too large
     */
    public static Matcher of(Type type, String name, String value) {
        return new Matcher(type, name, value);
    }

    /** The label has exactly this value; an empty value means the label is absent. */
    public static Matcher equal(String name, String value) {
        return new Matcher(Type.EQUAL, name, value);
    }

    /** The label does not have this value. */
    public static Matcher notEqual(String name, String value) {
        return new Matcher(Type.NOT_EQUAL, name, value);
    }

    /** The whole value matches an RE2 regular expression. */
    public static Matcher regex(String name, String expression) {
        return new Matcher(Type.REGEX, name, expression);
    }

    /** The whole value does not match an RE2 regular expression. */
    public static Matcher notRegex(String name, String expression) {
        return new Matcher(Type.NOT_REGEX, name, expression);
    }

    /** How this matcher compares. */
    public Type type() {
        return type;
    }

    /** Name of the label that it looks at. */
    public String name() {
        return name;
    }

    /** The value or regular expression that it compares with. */
    public String value() {
        return value;
    }

    /** What is known of the regular expression; null if this compares with a value. */
    public @Nullable RegexShape shape() {
        return shape;
    }

    /** Whether a label's value (empty if absent) satisfies this matcher. */
    public boolean matches(String labelValue) {
        return switch (type) {
            case EQUAL -> labelValue.equals(value);
            case NOT_EQUAL -> !labelValue.equals(value);
            case REGEX -> matchesExpression(labelValue);
            case NOT_REGEX -> !matchesExpression(labelValue);
        };
    }

    private boolean matchesExpression(String labelValue) {
        return switch (Objects.requireNonNull(shape).verdict(labelValue)) {
            case MATCHES -> true;
            case DIFFERS -> false;
            case UNKNOWN -> Objects.requireNonNull(pattern).matches(labelValue);
        };
    }

    /** Whether a series without the label satisfies this matcher. */
    public boolean matchesAbsent() {
        return matches("");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Matcher m && type == m.type && name.equals(m.name) && value.equals(m.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, name, value);
    }

    @Override
    public String toString() {
        return name + type.operator + '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
