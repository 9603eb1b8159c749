package io.varve.server.rules.template;

import io.varve.core.model.ShortestDecimal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values as Go's package {@code fmt} writes them. Stateless. */
final class GoFormat {

    /** Widest field and longest fraction that {@code printf} may ask for. */
    private static final int MAX_WIDTH = 1_000;

    /** The power of ten from which on the fewest digits are written with an exponent. */
    private static final int SHORTEST_PRECISION = 6;

    private GoFormat() {}

    /** As the verb {@code %v} writes it. */
    static String print(@Nullable Object value) {
        if (value == null) {
            return "<no value>";
        }
        if (value instanceof Double number) {
            return shortest(number);
        }
        if (value instanceof Instant time) {
            return Humanize.time(time);
        }
        if (value instanceof Duration duration) {
            return Humanize.duration(duration);
        }
        if (value instanceof TemplateSample sample) {
            return "{" + print(sample.labels()) + " " + print(sample.value()) + "}";
        }
        if (value instanceof List<?> list) {
            StringBuilder text = new StringBuilder("[");
            for (Object element : list) {
                text.append(text.length() == 1 ? "" : " ").append(print(element));
            }
            return text.append(']').toString();
        }
        if (value instanceof Map<?, ?> map) {
            StringBuilder text = new StringBuilder("map[");
            new TreeMap<Object, Object>(map).forEach((key, of) -> text.append(text.length() == 4 ? "" : " ")
                    .append(key)
                    .append(':')
                    .append(print(of)));
            return text.append(']').toString();
        }
        return value.toString();
    }

    /** What a value is called in messages. */
    static String typeName(@Nullable Object value) {
        if (value == null) {
            return "nil";
        }
        if (value instanceof Map) {
            return "a map";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof TemplateSample) {
            return "a sample";
        }
        if (value instanceof String) {
            return "a string";
        }
        return value instanceof Number ? "a number" : "a " + value.getClass().getSimpleName();
    }

