package io.varve.server.write.text;

import io.varve.core.model.Labels;
import io.varve.core.storage.WireLabels;
import io.varve.server.write.LabelRuleException;
import io.varve.server.write.LabelRules;
import io.varve.server.write.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a series as the text format writes it: {@code name{label="value",…}}, or {@code {"any name","any.label"="v"}}
 * with names in quotes. Names without quotes are the classic ones (ASCII letters, digits, underscore; a metric's also
 * colons). Labels may come in any order. Called on first sight of a series only. For one thread.
 */
public final class SeriesText implements WireLabels {

    private static final byte[] NOTHING = {};
    private static final int SHOWN = 256;

    private final LabelRules rules;
    private byte[] bytes = NOTHING;
    private int at;
    private int end;
    /** The last quoted text without its escapes. */
    private byte[] plain = new byte[256];

    private int plainLength;

    /** A reader of series that keep rules. */
    public SeriesText(LabelRules rules) {
        this.rules = rules;
    }

    /**
     * Reads a series.
     *
     * @throws LabelRuleException if it is not written as above, or breaks a rule
     */
    @Override
    public Labels decode(byte[] wire, int offset, int length) {
        bytes = wire;
        at = offset;
        end = offset + length;
        try {
            return series();
        } finally {
            bytes = NOTHING;
        }
    }

    /**
     * Where a series ends that begins at a place: behind its labels, or its name if it has none. What is between is not
     * looked at.
     *
     * @throws LineSyntaxException if labels are not closed
     */
    public static int end(byte[] bytes, int from, int to) throws LineSyntaxException {
        int at = from;
        while (at < to && bytes[at] != '{' && !LineParser.isBlank(bytes[at])) {
            at++;
        }
        int nameEnd = at;
        at = pastBlanks(bytes, at, to);
        if (at == to || bytes[at] != '{') {
            return nameEnd;
        }
        boolean quoted = false;
        for (at++; at < to; at++) {
            byte c = bytes[at];
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                at++;
            } else if (!quoted && c == '}') {
                return at + 1;
            }
        }
        throw new LineSyntaxException("labels are not closed: "
                + LabelRules.shown(new String(bytes, from, Math.min(SHOWN, to - from), StandardCharsets.UTF_8)));
    }

    private static int pastBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && LineParser.isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    private Labels series() {
        List<String> pairs = new ArrayList<>();
        if (peek() != '{') {
            add(pairs, Labels.NAME, bareName(true));
        }
        skipBlanks();
        if (at < end) {
            expect('{');
            skipBlanks();
            while (peek() != '}') {
                rules.count(pairs.size() / 2 + 1);
                member(pairs);
                skipBlanks();
                if (peek() != '}') {
                    expect(',');
                    skipBlanks();
                }
            }
        }
        return rules.labels(pairs);
    }

    private void member(List<String> pairs) {
        String name;
        if (peek() == '"') {
            quoted();
            byte[] first = java.util.Arrays.copyOf(plain, plainLength);
            skipBlanks();
            if (peek() != '=') {
                add(pairs, Labels.NAME, rules.value(first, 0, first.length));
                return;
            }
            name = rules.name(first, 0, first.length);
        } else {
            name = bareName(false);
            skipBlanks();
        }
        expect('=');
        skipBlanks();
        quoted();
        add(pairs, name, rules.value(plain, 0, plainLength));
    }

    /** Adds a pair at its place, so that the pairs are sorted by name. */
    private static void add(List<String> pairs, String name, String value) {
        int place = pairs.size();
        while (place > 0 && Labels.compareCodePoints(pairs.get(place - 2), name) > 0) {
            place -= 2;
        }
        pairs.add(place, name);
        pairs.add(place + 1, value);
    }

    private String bareName(boolean metric) {
        int from = at;
        while (at < end && isNameByte(bytes[at], at > from, metric)) {
            at++;
        }
        if (at == from || (at < end && "={ \t".indexOf(bytes[at]) < 0)) {
            throw new LabelRuleException(Refusal.LABEL_NAME, shown(from));
        }
        return metric ? rules.value(bytes, from, at) : rules.name(bytes, from, at);
    }

    private static boolean isNameByte(byte c, boolean digits, boolean colons) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || (digits && c >= '0' && c <= '9')
                || (colons && c == ':');
    }

    private void quoted() {
        int from = at;
        expect('"');
        plainLength = 0;
        while (peek() != '"') {
            byte c = bytes[at++];
            if (c == '\\') {
                c = switch (peek()) {
                    case 'n' -> '\n';
                    case '\\' -> '\\';
                    case '"' -> '"';
                    default -> throw syntax("an escape is \\n, \\\" or \\\\", from);
                };
                at++;
            }
            if (plainLength == plain.length) {
                plain = java.util.Arrays.copyOf(plain, 2 * plain.length);
            }
            plain[plainLength++] = c;
        }
        at++;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw syntax("expected " + c, at);
        }
        at++;
    }

    private byte peek() {
        if (at >= end) {
            throw syntax("labels are cut off", Math.max(0, end - 1));
        }
        return bytes[at];
    }

    private void skipBlanks() {
        while (at < end && LineParser.isBlank(bytes[at])) {
            at++;
        }
    }

    private LabelRuleException syntax(String rule, int from) {
        return new LabelRuleException(Refusal.SYNTAX, rule + " at " + shown(from));
    }

    private String shown(int from) {
        return LabelRules.shown(new String(bytes, from, end - from, StandardCharsets.UTF_8));
    }
}
