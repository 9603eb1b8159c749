package io.varve.server.it.differential;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says how two answers differ: error types, result type, label sets, times, values, and the order where the language fixes
 * it. NaN is NaN whatever its bits. Messages of errors and annotations are not compared.
 */
final class Comparer {

    /** Two numbers that went the same way differ by the order of additions and by what a libm rounds. */
    static final double TOLERANCE = 1e-12;

    private final double tolerance;

    Comparer(double tolerance) {
        this.tolerance = tolerance;
    }

    /** How the answers differ; empty if they do not. */
    Optional<String> compare(Question question, Answer varve, Answer peer) {
        if (varve.failed() || peer.failed()) {
            boolean same = varve.errorType().equals(peer.errorType());
            return same ? Optional.empty() : Optional.of("one is an error, or another one");
        }
        if (!varve.resultType().equals(peer.resultType())) {
            return Optional.of("result types differ: " + varve.resultType() + ", " + peer.resultType());
        }
        if (!varve.text().equals(peer.text())) {
            return Optional.of("strings differ");
        }
        Optional<String> difference = compareSeries(varve, peer);
        return difference.isPresent() ? difference : compareOrder(question, varve, peer);
    }

    private Optional<String> compareSeries(Answer varve, Answer peer) {
        Map<Map<String, String>, Answer.Series> expected = byLabels(peer);
        Map<Map<String, String>, Answer.Series> found = byLabels(varve);
        if (found.size() < varve.series().size()) {
            return Optional.of("a label set is there twice");
        }
        Set<Map<String, String>> labels = found.keySet();
        if (!labels.equals(expected.keySet())) {
            return Optional.of("label sets differ");
        }
        for (Map.Entry<Map<String, String>, Answer.Series> entry : expected.entrySet()) {
            Answer.Series ours = found.get(entry.getKey());
            Answer.Series theirs = entry.getValue();
            if (ours == null || !Arrays.equals(ours.times(), theirs.times())) {
                return Optional.of("times differ: " + entry.getKey());
            }
            for (int i = 0; i < theirs.values().length; i++) {
                if (!same(ours.values()[i], theirs.values()[i])) {
                    return Optional.of("values differ: " + entry.getKey() + " at "
                            + Question.seconds(theirs.times()[i]) + ": " + ours.values()[i] + ", "
                            + theirs.values()[i]);
                }
            }
        }
        return Optional.empty();
    }

    static Map<Map<String, String>, Answer.Series> byLabels(Answer answer) {
        Map<Map<String, String>, Answer.Series> series = new HashMap<>();
        answer.series().forEach(one -> series.put(one.labels(), one));
        return series;
    }

    boolean same(double ours, double theirs) {
        if (Double.isNaN(ours) || Double.isNaN(theirs)) {
            return Double.isNaN(ours) && Double.isNaN(theirs);
        }
        if (ours == theirs) {
            return true;
        }
        boolean finite = Double.isFinite(ours) && Double.isFinite(theirs);
        return finite && Math.abs(ours - theirs) <= tolerance * Math.max(Math.abs(ours), Math.abs(theirs));
    }

    /** A matrix is ordered by labels; an instant answer of a sort or of a ranking without groups, by its values. */
    private Optional<String> compareOrder(Question question, Answer varve, Answer peer) {
        List<Answer.Series> ours = varve.series();
        List<Answer.Series> theirs = peer.series();
        boolean matrix = peer.resultType().equals("matrix");
        if (!matrix && !(question.isInstant() && orderedByValue(question.expr()))) {
            return Optional.empty();
        }
        for (int i = 0; i < theirs.size(); i++) {
            boolean same = matrix
                    ? ours.get(i).labels().equals(theirs.get(i).labels())
                    : same(ours.get(i).last(), theirs.get(i).last());
            if (!same) {
                return Optional.of("order differs at " + i);
            }
        }
        return Optional.empty();
    }

    private static boolean orderedByValue(Expr expr) {
        return expr instanceof Expr.Call call && call.name().startsWith("sort")
                || expr instanceof Expr.Aggregation aggregation
                        && aggregation.grouping().isEmpty()
                        && aggregation.operator().endsWith("k");
    }
}
