package io.varve.server.rules.template;

import io.varve.server.rules.template.Node.Command;
import io.varve.server.rules.template.Node.Pipe;
import io.varve.server.rules.template.Node.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One expansion of a template. Values are {@code Boolean}, {@code Long}, {@code Double}, {@code String}, lists, maps
 * with text as keys, {@link TemplateSample}, {@link java.time.Instant}, {@link java.time.Duration} and null.
 */
final class Expansion {

    /** Statements and terms that are evaluated at most. */
    private static final int MAX_STEPS = 100_000;

    /** Longest text that is written, characters. */
    static final int MAX_OUTPUT = 64 * 1024;

    private static final int MAX_CALLS = 20;
    private static final int MAX_QUERIES = 20;

    private final Map<String, List<Node>> templates;
    private final TemplateSetting setting;
    private final Map<String, Object> root = new HashMap<>();

    private StringBuilder out = new StringBuilder();
    private List<String> names = new ArrayList<>();
    private List<@Nullable Object> values = new ArrayList<>();
    private int steps;
    private int calls;
    private int queries;

    /** How statements go on. */
    private enum Flow {
        ON,
        BREAK,
        AGAIN
    }

    Expansion(Map<String, List<Node>> templates, TemplateSetting setting) {
        this.templates = templates;
        this.setting = setting;
        root.put("Labels", setting.labels());
        root.put("ExternalLabels", setting.externalLabels());
        root.put("ExternalURL", setting.externalUrl());
        root.put("Value", setting.value());
    }

    String run(List<Node> body) {
        declare("labels", setting.labels());
        declare("externalLabels", setting.externalLabels());
        declare("externalURL", setting.externalUrl());
        declare("value", setting.value());
        declare("", root);
        walk(body, root);
        return out.toString();
    }

    TemplateSetting setting() {
        return setting;
    }

    /** The answer to a query of the template. */
    List<TemplateSample> ask(int at, String expression) {
        if (++queries > MAX_QUERIES) {
            throw new Fault(at, "too many queries: more than " + MAX_QUERIES + " in one expansion");
        }
        try {
            return setting.queries().ask(expression);
        } catch (IllegalArgumentException e) {
            throw new Fault(at, "error executing query \"" + expression + "\": " + e.getMessage());
        }
    }

    /** What another template makes of a value. */
    String invoke(int at, String name, @Nullable Object data) {
        StringBuilder outer = out;
        out = new StringBuilder();
        call(at, name, data);
        String text = out.toString();
        out = outer;
        return text;
    }

    private void call(int at, String name, @Nullable Object data) {
        List<Node> body = templates.get(name);
        if (body == null) {
            throw new Fault(at, "template not defined: \"" + name + "\"");
        }
        if (++calls > MAX_CALLS) {
            throw new Fault(at, "templates call each other too deeply: more than " + MAX_CALLS + " levels");
        }
        List<String> outerNames = names;
        List<@Nullable Object> outerValues = values;
        names = new ArrayList<>();
        values = new ArrayList<>();
        declare("", data);
        walk(body, data);
        names = outerNames;
        values = outerValues;
        calls--;
    }

    private void declare(String name, @Nullable Object value) {
        names.add(name);
        values.add(value);
    }

    private void leaveScope(int known) {
        names.subList(known, names.size()).clear();
        values.subList(known, values.size()).clear();
    }

    private void step(int at) {
        if (++steps > MAX_STEPS) {
            throw new Fault(at, "the template does too much: more than " + MAX_STEPS + " steps");
        }
    }

    private void write(int at, String text) {
        if (out.length() + text.length() > MAX_OUTPUT) {
            throw new Fault(at, "the template writes too much: more than " + MAX_OUTPUT + " characters");
        }
        out.append(text);
    }

    private Flow walk(List<Node> nodes, @Nullable Object dot) {
        int known = names.size();
        Flow flow = Flow.ON;
        for (int i = 0; i < nodes.size() && flow == Flow.ON; i++) {
            flow = walk(nodes.get(i), dot);
        }
        leaveScope(known);
        return flow;
    }

    private Flow walk(Node node, @Nullable Object dot) {
        step(0);
        if (node instanceof Node.Plain plain) {
            write(0, plain.text());
        } else if (node instanceof Node.Print print) {
            Object value = evaluate(print.pipe(), dot);
            if (print.pipe().variables().isEmpty()) {
                write(print.pipe().at(), GoFormat.print(value));
            }
        } else if (node instanceof Node.Leave leave) {
            return leave.again() ? Flow.AGAIN : Flow.BREAK;
        } else if (node instanceof Node.Invoke invoke) {
            call(invoke.at(), invoke.name(), invoke.pipe() == null ? null : evaluate(invoke.pipe(), dot));
        } else if (node instanceof Node.Range range) {
            return scoped(() -> range(range, dot));
        } else if (node instanceof Node.If choice) {
            return scoped(() -> walk(isTrue(evaluate(choice.pipe(), dot)) ? choice.body() : choice.otherwise(), dot));
        } else if (node instanceof Node.With with) {
            return scoped(() -> {
                Object value = evaluate(with.pipe(), dot);
                return isTrue(value) ? walk(with.body(), value) : walk(with.otherwise(), dot);
            });
        }
        return Flow.ON;
    }

    private Flow scoped(java.util.function.Supplier<Flow> block) {
        int known = names.size();
        Flow flow = block.get();
        leaveScope(known);
        return flow;
    }

