package io.varve.server.rules.locate;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Exemplars of a time, each with the labels of its series. */
final class Kept {

    private static final List<String> IDS =
            List.of("request_id", "trace_id", "traceID", "traceId", "TraceID", "span_id", "id");
    private static final String FAILED_STAGE = "failed_stage";
    /** Exemplars that are told at most. */
    static final int SHOWN = 3;

    private final List<One> all;

    /** An exemplar. */
    record One(Labels series, Exemplar exemplar) {

        String label(String name) {
            return exemplar.labels().get(name);
        }

        /** Its id, or an empty text. */
        String id() {
            for (String name : IDS) {
                if (!label(name).isEmpty()) {
                    return label(name);
                }
            }
            return "";
        }

        /** The stage in which it failed, or else was slowest, or else that of its series. */
        String stage() {
            String failed = label(FAILED_STAGE);
            String slowest = label(Scope.STAGE);
            return !failed.isEmpty() ? failed : !slowest.isEmpty() ? slowest : series.get(Scope.STAGE);
        }
    }

    Kept(List<One> all) {
        this.all = all;
    }

    /** Those newer than a time. */
    Kept after(long time) {
        return new Kept(all.stream().filter(one -> one.exemplar().time() > time).toList());
    }

    /** Those that failed. */
    Kept failed() {
        return new Kept(
                all.stream().filter(one -> !one.label(FAILED_STAGE).isEmpty()).toList());
    }

    /** Those of which nobody says that they are there for another reason than being slow. */
    Kept slow() {
        return new Kept(all.stream()
                .filter(one -> one.label("why").isEmpty() || one.label("why").equals("slow"))
                .toList());
    }

    int size() {
        return all.size();
    }

    /** The stage that most of them name, or an empty text. */
    String stage() {
        Map<String, Integer> counts = new HashMap<>();
        all.stream()
                .map(One::stage)
                .filter(stage -> !stage.isEmpty())
                .forEach(stage -> counts.merge(stage, 1, Integer::sum));
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("");
    }

    /** Those that tell most: of a stage first, the slowest first, each id once. */
    List<One> telling(String stage) {
        List<One> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.<One, Boolean>comparing(
                        one -> stage.isEmpty() || !one.stage().equals(stage))
                .thenComparing(one -> one.exemplar().value(), Comparator.reverseOrder()));
        Set<String> ids = new LinkedHashSet<>();
        List<One> telling = new ArrayList<>();
        for (One one : sorted) {
            if (telling.size() < SHOWN && !one.id().isEmpty() && ids.add(one.id())) {
                telling.add(one);
            }
        }
        return telling;
    }
}
