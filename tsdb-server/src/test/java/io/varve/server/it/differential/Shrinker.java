package io.varve.server.it.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** Makes a question and its data smaller for as long as something still holds of them. Greedy, within a number of tries. */
final class Shrinker {

    private final BiPredicate<Question, Dataset> holds;
    private int tries;

    /**
     * @param holds what is to stay true, such as that two servers answer differently
     * @param tries how often it is asked at most
     */
    Shrinker(BiPredicate<Question, Dataset> holds, int tries) {
        this.holds = holds;
        this.tries = tries;
    }

    /** A question with the data that it needs. */
    record Found(Question question, Dataset data) {}

    /** The smallest that is found. */
    Found shrink(Question question, Dataset data) {
        Question asked = shrinkQuestion(question, data);
        return new Found(asked, shrinkData(asked, data));
    }

    private boolean holds(Question question, Dataset data) {
        return tries-- > 0 && holds.test(question, data);
    }

    private Question shrinkQuestion(Question question, Dataset data) {
        Question best = question;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (Question candidate : candidates(best)) {
                if (holds(candidate, data)) {
                    best = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return best;
    }

    private static List<Question> candidates(Question question) {
        List<Question> all = new ArrayList<>(question.instants());
        for (Expr part : descendants(question.expr())) {
            if (part.type() == Expr.Type.VECTOR || part.type() == Expr.Type.SCALAR) {
                all.add(question.with(part));
            }
        }
        forms(question.expr()).forEach(form -> all.add(question.with(form)));
        return all;
    }

    private static List<Expr> descendants(Expr expr) {
        List<Expr> all = new ArrayList<>();
        for (Expr part : expr.parts()) {
            all.add(part);
            all.addAll(descendants(part));
        }
        return all;
    }

    /** Smaller expressions of the same type. */
    static List<Expr> forms(Expr expr) {
        List<Expr> forms = new ArrayList<>();
        for (Expr part : descendants(expr)) {
            if (part.type() == expr.type()) {
                forms.add(part);
            }
        }
        forms.addAll(expr.simpler());
        for (int i = 0; i < expr.parts().size(); i++) {
            for (Expr form : forms(expr.parts().get(i))) {
                List<Expr> parts = new ArrayList<>(expr.parts());
                parts.set(i, form);
                forms.add(expr.withParts(parts));
            }
        }
        return forms;
    }

    private Dataset shrinkData(Question question, Dataset data) {
        Dataset best = data;
        for (int piece = best.series().size(); piece >= 1; piece = piece == 1 ? 0 : (piece + 1) / 2) {
            for (int at = 0; at < best.series().size(); ) {
                List<Dataset.Series> fewer = new ArrayList<>(best.series());
                fewer.subList(at, Math.min(at + piece, fewer.size())).clear();
                Dataset candidate = new Dataset(fewer);
                if (holds(question, candidate)) {
                    best = candidate;
                } else {
                    at += piece;
                }
            }
        }
        for (int i = 0; i < best.series().size(); i++) {
            best = shrinkSamples(question, best, i);
        }
        return best;
    }

    /** Cuts samples off one series, first at its end, then at its beginning. */
    private Dataset shrinkSamples(Question question, Dataset data, int index) {
        Dataset best = data;
        boolean[] ends = {true, false};
        for (boolean end : ends) {
            for (int cut = best.series().get(index).times().length / 2; cut >= 1; cut /= 2) {
                boolean held = true;
                while (held && best.series().get(index).times().length > cut) {
                    Dataset.Series series = best.series().get(index);
                    int size = series.times().length;
                    List<Dataset.Series> shorter = new ArrayList<>(best.series());
                    shorter.set(index, end ? series.part(0, size - cut) : series.part(cut, size));
                    Dataset candidate = new Dataset(shorter);
                    held = holds(question, candidate);
                    best = held ? candidate : best;
                }
            }
        }
        return best;
    }
}
