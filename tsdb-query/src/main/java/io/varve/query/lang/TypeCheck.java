package io.varve.query.lang;

import org.jspecify.annotations.Nullable;

/** The rules of types, checked where a node is built. */
final class TypeCheck {

    private TypeCheck() {}

    static void signed(Expr expr, SourceText source) {
        if (expr.type() != ValueType.SCALAR && expr.type() != ValueType.VECTOR) {
            throw source.error(
                    expr.at().offset(),
                    "unary expression only allowed on expressions of type scalar or instant vector, got \""
                            + expr.type().text() + "\"");
        }
    }

    static void binary(Expr.Binary binary, SourceText source) {
        BinaryOperator operator = binary.operator();
        int at = binary.at().offset();
        for (Expr side : new Expr[] {binary.left(), binary.right()}) {
            if (side.type() != ValueType.SCALAR && side.type() != ValueType.VECTOR) {
                throw source.error(
                        side.at().offset(),
                        "binary expression must contain only scalar and instant vector types, got "
                                + side.type().text());
            }
        }
        boolean vectors =
                binary.left().type() == ValueType.VECTOR && binary.right().type() == ValueType.VECTOR;
        boolean scalars = binary.type() == ValueType.SCALAR;
        if (binary.bool() && !operator.isComparison()) {
            throw source.error(at, "bool modifier can only be used on comparison operators");
        }
        if (operator.isComparison() && scalars && !binary.bool()) {
            throw source.error(at, "comparisons between scalars must use BOOL modifier");
        }
        if (operator.isTrim() && scalars) {
            throw source.error(at, "operator \"" + operator.symbol() + "\" not allowed between scalars");
        }
        if (operator.isSet() && !vectors) {
            throw source.error(
                    at, "set operator \"" + operator.symbol() + "\" not allowed in binary scalar expression");
        }
        if (binary.matching().fills() && (!vectors || operator.isSet())) {
            throw source.error(
                    at,
                    operator.isSet()
                            ? "filling in missing series not allowed for set operators"
                            : "filling in missing series only allowed between instant vectors");
        }
        if (!vectors && !binary.matching().equals(Expr.Matching.PLAIN)) {
            throw source.error(at, "vector matching only allowed between instant vectors");
        }
        if (operator.isSet() && binary.matching().cardinality() != Expr.Cardinality.ONE_TO_ONE) {
            throw source.error(at, "no grouping allowed for \"" + operator.symbol() + "\" operation");
        }
    }

    static void aggregation(Aggregator aggregator, Expr expr, @Nullable Expr parameter, SourceText source) {
        String where = "aggregation \"" + aggregator.text() + "\"";
        expect(expr, ValueType.VECTOR, where, source);
        ValueType type = aggregator.parameter();
        if (type != null && parameter != null) {
            expect(parameter, type, where + " parameter", source);
        }
    }

    static void call(Expr.Call call, SourceText source) {
        Function function = call.function();
        int count = call.arguments().size();
        if (count < function.minimumArguments() || count > function.maximumArguments()) {
            boolean exact = function.minimumArguments() == function.maximumArguments();
            boolean few = count < function.minimumArguments();
            throw source.error(
                    call.at().offset(),
                    "expected " + (exact ? "" : few ? "at least " : "at most ")
                            + (few ? function.minimumArguments() : function.maximumArguments())
                            + " argument(s) in call to \"" + function.text() + "\", got " + count);
        }
        for (int i = 0; i < count; i++) {
            expect(
                    call.arguments().get(i),
                    function.argumentType(i),
                    "call to function \"" + function.text() + "\"",
                    source);
        }
    }

    private static void expect(Expr expr, ValueType type, String where, SourceText source) {
        if (expr.type() != type) {
            throw source.error(
                    expr.at().offset(),
                    "expected type " + type.text() + " in " + where + ", got "
                            + expr.type().text());
        }
    }
}
