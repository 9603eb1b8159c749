package io.varve.server.rules.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions that templates know: those of Go's templates, and those of Prometheus. Stateless. */
final class Functions {

    private static final Set<String> LAZY = Set.of("and", "or");
    private static final Map<String, Known> KNOWN = new HashMap<>();

    private Functions() {}

    /** What a function does. */
    @FunctionalInterface
    interface Body {
        @Nullable
        Object apply(Call call);
    }

    /** @param most most arguments; -1 for any number */
    private record Known(int least, int most, Body body) {}

    static {
        logic();
        texts();
        samples();
        numbers();
        setting();
    }

    static boolean isKnown(String name) {
        return LAZY.contains(name) || KNOWN.containsKey(name);
    }

    /** Whether a function evaluates its arguments one by one. */
    static boolean isLazy(String name) {
        return LAZY.contains(name);
    }

    static @Nullable Object call(Expansion expansion, String name, int at, List<@Nullable Object> arguments) {
        Known known = KNOWN.get(name);
        if (known == null) {
            throw new Fault(at, "function not defined: " + name);
        }
        int count = arguments.size();
        if (count < known.least() || known.most() >= 0 && count > known.most()) {
            String wanted = known.most() < 0
                    ? "at least " + known.least()
                    : known.least() == known.most()
                            ? String.valueOf(known.least())
                            : known.least() + " to " + known.most();
            throw new Fault(at, "wrong number of arguments for " + name + ": want " + wanted + ", got " + count);
        }
        return known.body().apply(new Call(expansion, name, at, arguments));
    }

    private static void define(String name, int least, int most, Body body) {
        KNOWN.put(name, new Known(least, most, body));
    }

    private static void logic() {
        define("not", 1, 1, call -> !Expansion.isTrue(call.any(0)));
        define("eq", 2, -1, call -> {
            for (int i = 1; i < call.count(); i++) {
                if (call.isEqual(0, i)) {
                    return true;
                }
            }
            return false;
        });
        define("ne", 2, 2, call -> !call.isEqual(0, 1));
        define("lt", 2, 2, call -> call.order() < 0);
        define("le", 2, 2, call -> call.order() <= 0);
        define("gt", 2, 2, call -> call.order() > 0 && call.isOrdered());
        define("ge", 2, 2, call -> call.order() >= 0 && call.isOrdered());
        define("len", 1, 1, Call::length);
        define("index", 1, -1, Call::index);
        define("slice", 1, 3, Call::slice);
    }

    private static void texts() {
        define("print", 0, -1, call -> call.spaced(false));
        define("println", 0, -1, call -> call.spaced(true) + "\n");
        define("printf", 1, -1, call -> GoFormat.format(call.at(), call.text(0), call.from(1)));
        define("html", 1, -1, call -> Escapes.html(call.spaced(false)));
        define("js", 1, -1, call -> Escapes.javaScript(call.spaced(false)));
        define("urlquery", 1, -1, call -> Escapes.query(call.spaced(false)));
        define("urlQueryEscape", 1, 1, call -> Escapes.query(call.text(0)));
        define("safeHtml", 1, 1, call -> call.text(0));
        define("title", 1, 1, call -> Texts.title(call.text(0)));
        define("toUpper", 1, 1, call -> Texts.upper(call.text(0)));
        define("toLower", 1, 1, call -> Texts.lower(call.text(0)));
        define("stripPort", 1, 1, call -> Texts.withoutPort(call.text(0)));
        define("stripDomain", 1, 1, call -> Texts.withoutDomain(call.text(0)));
        define("match", 2, 2, call -> Texts.pattern(call.at(), call.text(0))
                .matcher(call.text(1))
                .find());
        define(
                "reReplaceAll",
                3,
                3,
                call -> Texts.replaceAll(Texts.pattern(call.at(), call.text(0)), call.text(1), call.text(2)));
    }

    private static void samples() {
        define("query", 1, 1, call -> call.expansion().ask(call.at(), call.text(0)));
        define("first", 1, 1, call -> {
            List<TemplateSample> samples = call.samples(0);
            if (samples.isEmpty()) {
                throw new Fault(call.at(), "first() called on a vector with no elements");
            }
            return samples.get(0);
        });
        define("label", 2, 2, call -> call.sample(1).labels().getOrDefault(call.text(0), ""));
        define("value", 1, 1, call -> call.sample(0).value());
        define("strvalue", 1, 1, call -> call.sample(0).labels().getOrDefault("__value__", ""));
        define("sortByLabel", 2, 2, call -> {
            List<TemplateSample> sorted = new ArrayList<>(call.samples(1));
            String label = call.text(0);
            sorted.sort(Comparator.comparing(sample -> sample.labels().getOrDefault(label, "")));
            return sorted;
        });
    }

    private static void numbers() {
        define("humanize", 1, 1, call -> Humanize.decimal(call.number(0)));
        define("humanize1024", 1, 1, call -> Humanize.binary(call.number(0)));
        define("humanizeDuration", 1, 1, call -> Humanize.seconds(call.number(0)));
        define("humanizePercentage", 1, 1, call -> Humanize.percentage(call.number(0)));
        define("humanizeTimestamp", 1, 1, call -> {
            double seconds = call.number(0);
            return Double.isNaN(seconds) || Double.isInfinite(seconds)
                    ? GoFormat.general(seconds, 4)
                    : Humanize.time(call.instant(0));
        });
        define("toTime", 1, 1, call -> call.instant(0));
        define("toDuration", 1, 1, call -> call.duration(0));
        define("now", 0, 0, call -> call.expansion().setting().seconds());
        define("parseDuration", 1, 1, call -> Texts.seconds(call.at(), call.text(0)));
    }

    private static void setting() {
        define("externalURL", 0, 0, call -> call.expansion().setting().externalUrl());
        define("locate", 1, 1, call -> call.expansion().setting().located().getOrDefault(call.text(0), ""));
        define("pathPrefix", 0, 0, call -> Texts.path(call.expansion().setting().externalUrl()));
        define("graphLink", 1, 1, call -> "/graph?g0.expr=" + Escapes.query(call.text(0)) + "&g0.tab=0");
        define("tableLink", 1, 1, call -> Template.tableLink(call.text(0)));
        define("args", 0, -1, call -> {
            Map<String, @Nullable Object> named = new HashMap<>();
            for (int i = 0; i < call.count(); i++) {
                named.put("arg" + i, call.any(i));
            }
            return named;
        });
        define("tmpl", 2, 2, call -> call.expansion().invoke(call.at(), call.text(0), call.any(1)));
    }
}
