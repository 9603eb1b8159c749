package io.varve.core.block;

import io.varve.core.model.Matcher;
import java.util.List;
import java.util.Random;

/** Matchers that fit the labels of {@link BlockModel}. */
final class MatcherSamples {

    private static final List<Matcher.Type> TYPES = List.of(Matcher.Type.values());
    private static final String[] NAMES = {"__name__", "host", "zone", "naïve0", "id", "none"};
    private static final String[] VALUES = {"", "m1", "host_1", "host_12", "zone/0", "\ud83d\ude001", "nothing"};
    private static final String[] EXPRESSIONS = {
        "",
        ".*",
        ".+",
        "m1|m2",
        "(m0|m2)",
        "(?:host_1|host_2|)",
        "host_1",
        "host_1.*",
        "host_1?",
        "host_1[0-3]",
        "zone/.",
        "zone/(0|1)",
        "|zone/1",
        "a|",
        "\ud83d\ude001",
        "\ud83d\ude00*",
        "(?i)HOST_.*",
        "m\\d",
        "x\\.y|m1",
        "^m1$",
        "host_(1|2)|m.",
        "[a-m].*",
        "h{1}ost_.*",
        "\\Qm1\\E|m2",
        "host_1+",
        "(m1)|(m2)",
        ".*1",
        "host.*1.*",
        "(m|host)_?.+",
        "zone.+|",
        "host_(1|2).*|zone/0",
        "host_[12].+|m1",
        "x.*|.*"
    };

    private MatcherSamples() {}

    static Matcher[] some(Random random) {
        Matcher[] matchers = new Matcher[random.nextInt(4)];
        for (int i = 0; i < matchers.length; i++) {
            Matcher.Type type = TYPES.get(random.nextInt(TYPES.size()));
            boolean text = type == Matcher.Type.EQUAL || type == Matcher.Type.NOT_EQUAL;
            String[] from = text ? VALUES : EXPRESSIONS;
            matchers[i] = Matcher.of(type, NAMES[random.nextInt(NAMES.length)], from[random.nextInt(from.length)]);
        }
        return matchers;
    }
}