    /** {@code printf}. */
    static String format(int at, String format, List<@Nullable Object> arguments) {
        StringBuilder out = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            Verb verb = Verb.read(at, format, i + 1);
            i = verb.end();
            if (verb.letter() == '%') {
                out.append('%');
            } else if (verb.letter() == 0) {
                out.append("%!(NOVERB)");
            } else if (next >= arguments.size()) {
                out.append("%!").append(verb.letter()).append("(MISSING)");
            } else {
                verb.write(out, arguments.get(next++));
            }
            if (out.length() > Expansion.MAX_OUTPUT) {
                throw new Fault(at, "printf writes too much: more than " + Expansion.MAX_OUTPUT + " characters");
            }
        }
        if (next < arguments.size()) {
            out.append("%!(EXTRA");
            for (Object extra : arguments.subList(next, arguments.size())) {
                out.append(next++ == 0 ? " " : ", ")
                        .append(goType(extra))
                        .append('=')
                        .append(print(extra));
            }
            out.append(')');
        }
        return out.toString();
    }

    /** The name of a type as Go's messages have it. */
    static String goType(@Nullable Object value) {
        if (value instanceof Double) {
            return "float64";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        return value instanceof String
                ? "string"
                : value == null ? "<nil>" : typeName(value).replace("a ", "");
    }

    /**
     * A verb with its flags.
     *
     * @param end offset of its letter
     */
    private record Verb(char letter, String flags, int width, int places, int end) {

        static Verb read(int at, String format, int start) {
            int i = start;
            while (i < format.length() && "+-# 0".indexOf(format.charAt(i)) >= 0) {
                i++;
            }
            String flags = format.substring(start, i);
            int widthAt = i;
            while (i < format.length() && Character.isDigit(format.charAt(i))) {
                i++;
            }
            int width = number(at, format.substring(widthAt, i), 0);
            int places = -1;
            if (i < format.length() && format.charAt(i) == '.') {
                int placesAt = ++i;
                while (i < format.length() && Character.isDigit(format.charAt(i))) {
                    i++;
                }
                places = number(at, format.substring(placesAt, i), 0);
            }
            return new Verb(i < format.length() ? format.charAt(i) : 0, flags, width, places, i);
        }

        private static int number(int at, String digits, int otherwise) {
            int number = digits.isEmpty() ? otherwise : digits.length() > 4 ? MAX_WIDTH + 1 : Integer.parseInt(digits);
            if (number > MAX_WIDTH) {
                throw new Fault(at, "printf: a width or precision above " + MAX_WIDTH);
            }
            return number;
        }

        void write(StringBuilder out, @Nullable Object value) {
            String text = text(value);
            boolean number = value instanceof Number && !text.startsWith("%!");
            if (number && !text.startsWith("-") && flags.indexOf('+') >= 0) {
                text = "+" + text;
            } else if (number && !text.startsWith("-") && flags.indexOf(' ') >= 0) {
                text = " " + text;
            }
            int room = width - text.codePointCount(0, text.length());
            if (room <= 0) {
                out.append(text);
            } else if (flags.indexOf('-') >= 0) {
                out.append(text).append(" ".repeat(room));
            } else if (number && flags.indexOf('0') >= 0) {
                int sign = "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
                out.append(text, 0, sign).append("0".repeat(room)).append(text, sign, text.length());
            } else {
                out.append(" ".repeat(room)).append(text);
            }
        }

        private String text(@Nullable Object value) {
            return switch (letter) {
                case 'v' -> value instanceof Double number && places >= 0 ? general(number, places) : print(value);
                case 's' -> plain(value);
                case 'q' -> value instanceof String text ? quoted(text) : wrong(value);
                case 't' -> value instanceof Boolean ? value.toString() : wrong(value);
                case 'd' -> value instanceof Long ? value.toString() : wrong(value);
                case 'x', 'X', 'o', 'b', 'c' -> value instanceof Long number ? integer(number) : wrong(value);
                case 'f', 'F', 'e', 'E', 'g', 'G' -> value instanceof Double number ? real(number) : wrong(value);
                case 'T' -> goType(value);
                default -> wrong(value);
            };
        }

        private String plain(@Nullable Object value) {
            if (value instanceof String text) {
                return places < 0 ? text : text.substring(0, Math.min(places, text.length()));
            }
            return value instanceof Number || value instanceof Boolean ? wrong(value) : print(value);
        }

        private String wrong(@Nullable Object value) {
            return "%!" + letter + "(" + goType(value) + "=" + print(value) + ")";
        }

        private String integer(long number) {
            return switch (letter) {
                case 'x' -> Long.toString(number, 16);
                case 'X' -> Long.toString(number, 16).toUpperCase(Locale.ROOT);
                case 'o' -> Long.toString(number, 8);
                case 'b' -> Long.toString(number, 2);
                default -> Character.isValidCodePoint((int) number) ? Character.toString((int) number) : "\ufffd";
            };
        }

        private String real(double number) {
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                return special(number);
            }
            return switch (letter) {
                case 'f', 'F' -> fixed(number, places < 0 ? 6 : places);
                case 'e' -> exponential(number, places < 0 ? 6 : places);
                case 'E' -> exponential(number, places < 0 ? 6 : places).toUpperCase(Locale.ROOT);
                case 'g' -> places < 0 ? shortest(number) : general(number, places);
                default -> (places < 0 ? shortest(number) : general(number, places)).toUpperCase(Locale.ROOT);
            };
        }
    }

    private static String special(double number) {
        return Double.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
    }

    private static String fixed(double number, int places) {
        String text = new BigDecimal(Math.abs(number))
                .setScale(places, RoundingMode.HALF_EVEN)
                .toPlainString();
        return isNegative(number) ? "-" + text : text;
    }

    private static boolean isNegative(double number) {
        return number < 0 || number == 0 && 1 / number < 0;
    }

    private static String exponential(double number, int places) {
        BigDecimal rounded = number == 0
                ? BigDecimal.ZERO
                : new BigDecimal(Math.abs(number)).round(new MathContext(places + 1, RoundingMode.HALF_EVEN));
        String digits = rounded.unscaledValue().toString();
        int exponent = number == 0 ? 0 : digits.length() - 1 - rounded.scale();
        digits += "0".repeat(Math.max(0, places + 1 - digits.length()));
        return (isNegative(number) ? "-" : "") + withExponent(digits.substring(0, places + 1), exponent);
    }

    private static String withExponent(String digits, int exponent) {
        int size = Math.abs(exponent);
        return digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (size < 10 ? "0" : "")
                + size;
    }

    /** As the verb {@code %.Ng} writes it: so many digits, without zeros at the end. */
    static String general(double number, int digits) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return special(number);
        }
        int precision = Math.max(1, digits);
        BigDecimal rounded = new BigDecimal(Math.abs(number)).round(new MathContext(precision, RoundingMode.HALF_EVEN));
        return written(rounded, isNegative(number), precision);
    }

    /** The fewest digits that say which number it is. */
    private static String shortest(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return special(number);
        }
        BigDecimal size = number == 0 ? BigDecimal.ZERO : ShortestDecimal.decimal(Math.abs(number));
        return written(size, isNegative(number), SHORTEST_PRECISION);
    }

    private static String written(BigDecimal size, boolean negative, int exponentFrom) {
        String sign = negative ? "-" : "";
        if (size.signum() == 0) {
            return sign + "0";
        }
        BigDecimal bare = size.stripTrailingZeros();
        int exponent = bare.precision() - bare.scale() - 1;
        if (exponent < -4 || exponent >= exponentFrom) {
            return sign + withExponent(bare.unscaledValue().toString(), exponent);
        }
        return sign + bare.toPlainString();
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            int simple = "\u0007\b\f\n\r\t\u000b\\\"".indexOf(c);
            if (simple >= 0) {
                out.append('\\').append("abfnrtv\\\"".charAt(simple));
            } else if (c < ' ' || c == 0x7f) {
                out.append(String.format("\\x%02x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append('"').toString();
    }
}
