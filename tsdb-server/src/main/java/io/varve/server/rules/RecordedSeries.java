package io.varve.server.rules;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.query.QueryException;
import io.varve.query.lang.Dialect;
import io.varve.query.lang.Parser;
import io.varve.query.lang.Selectors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The series that recording rules write: leads from the expression of a rule back to what was measured, through as many
 * rules as lie between. A label is carried as a matcher as far as each expression passes it on unchanged. Bounded in
 * rules that follow one another and in selectors looked at; a rule that reads its own series leads nowhere. Immutable.
 */
public final class RecordedSeries {

    /** Of no rules. */
    static final RecordedSeries NONE = new RecordedSeries(Map.of());

    /** Rules that are followed one behind the other. */
    static final int MAX_DEPTH = 8;

    /** Selectors that are looked at for one alert. */
    static final int MAX_SELECTORS = 256;

    private final Map<String, List<Rule.Recording>> rules;

    private RecordedSeries(Map<String, List<Rule.Recording>> rules) {
        this.rules = rules;
    }

    /** Of the recording rules of all groups, by the metrics that they write. */
    static RecordedSeries of(List<RuleGroup> groups) {
        Map<String, List<Rule.Recording>> rules = new HashMap<>();
        for (RuleGroup group : groups) {
            for (Rule rule : group.rules()) {
                if (rule instanceof Rule.Recording recording) {
                    rules.computeIfAbsent(recording.name(), name -> new ArrayList<>())
                            .add(recording);
                }
            }
        }
        return new RecordedSeries(rules);
    }

    /** The selectors of an expression that was checked before. */
    static List<Selectors.Source> read(String expression) {
        return Selectors.sources(Parser.parse(expression, Dialect.EXPERIMENTAL));
    }

    /**
     * Matchers of the series that an answer comes from: no rule records them, or none that can be followed.
     *
     * @param sources selectors of the expression
     * @param series labels of one series of its answer
     */
    List<List<Matcher>> origins(List<Selectors.Source> sources, Labels series) {
        List<Matcher> labels = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            labels.add(Matcher.equal(series.name(i), series.value(i)));
        }
        Walk walk = new Walk();
        sources.forEach(source -> walk.from(source, labels));
        return List.copyOf(walk.found);
    }

    private final class Walk {

        private final List<List<Matcher>> found = new ArrayList<>();
        private final Set<String> path = new HashSet<>();
        private int looked;

        /** @param asked what the labels of the answer have to be */
        void from(Selectors.Source source, List<Matcher> asked) {
            if (++looked > MAX_SELECTORS) {
                return;
            }
            List<Matcher> matchers = carried(source, asked);
            String metric = metric(matchers);
            if (path.contains(metric)) {
                return;
            }
            int before = found.size();
            if (path.size() < MAX_DEPTH) {
                path.add(metric);
                for (Rule.Recording rule : rules.getOrDefault(metric, List.of())) {
                    through(rule, matchers);
                }
                path.remove(metric);
            }
            if (found.size() == before) {
                found.add(matchers);
            }
        }

        private void through(Rule.Recording rule, List<Matcher> matchers) {
            List<Matcher> asked = new ArrayList<>();
            for (Matcher matcher : matchers) {
                String given = rule.labels().get(matcher.name());
                if (given == null) {
                    asked.add(matcher);
                } else if (!matcher.matches(given)) {
                    return; // writes other series of that name
                }
            }
            try {
                read(rule.expression()).forEach(source -> from(source, asked));
            } catch (QueryException e) {
                throw new AssertionError("BUG: a recording rule that was checked: " + rule, e);
            }
        }
    }

    private static List<Matcher> carried(Selectors.Source source, List<Matcher> asked) {
        List<Matcher> all = new ArrayList<>(source.matchers());
        Set<String> fixed = new HashSet<>();
        for (Matcher matcher : source.matchers()) {
            if (matcher.type() == Matcher.Type.EQUAL) {
                fixed.add(matcher.name());
            }
        }
        for (Matcher matcher : asked) {
            if (source.passing().has(matcher.name()) && !fixed.contains(matcher.name()) && !all.contains(matcher)) {
                all.add(matcher);
            }
        }
        return all;
    }

    /** The metric that is asked for by its name, or an empty text. */
    private static String metric(List<Matcher> matchers) {
        for (Matcher matcher : matchers) {
            if (matcher.type() == Matcher.Type.EQUAL && matcher.name().equals(Labels.NAME)) {
                return matcher.value();
            }
        }
        return "";
    }
}
