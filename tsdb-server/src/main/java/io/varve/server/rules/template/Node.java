package io.varve.server.rules.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a template. */
sealed interface Node {

    /** Text that is copied. */
    record Plain(String text) implements Node {}

    /** A value that is written, or kept if the pipeline names a variable. */
    record Print(Pipe pipe) implements Node {}

    /** {@code if}: one body or the other. */
    record If(Pipe pipe, List<Node> body, List<Node> otherwise) implements Node {}

    /** {@code with}: the same, the dot being the value. */
    record With(Pipe pipe, List<Node> body, List<Node> otherwise) implements Node {}

    /** {@code range}: a body for each element, or the other one if there is none. */
    record Range(Pipe pipe, List<Node> body, List<Node> otherwise) implements Node {}

    /** {@code template}: another one in its place. */
    record Invoke(String name, @Nullable Pipe pipe, int at) implements Node {}

    /** {@code break}, or {@code continue} if {@code again}. */
    record Leave(boolean again) implements Node {}

    /**
     * Commands, each of which gets the value of the one before as its last argument.
     *
     * @param variables that the value is given to, at most two
     * @param declares whether they are new
     */
    record Pipe(List<String> variables, boolean declares, List<Command> commands, int at) {}

    /** Terms: a value alone, or a function and its arguments. */
    record Command(List<Term> terms, int at) {}

    /** An operand. */
    sealed interface Term {

        /** A constant; null is {@code nil}. */
        record Constant(@Nullable Object value) implements Term {}

        /** The dot. */
        record Dot() implements Term {}

        /** A variable; the empty name is what the template was called with. */
        record Variable(String name, int at) implements Term {}

        /** A function. */
        record Name(String name, int at) implements Term {}

        /** Fields of a value, one of the other. */
        record Fields(Term of, List<String> names, int at) implements Term {}

        /** A pipeline in parentheses. */
        record Nested(Pipe pipe) implements Term {}
    }
}
