package io.varve.server.write.text;

import io.varve.server.write.LabelRules;
import io.varve.server.write.MetadataStore;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Takes one line of the text format apart: where the series stands, its value, its time.
 *
 * <pre>
 *   line      = [ sample | comment ]
 *   sample    = series value [ millis ] [ "#" exemplar ]        parts separated by blanks or tabs
 *   series    = name [ "{" … "}" ] | "{" … "}"                  read by {@link SeriesText} on first sight
 *   comment   = "#" [ ("HELP" | "TYPE" | "UNIT") name text ]    anything else after "#" is ignored
 * </pre>
 *
 * <p>Mutable and for one thread; the bytes are borrowed for the duration of {@link #parse}.
 */
final class LineParser {

    private static final Set<String> TYPES = Set.of(
            "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset", "unknown", "untyped");

    private final MetadataStore metadata;
    private int seriesFrom;
    private int seriesTo;
    private double value;
    private boolean timed;
    private long millis;

    LineParser(MetadataStore metadata) {
        this.metadata = metadata;
    }

    /**
     * Takes a line apart.
     *
     * @return whether it is a sample; blank lines and comments are not
     * @throws LineSyntaxException if it is not a line of the format
     */
    boolean parse(byte[] bytes, int from, int to) throws LineSyntaxException {
        int at = skipBlanks(bytes, from, to);
        if (at == to) {
            return false;
        }
        if (bytes[at] == '#') {
            comment(bytes, at + 1, to);
            return false;
        }
        seriesFrom = at;
        seriesTo = SeriesText.end(bytes, at, to);
        at = skipBlanks(bytes, seriesTo, to);
        int end = tokenEnd(bytes, at, to);
        if (at == end) {
            throw new LineSyntaxException("value is missing");
        }
        value = NumberText.value(bytes, at, end);
        at = skipBlanks(bytes, end, to);
        timed = at < to && bytes[at] != '#';
        if (timed) {
            end = tokenEnd(bytes, at, to);
            millis = NumberText.millis(bytes, at, end);
            at = skipBlanks(bytes, end, to);
            if (at < to && bytes[at] != '#') {
                throw new LineSyntaxException("text after the timestamp: " + shown(bytes, at, to));
            }
        }
        return true;
    }

    private void comment(byte[] bytes, int from, int to) {
        int at = skipBlanks(bytes, from, to);
        int end = tokenEnd(bytes, at, to);
        String keyword = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        if (!keyword.equals("HELP") && !keyword.equals("TYPE") && !keyword.equals("UNIT")) {
            return;
        }
        at = skipBlanks(bytes, end, to);
        boolean quoted = at < to && bytes[at] == '"';
        end = quoted ? QuotedText.end(bytes, at + 1, to) : tokenEnd(bytes, at, to);
        if (end < 0) {
            return; // a comment is never wrong
        }
        String name = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        name = quoted ? QuotedText.unescaped(name.substring(1, name.length() - 1)) : name;
        at = skipBlanks(bytes, end, to);
        String text = new String(bytes, at, to - at, StandardCharsets.UTF_8);
        switch (keyword) {
            case "HELP" -> metadata.help(name, QuotedText.unescaped(text));
            case "UNIT" -> metadata.unit(name, text.strip());
            default -> {
                String type = text.strip();
                if (TYPES.contains(type)) {
                    metadata.type(name, type.equals("untyped") ? "unknown" : type);
                }
            }
        }
    }

    private static int skipBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    private static int tokenEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private static String shown(byte[] bytes, int from, int to) {
        return LabelRules.shown(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    /** Where the series begins. */
    int seriesFrom() {
        return seriesFrom;
    }

    /** Where the series ends. */
    int seriesTo() {
        return seriesTo;
    }

    double value() {
        return value;
    }

    /** Whether the line has a timestamp. */
    boolean timed() {
        return timed;
    }

    /** The timestamp, if there is one. */
    long millis() {
        return millis;
    }
}
