package io.varve.server.it.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Tuple;

/**
 * Asks two servers the same random questions about the same random data. A case is decided by its number alone: its data
 * by the hundreds of it, its question by all of it. What differs and is not among {@link KnownDifferences} is shrunk and told.
 */
public final class Differential {

    private static final int CASES_PER_DATA = 100;
    private static final int BATCH = 50;
    private static final int MOST_NODES = 40;
    private static final int GEN_SIZE = 1_000;
    private static final int SHRINK_TRIES = 400;
    private static final int MOST_FAILURES = 12;

    private final Pair servers;
    private final RandomGenerator<Question> questions = questions().generator(GEN_SIZE, false);
    private final RandomGenerator<Dataset> datasets = Datasets.arbitrary().generator(GEN_SIZE, false);
    private final Map<String, Integer> explained = new TreeMap<>();
    private final Map<String, Integer> kinds = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int cases;
    private int errors;
    private int empty;
    private int names;

    Differential(Backend varve, Backend peer) {
        servers = new Pair(varve, peer);
    }

    /** Between two servers that listen. */
    public static Differential between(String varveUrl, String peerUrl) {
        return new Differential(new HttpBackend(varveUrl), new HttpBackend(peerUrl));
    }

    static Arbitrary<Question> questions() {
        Arbitrary<Long> steps = Arbitraries.of(500L, 5_000L, 15_000L, 15_000L, 37_500L, 60_000L, 150_000L);
        Arbitrary<Integer> counts = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(0)),
                Tuple.of(3, Arbitraries.integers().between(1, 30)));
        return Combinators.combine(Expressions.arbitrary(), Leaves.times(), steps, counts)
                .as((expr, start, step, count) -> expr.type() == Expr.Type.MATRIX || count == 0
                        ? Question.instant(expr, start)
                        : new Question(expr, start, start + count * step, step));
    }

    /** The question of a case. */
    Question question(long number) {
        Random random = new Random(number * 0x9E3779B97F4A7C15L);
        while (true) {
            Question question = questions.next(random).value();
            if (question.expr().size() <= MOST_NODES) {
                return question;
            }
        }
    }

    private Dataset data(long number) {
        return datasets.next(new Random(~number * 0xC2B2AE3D27D4EB4FL)).value();
    }

    /**
     * Runs cases.
     *
     * @param first the number of the first
     * @param count how many
     */
    public void run(long first, int count) {
        Dataset data = new Dataset(List.of());
        String prefix = "";
        for (long number = first; number < first + count && failures.size() < MOST_FAILURES; ) {
            long hundred = Math.floorDiv(number, CASES_PER_DATA);
            if (prefix.isEmpty() || number % CASES_PER_DATA == 0) {
                data = data(hundred);
                prefix = "d" + hundred + "_";
                servers.write(data, prefix);
            }
            long last = Math.min(Math.min(first + count, (hundred + 1) * CASES_PER_DATA), number + BATCH);
            List<Question> batch = new ArrayList<>();
            for (long i = number; i < last; i++) {
                batch.add(question(i));
            }
            for (Pair.Asked asked : servers.ask(batch, prefix)) {
                judge(number++, asked, data, prefix);
            }
        }
    }

    private void judge(long number, Pair.Asked asked, Dataset data, String prefix) {
        cases++;
        errors += asked.peer().failed() ? 1 : 0;
        empty += !asked.peer().failed() && asked.peer().series().isEmpty() ? 1 : 0;
        if (asked.difference(Comparer.TOLERANCE).isEmpty()) {
            return;
        }
        List<String> rules = new ArrayList<>();
        Optional<Pair.Asked> cause = unexplained(asked.question(), prefix, rules);
        if (cause.isEmpty()) {
            rules.stream().distinct().forEach(rule -> explained.merge(rule, 1, Integer::sum));
        } else if (kinds.merge(KnownDifferences.head(cause.get().question().expr()), 1, Integer::sum) == 1) {
            failures.add(report(number, asked, data));
        }
    }

    /** The part of a question that differs for no known reason; the reasons of the others are noted. */
    private Optional<Pair.Asked> unexplained(Question question, String prefix, List<String> rules) {
        KnownDifferences known = new KnownDifferences(servers, prefix);
        for (Pair.Asked cause : new Causes(servers, prefix).of(question)) {
            Optional<String> rule = known.explain(cause);
            if (rule.isEmpty()) {
                return Optional.of(cause);
            }
            rules.add(rule.get());
        }
        return Optional.empty();
    }

    private String report(long number, Pair.Asked asked, Dataset data) {
        String[] written = {""};
        Dataset[] last = {new Dataset(List.of())};
        Shrinker shrinker = new Shrinker(
                (question, candidate) -> {
                    if (!candidate.equals(last[0])) {
                        written[0] = "s" + number + "x" + names++ + "_";
                        servers.write(candidate, written[0]);
                        last[0] = candidate;
                    }
                    return servers.ask(question, written[0])
                                    .difference(Comparer.TOLERANCE)
                                    .isPresent()
                            && unexplained(question, written[0], new ArrayList<>())
                                    .isPresent();
                },
                SHRINK_TRIES);
        Shrinker.Found found = shrinker.shrink(asked.question(), data);
        String prefix = "r" + number + "_";
        servers.write(found.data(), prefix);
        Pair.Asked smallest = servers.ask(found.question(), prefix);
        StringBuilder report = new StringBuilder("case " + number + ": "
                + asked.question().describe("") + "\n    "
                + asked.difference(Comparer.TOLERANCE).orElse("")
                + "\n  shrunk to " + found.question().describe("") + "\n    "
                + smallest.difference(Comparer.TOLERANCE).orElse("(not any more)")
                + "\n    varve: " + smallest.varve().describe()
                + "\n    peer:  " + smallest.peer().describe());
        found.data().series().forEach(one -> report.append("\n    data:  ").append(one.describe()));
        return report.append("\n  again by -Dvarve.differential.first=" + number + " -Dvarve.differential.cases=1")
                .toString();
    }

    /** What differs for no known reason, shrunk; of each kind the first. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** How many cases differ for known reasons. */
    public int explained() {
        return explained.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many of the answers had a value in them. */
    public int answered() {
        return cases - errors - empty;
    }

    /** For a report: what the cases were like. */
    public String summary() {
        return "cases " + cases + ", errors " + errors + ", empty answers " + empty + ", known differences " + explained
                + (kinds.isEmpty() ? "" : ", differences that are not known " + kinds);
    }
}
