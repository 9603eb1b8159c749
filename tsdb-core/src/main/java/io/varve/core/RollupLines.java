package io.varve.core;

import io.varve.core.compact.Cutoffs;
import io.varve.core.compact.RawFloors;
import io.varve.core.model.Matcher;
import io.varve.core.model.RetentionRule;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The lines of a manifest that say from when on samples are all there; docs/format/manifest.md. */
final class RollupLines {

    static final String EXPIRED = "expired";

    private static final String RULE = " / ";
    private static final String EMPTY = "=";

    private RollupLines() {}

    static void write(RawFloors floors, StringBuilder text) {
        for (Cutoffs entry : floors.entries()) {
            text.append(EXPIRED).append(' ').append(entry.standard());
            for (int i = 0; i < entry.rules().size(); i++) {
                text.append(RULE).append(entry.ofRule(i));
                for (Matcher matcher : entry.rules().get(i).match()) {
                    text.append(' ').append(matcher.type().operator());
                    text.append(' ').append(encoded(matcher.name()));
                    text.append(' ').append(encoded(matcher.value()));
                }
            }
            text.append('\n');
        }
    }

    private static String encoded(String text) {
        return text.isEmpty() ? EMPTY : URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return text.equals(EMPTY) ? "" : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if the line is malformed, or IndexOutOfBoundsException */
    static Cutoffs read(String value) {
        String[] parts = value.split(RULE, -1);
        List<RetentionRule> rules = new ArrayList<>();
        long[] byRule = new long[parts.length - 1];
        for (int i = 1; i < parts.length; i++) {
            String[] words = parts[i].split(" ", -1);
            byRule[i - 1] = Long.parseLong(words[0]);
            List<Matcher> matchers = new ArrayList<>();
            for (int k = 1; k < words.length; k += 3) {
                matchers.add(Matcher.of(type(words[k]), decoded(words[k + 1]), decoded(words[k + 2])));
            }
            rules.add(new RetentionRule(matchers, Duration.ZERO));
        }
        return new Cutoffs(Long.parseLong(parts[0]), rules, byRule);
    }

    private static Matcher.Type type(String operator) {
        for (Matcher.Type type : Matcher.Type.values()) {
            if (type.operator().equals(operator)) {
                return type;
            }
        }
        throw new IllegalArgumentException("an operator of a matcher: found=" + operator);
    }
}
