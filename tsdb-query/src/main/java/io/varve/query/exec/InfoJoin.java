package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.query.QueryException;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Expr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code info}: adds to each series the data labels of the info series that have its {@code instance} and {@code job}.
 * Which info series those are may change from step to step, so one series may come to several sets of labels.
 */
final class InfoJoin {

    private static final Set<String> IDENTIFYING = Set.of("instance", "job");

    private final Evaluator evaluator;
    private final SelectorReading selectors;
    private final Expr base;
    private final List<Matcher> names = new ArrayList<>();
    private final List<Matcher> data = new ArrayList<>();
    private final Set<String> wanted = new HashSet<>();

    InfoJoin(Evaluator evaluator, SelectorReading selectors, Expr.Call call) {
        this.evaluator = evaluator;
        this.selectors = selectors;
        this.base = call.arguments().get(0);
        if (call.arguments().size() > 1) {
            Expr.Selector selector = (Expr.Selector) call.arguments().get(1);
            for (Matcher matcher : selector.matchers()) {
                (matcher.name().equals(Labels.NAME) ? names : data).add(matcher);
            }
        }
        data.forEach(matcher -> wanted.add(matcher.name()));
        if (names.isEmpty()) {
            names.add(Matcher.equal(Labels.NAME, "target_info"));
        } else if (names.stream().noneMatch(InfoJoin::isPositive)) {
            names.add(Matcher.of(Matcher.Type.REGEX, Labels.NAME, ".+_info"));
        }
    }

    private static boolean isPositive(Matcher matcher) {
        return matcher.type() == Matcher.Type.EQUAL || matcher.type() == Matcher.Type.REGEX;
    }

    /** An info series, and when its newest sample is at each step, in seconds. */
    private record Info(Labels labels, Row times) {}

    void evaluate(RowSink sink) {
        Map<Labels, List<Info>> infos = infos();
        RowSet set = new RowSet();
        evaluator.vector(base, (labels, row) -> {
            if (isInfo(labels)) {
                set.accept(labels, row);
            } else {
                enrich(labels, row, infos.getOrDefault(labels.keep(IDENTIFYING), List.of()), set);
            }
        });
        set.drainTo(sink);
    }

    private boolean isInfo(Labels labels) {
        return names.stream().allMatch(matcher -> matcher.matches(labels.get(Labels.NAME)));
    }

    /** The info series by what identifies them; those that nothing identifies belong to nothing. */
    private Map<Labels, List<Info>> infos() {
        List<Matcher> matchers = new ArrayList<>(names);
        matchers.addAll(data);
        Map<Labels, List<Info>> infos = new LinkedHashMap<>();
        Expr.Selector selector = Expr.Selector.of(base.at(), matchers);
        selectors.instant(selector, true, (labels, row) -> {
            Labels identity = labels.keep(IDENTIFYING);
            if (identity.size() == 0) {
                evaluator.release(row);
            } else {
                infos.computeIfAbsent(identity, i -> new ArrayList<>()).add(new Info(labels, row));
            }
        });
        return infos;
    }

    /** Hands a series on in as many parts as there are sets of labels that it comes to. */
    private void enrich(Labels labels, Row row, List<Info> infos, RowSet out) {
        boolean needed = data.stream().anyMatch(matcher -> !matcher.matchesAbsent());
        Map<List<Info>, Row> parts = new LinkedHashMap<>();
        for (int step = 0; step < row.steps(); step++) {
            if (row.has(step)) {
                List<Info> chosen = newest(infos, step);
                if (!chosen.isEmpty() || !needed) {
                    Row part = parts.computeIfAbsent(chosen, c -> evaluator.row());
                    part.copy(step, row, step);
                    part.nameless(row.isNameless());
                }
            }
        }
        parts.forEach((chosen, part) -> out.accept(enriched(labels, chosen), part));
        evaluator.release(row);
    }

    /** Of each info metric the series with the newest sample. */
    private static List<Info> newest(List<Info> infos, int step) {
        Map<String, Info> chosen = new LinkedHashMap<>();
        for (Info info : infos) {
            if (!info.times().has(step)) {
                continue;
            }
            Info old = chosen.putIfAbsent(info.labels().get(Labels.NAME), info);
            if (old == null) {
                continue;
            }
            double before = old.times().get(step);
            double now = info.times().get(step);
            if (before == now) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        "found duplicate series for info metric: " + old.labels() + " and " + info.labels()
                                + " have samples at the same time");
            }
            if (now > before) {
                chosen.put(info.labels().get(Labels.NAME), info);
            }
        }
        return List.copyOf(chosen.values());
    }

    private Labels enriched(Labels labels, List<Info> infos) {
        Labels result = labels;
        Map<String, String> added = new LinkedHashMap<>();
        for (Info info : infos) {
            for (int i = 0; i < info.labels().size(); i++) {
                String name = info.labels().name(i);
                String value = info.labels().value(i);
                boolean isData = !name.equals(Labels.NAME) && !IDENTIFYING.contains(name);
                if (!isData || (!wanted.isEmpty() && !wanted.contains(name)) || labels.has(name)) {
                    continue;
                }
                @Nullable String old = added.put(name, value);
                if (old != null && !old.equals(value)) {
                    throw new QueryException(
                            QueryException.Kind.EXECUTION,
                            "info series disagree: label=" + name + ", values=" + old + " and " + value);
                }
                result = result.with(name, value);
            }
        }
        return result;
    }
}
