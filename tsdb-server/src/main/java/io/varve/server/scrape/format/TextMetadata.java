package io.varve.server.scrape.format;

import io.varve.server.write.text.LineSyntaxException;
import io.varve.server.write.text.QuotedText;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Reads what lines of text say about metrics: {@code # HELP name text}, {@code # TYPE name type} and UNIT. */
final class TextMetadata {

    private static final Set<String> TYPES = Set.of(
            "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset", "unknown", "untyped");

    private TextMetadata() {}

    /**
     * Tells a sink what a line that begins with a number sign says, if it is new.
     *
     * @throws LineSyntaxException if a type is none, or a name is missing
     */
    static void read(byte[] bytes, int from, int to, ExpositionSink sink) throws LineSyntaxException {
        int keyword = pastBlanks(bytes, from + 1, to);
        int end = tokenEnd(bytes, keyword, to);
        boolean speaks =
                is(bytes, keyword, end, "HELP") || is(bytes, keyword, end, "TYPE") || is(bytes, keyword, end, "UNIT");
        if (speaks && sink.metadataIsNew(bytes, from, to)) {
            SaidOfMetric said = said(bytes, from, to);
            sink.metadata(said.metric(), said.type(), said.help(), said.unit());
        }
    }

    /**
     * What a line says that has one of the keywords.
     *
     * @throws LineSyntaxException if a type is none, or a name is missing
     */
    static SaidOfMetric said(byte[] bytes, int from, int to) throws LineSyntaxException {
        int keyword = pastBlanks(bytes, from + 1, to);
        int end = tokenEnd(bytes, keyword, to);
        boolean help = is(bytes, keyword, end, "HELP");
        boolean type = is(bytes, keyword, end, "TYPE");
        int at = pastBlanks(bytes, end, to);
        boolean quoted = at < to && bytes[at] == '"';
        end = quoted ? QuotedText.end(bytes, at + 1, to) : tokenEnd(bytes, at, to);
        if (end <= at) {
            throw new LineSyntaxException("a metric's name is missing behind HELP, TYPE or UNIT");
        }
        String name = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        name = quoted ? QuotedText.unescaped(name.substring(1, name.length() - 1)) : name;
        at = pastBlanks(bytes, end, to);
        String text = new String(bytes, at, to - at, StandardCharsets.UTF_8);
        if (help) {
            return new SaidOfMetric(name, "", QuotedText.unescaped(text), "");
        }
        String said = text.strip();
        if (!type) {
            return new SaidOfMetric(name, "", "", said);
        }
        if (!TYPES.contains(said)) {
            throw new LineSyntaxException("no type of a metric: " + shown(said));
        }
        return new SaidOfMetric(name, said.equals("untyped") ? "unknown" : said, "", "");
    }

    private static String shown(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }

    private static boolean is(byte[] bytes, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static int pastBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    static int tokenEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != ' ' && bytes[at] != '\t') {
            at++;
        }
        return at;
    }
}
