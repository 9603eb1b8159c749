package io.varve.server.it.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An expression of the query language, as the generator makes it, the shrinker cuts it down, and {@link Causes} takes it
 * apart. It is no part of Varve's own language: a fault there must not hide itself here. Metric names carry {@link #PREFIX},
 * for which the name of a data set is put in when the expression is asked.
 */
sealed interface Expr {

    /** Stands for the data set's name in metric names. */
    String PREFIX = "§";

    /** What an expression evaluates to. */
    enum Type {
        SCALAR,
        VECTOR,
        MATRIX,
        STRING
    }

    /** What it evaluates to. */
    Type type();

    /** As it is written. */
    String text();

    /** The expressions that it is made of. */
    default List<Expr> parts() {
        return List.of();
    }

    /** The same with other parts, as many and of the same types. */
    default Expr withParts(List<Expr> parts) {
        return this;
    }

    /** The same with less around its parts, each form for itself. */
    default List<Expr> simpler() {
        return List.of();
    }

    /** As an operand: what binds weaker than an operand stands in parentheses. */
    default String operand() {
        return text();
    }

    /** When a selector or subquery is looked at: {@code at} is empty, {@code start()}, {@code end()} or a number. */
    record Timing(String at, long offsetMs) {
        static final Timing PLAIN = new Timing("", 0);

        String text() {
            String offset = offsetMs == 0 ? "" : " offset " + duration(offsetMs);
            return (at.isEmpty() ? "" : " @ " + at) + offset;
        }

        List<Timing> simpler() {
            List<Timing> forms = new ArrayList<>();
            if (!at.isEmpty()) {
                forms.add(new Timing("", offsetMs));
            }
            if (offsetMs != 0) {
                forms.add(new Timing(at, 0));
            }
            return forms;
        }

        /** The same with the ends of a query put in. */
        Timing resolved(Question question) {
            return switch (at) {
                case "start()" -> new Timing(Question.seconds(question.startMs()), offsetMs);
                case "end()" -> new Timing(Question.seconds(question.endMs()), offsetMs);
                default -> this;
            };
        }

        /** The time that is looked at when the query is at a time. */
        long apply(long timeMs) {
            return (at.isEmpty() ? timeMs : Math.round(Double.parseDouble(at) * 1_000)) - offsetMs;
        }
    }

    /** Series by name and matchers. */
    record Selector(String name, List<String> matchers, Timing timing) implements Expr {
        @Override
        public Type type() {
            return Type.VECTOR;
        }

        @Override
        public String text() {
            return series() + timing.text();
        }

        String series() {
            return name + (matchers.isEmpty() && !name.isEmpty() ? "" : "{" + String.join(",", matchers) + "}");
        }

        @Override
        public List<Expr> simpler() {
            List<Expr> forms = new ArrayList<>();
            timing.simpler().forEach(form -> forms.add(new Selector(name, matchers, form)));
            for (int i = name.isEmpty() ? 1 : 0; i < matchers.size(); i++) {
                List<String> fewer = new ArrayList<>(matchers);
                fewer.remove(i);
                forms.add(new Selector(name, fewer, timing));
            }
            return forms;
        }
    }

    /** The samples of a window of each series. */
    record Window(Selector selector, long rangeMs) implements Expr {
        @Override
        public Type type() {
            return Type.MATRIX;
        }

        @Override
        public String text() {
            return selector.series() + "[" + duration(rangeMs) + "]"
                    + selector.timing().text();
        }

        @Override
        public List<Expr> simpler() {
            List<Expr> forms = new ArrayList<>();
            selector.simpler().forEach(form -> forms.add(new Window((Selector) form, rangeMs)));
            return forms;
        }
    }

    /** An expression at each multiple of a step within a window; a step of 0 is not written. */
    record Subquery(Expr expr, long rangeMs, long stepMs, Timing timing) implements Expr {
        @Override
        public Type type() {
            return Type.MATRIX;
        }

        @Override
        public String text() {
            String step = stepMs == 0 ? "" : duration(stepMs);
            return expr.operand() + "[" + duration(rangeMs) + ":" + step + "]" + timing.text();
        }

        @Override
        public List<Expr> parts() {
            return List.of(expr);
        }

        @Override
        public Expr withParts(List<Expr> parts) {
            return new Subquery(parts.get(0), rangeMs, stepMs, timing);
        }

        @Override
        public List<Expr> simpler() {
            List<Expr> forms = new ArrayList<>();
            timing.simpler().forEach(form -> forms.add(new Subquery(expr, rangeMs, stepMs, form)));
            if (expr instanceof Selector selector) {
                forms.add(new Window(selector, rangeMs));
            }
            return forms;
        }
    }

    /** A number. */
    record Num(String text) implements Expr {
        @Override
        public Type type() {
            return Type.SCALAR;
        }

        @Override
        public List<Expr> simpler() {
            return text.equals("1") ? List.of() : List.of(new Num("1"));
        }
    }

    /** A string, quotes included. */
    record Text(String text) implements Expr {
        @Override
        public Type type() {
            return Type.STRING;
        }
    }

