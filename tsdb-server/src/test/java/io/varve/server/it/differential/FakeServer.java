package io.varve.server.it.differential;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Answers each question with a number of its own; wrongly where it is told to, if its data has a series of a metric. */
final class FakeServer implements Backend {

    private final Predicate<String> wrong;
    private final String metric;
    private final Map<String, Dataset> written = new HashMap<>();

    /**
     * @param wrong which expressions are answered wrongly, by their text
     * @param metric what must be in the data for that, prefix included
     */
    FakeServer(Predicate<String> wrong, String metric) {
        this.wrong = wrong;
        this.metric = metric;
    }

    @Override
    public List<Answer> ask(List<Question> questions, String prefix) {
        return questions.stream().map(question -> answer(question, prefix)).toList();
    }

    private Answer answer(Question question, String prefix) {
        String text = question.expr().text();
        Dataset data = written.getOrDefault(prefix, new Dataset(List.of()));
        boolean there = data.series().stream()
                .anyMatch(series -> series.times().length > 0
                        && metric.equals(series.labels().get("__name__")));
        double value = text.hashCode() % 1_000 + (wrong.test(text) && there ? 1 : 0);
        Answer.Series series =
                new Answer.Series(Map.of("job", "api"), new long[] {question.startMs()}, new double[] {value});
        return new Answer("", "", question.isInstant() ? "vector" : "matrix", List.of(series));
    }

    @Override
    public void write(Dataset data, String prefix) {
        written.put(prefix, data);
    }
}
