package io.varve.server.it.differential;

import io.varve.server.it.differential.Expr.Subquery;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes an expression whose answers differ apart: where does the difference begin? Parts are asked by themselves, at the
 * times at which the whole needs them. A part is to blame if it differs and nothing that it is made of does, to the last bit.
 */
final class Causes {

    /** The step of a subquery that has none: both servers' global evaluation interval. */
    static final long DEFAULT_STEP_MS = 60_000;

    private final Pair servers;
    private final String prefix;

    Causes(Pair servers, String prefix) {
        this.servers = servers;
        this.prefix = prefix;
    }

    /** The parts that are to blame, or the whole. */
    List<Pair.Asked> of(Question question) {
        return find(servers.ask(question.with(question.expr().resolved(question)), prefix));
    }

    private List<Pair.Asked> find(Pair.Asked whole) {
        List<Pair.Asked> found = new ArrayList<>();
        for (Pair.Asked part : servers.ask(parts(whole.question()), prefix)) {
            if (part.difference(0).isPresent()) {
                found.addAll(find(part));
            }
        }
        return found.isEmpty() ? List.of(whole) : found;
    }

    /** What an expression is made of, with the times at which it needs it; windows and strings are left out. */
    static List<Question> parts(Question question) {
        List<Question> parts = new ArrayList<>();
        for (Expr part : question.expr().parts()) {
            if (part instanceof Subquery subquery) {
                add(parts, within(subquery, question));
            } else if (question.expr() instanceof Subquery subquery) {
                add(parts, within(subquery, question));
            } else if (part.type() == Expr.Type.VECTOR || part.type() == Expr.Type.SCALAR) {
                parts.add(question.with(part));
            }
        }
        return parts;
    }

    private static void add(List<Question> parts, Question question) {
        if (question.startMs() <= question.endMs()) {
            parts.add(question);
        }
    }

    /** A subquery's expression at all steps that any of the query's steps needs. */
    private static Question within(Subquery subquery, Question question) {
        long step = subquery.stepMs() == 0 ? DEFAULT_STEP_MS : subquery.stepMs();
        long from = subquery.timing().apply(question.startMs()) - subquery.rangeMs();
        long to = subquery.timing().apply(question.endMs());
        long first = (Math.floorDiv(from, step) + 1) * step;
        long last = Math.floorDiv(to, step) * step;
        return new Question(subquery.expr(), first, last, step);
    }
}