    /** A sign. */
    record Sign(String sign, Expr expr) implements Expr {
        @Override
        public Type type() {
            return expr.type();
        }

        @Override
        public String text() {
            return sign + expr.operand();
        }

        @Override
        public String operand() {
            return "(" + text() + ")";
        }

        @Override
        public List<Expr> parts() {
            return List.of(expr);
        }

        @Override
        public Expr withParts(List<Expr> parts) {
            return new Sign(sign, parts.get(0));
        }
    }

    /**
     * Two operands.
     *
     * @param modifiers what stands behind the operator, such as {@code bool} or {@code on (job)}
     * @param bare whether operands stand without parentheses, so that they bind as the language says
     */
    record Binary(String operator, Expr left, Expr right, String modifiers, boolean bare) implements Expr {
        @Override
        public Type type() {
            return left.type() == Type.SCALAR && right.type() == Type.SCALAR ? Type.SCALAR : Type.VECTOR;
        }

        @Override
        public String text() {
            String middle = " " + operator + (modifiers.isEmpty() ? " " : " " + modifiers + " ");
            return bare ? left.text() + middle + right.text() : left.operand() + middle + right.operand();
        }

        @Override
        public String operand() {
            return "(" + text() + ")";
        }

        @Override
        public List<Expr> parts() {
            return List.of(left, right);
        }

        @Override
        public Expr withParts(List<Expr> parts) {
            return new Binary(operator, parts.get(0), parts.get(1), modifiers, bare);
        }

        @Override
        public List<Expr> simpler() {
            List<Expr> forms = new ArrayList<>();
            if (bare) {
                forms.add(new Binary(operator, left, right, modifiers, false));
            }
            int group = modifiers.indexOf("group_");
            if (!modifiers.isEmpty()) {
                forms.add(new Binary(operator, left, right, "", bare));
            }
            if (group > 0) {
                forms.add(new Binary(
                        operator, left, right, modifiers.substring(0, group).strip(), bare));
            }
            return forms;
        }
    }

    /** An aggregation; a parameter, if any, stands first. */
    record Aggregation(String operator, List<Expr> parts, String grouping) implements Expr {
        @Override
        public Type type() {
            return Type.VECTOR;
        }

        @Override
        public String text() {
            return operator + (grouping.isEmpty() ? "" : " " + grouping + " ") + arguments(parts);
        }

        @Override
        public Expr withParts(List<Expr> parts) {
            return new Aggregation(operator, parts, grouping);
        }

        @Override
        public List<Expr> simpler() {
            return grouping.isEmpty() ? List.of() : List.of(new Aggregation(operator, parts, ""));
        }

        Expr vector() {
            return parts.get(parts.size() - 1);
        }
    }

    /** A function. */
    record Call(String name, List<Expr> parts) implements Expr {
        @Override
        public Type type() {
            return switch (name) {
                case "scalar", "time", "pi" -> Type.SCALAR;
                default -> Type.VECTOR;
            };
        }

        @Override
        public String text() {
            return name + arguments(parts);
        }

        @Override
        public Expr withParts(List<Expr> parts) {
            return new Call(name, parts);
        }

        @Override
        public List<Expr> simpler() {
            boolean optional = parts.size() == (name.equals("round") ? 2 : 1)
                    && (name.equals("round") || name.startsWith("day") || name.equals("hour") || name.equals("minute"));
            return optional ? List.of(new Call(name, parts.subList(0, parts.size() - 1))) : List.of();
        }
    }

    private static String arguments(List<Expr> parts) {
        return "(" + String.join(", ", parts.stream().map(Expr::text).toList()) + ")";
    }

    /** Milliseconds as the language writes them. */
    static String duration(long millis) {
        StringBuilder text = new StringBuilder(millis < 0 ? "-" : "");
        long rest = Math.abs(millis);
        long[] units = {3_600_000, 60_000, 1_000, 1};
        String[] names = {"h", "m", "s", "ms"};
        for (int i = 0; i < units.length; i++) {
            if (rest >= units[i]) {
                text.append(String.format(Locale.ROOT, "%d%s", rest / units[i], names[i]));
                rest %= units[i];
            }
        }
        return text.toString();
    }

    /** How many nodes it has. */
    default int size() {
        return 1 + parts().stream().mapToInt(Expr::size).sum();
    }

    /** The same with the ends of a query put in for {@code @ start()} and {@code @ end()}. */
    default Expr resolved(Question question) {
        if (this instanceof Selector s) {
            return new Selector(s.name(), s.matchers(), s.timing().resolved(question));
        }
        if (this instanceof Window w) {
            return new Window((Selector) w.selector().resolved(question), w.rangeMs());
        }
        if (this instanceof Subquery s) {
            return new Subquery(
                    s.expr().resolved(question),
                    s.rangeMs(),
                    s.stepMs(),
                    s.timing().resolved(question));
        }
        return withParts(parts().stream().map(part -> part.resolved(question)).toList());
    }
}