    private Flow range(Node.Range range, @Nullable Object dot) {
        Pipe unnamed =
                new Pipe(List.of(), false, range.pipe().commands(), range.pipe().at());
        Object over = evaluate(unnamed, dot);
        Map<Object, @Nullable Object> elements = elements(over, range.pipe().at());
        if (elements.isEmpty()) {
            return walk(range.otherwise(), dot);
        }
        for (Map.Entry<Object, @Nullable Object> element : elements.entrySet()) {
            Flow flow = scoped(() -> {
                name(range.pipe(), element.getKey(), element.getValue());
                return walk(range.body(), element.getValue());
            });
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return Flow.ON;
    }

    /** The elements with their indexes or keys, in order. */
    private static Map<Object, @Nullable Object> elements(@Nullable Object over, int at) {
        Map<Object, @Nullable Object> elements = new java.util.LinkedHashMap<>();
        if (over instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                elements.put((long) i, list.get(i));
            }
        } else if (over instanceof Map<?, ?> map) {
            new TreeMap<Object, @Nullable Object>(map).forEach(elements::put);
        } else if (over instanceof Long count && count <= MAX_STEPS) {
            for (long i = 0; i < count; i++) {
                elements.put(i, i);
            }
        } else if (over != null) {
            throw new Fault(at, "range cannot go over " + GoFormat.typeName(over));
        }
        return elements;
    }

    private void name(Pipe pipe, @Nullable Object key, @Nullable Object element) {
        List<String> variables = pipe.variables();
        if (variables.size() == 2) {
            assign(pipe, variables.get(0), key);
        }
        if (!variables.isEmpty()) {
            assign(pipe, variables.get(variables.size() - 1), element);
        }
    }

    private void assign(Pipe pipe, String name, @Nullable Object value) {
        if (pipe.declares()) {
            declare(name, value);
        } else {
            values.set(indexOf(name, pipe.at()), value);
        }
    }

    private int indexOf(String name, int at) {
        int index = names.lastIndexOf(name);
        if (index < 0) {
            throw new Fault(at, "undefined variable: $" + name);
        }
        return index;
    }

    private @Nullable Object evaluate(Pipe pipe, @Nullable Object dot) {
        Object value = null;
        for (int i = 0; i < pipe.commands().size(); i++) {
            value = evaluate(pipe.commands().get(i), dot, i > 0, value);
        }
        name(pipe, null, value);
        return value;
    }

    /** @param piped whether the value of the command before is the last argument */
    private @Nullable Object evaluate(Command command, @Nullable Object dot, boolean piped, @Nullable Object last) {
        step(command.at());
        Term first = command.terms().get(0);
        if (first instanceof Term.Name function) {
            if (Functions.isLazy(function.name())) {
                return lazily(function, command, dot, piped, last);
            }
            List<@Nullable Object> arguments = new ArrayList<>();
            for (Term term : command.terms().subList(1, command.terms().size())) {
                arguments.add(evaluate(term, dot));
            }
            if (piped) {
                arguments.add(last);
            }
            return Functions.call(this, function.name(), function.at(), arguments);
        }
        if (command.terms().size() > 1 || piped) {
            throw new Fault(command.at(), "can't give an argument to what is not a function");
        }
        return evaluate(first, dot);
    }

    /** {@code and} and {@code or}, which stop at the argument that decides. */
    private @Nullable Object lazily(
            Term.Name function, Command command, @Nullable Object dot, boolean piped, @Nullable Object last) {
        boolean stopAt = function.name().equals("or");
        int count = command.terms().size();
        if (count == 1 && !piped) {
            throw new Fault(function.at(), "wrong number of arguments for " + function.name() + ": want at least 1");
        }
        Object value = null;
        for (int i = 1; i < count; i++) {
            value = evaluate(command.terms().get(i), dot);
            if (isTrue(value) == stopAt) {
                return value;
            }
        }
        return piped ? last : value;
    }

    private @Nullable Object evaluate(Term term, @Nullable Object dot) {
        if (term instanceof Term.Constant constant) {
            return constant.value();
        }
        if (term instanceof Term.Dot) {
            return dot;
        }
        if (term instanceof Term.Variable variable) {
            return values.get(indexOf(variable.name(), variable.at()));
        }
        if (term instanceof Term.Nested nested) {
            return evaluate(nested.pipe(), dot);
        }
        if (term instanceof Term.Fields fields) {
            Object value = evaluate(fields.of(), dot);
            for (String name : fields.names()) {
                value = field(value, name, fields.at());
            }
            return value;
        }
        Term.Name function = (Term.Name) term;
        return Functions.call(this, function.name(), function.at(), List.of());
    }

    private @Nullable Object field(@Nullable Object of, String name, int at) {
        if (of == root && !root.containsKey(name)) {
            throw new Fault(
                    at,
                    "can't evaluate field " + name + "; there are .Labels, .ExternalLabels, "
                            + ".ExternalURL and .Value");
        }
        if (of instanceof Map<?, ?> map) {
            Object value = map.get(name);
            return value == null ? "" : value;
        }
        if (of instanceof TemplateSample sample && name.equals("Labels")) {
            return sample.labels();
        }
        if (of instanceof TemplateSample sample && name.equals("Value")) {
            return sample.value();
        }
        throw new Fault(at, "can't evaluate field " + name + " in " + GoFormat.typeName(of));
    }

    /** Whether a value counts as true: not empty, not zero. */
    static boolean isTrue(@Nullable Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Collection<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return value != null;
    }
}
