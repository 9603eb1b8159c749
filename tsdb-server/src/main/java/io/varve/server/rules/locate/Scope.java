package io.varve.server.rules.locate;

import com.google.re2j.Pattern;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Series among which the cause of an alert is looked for: those that its rule reads.
 *
 * @param pipeline whether they are steps of a pipeline
 * @param matchers that find them
 * @param exemplars that find the series with their exemplars
 */
record Scope(boolean pipeline, List<Matcher> matchers, List<Matcher> exemplars) {

    /** Metric of the steps of pipelines. */
    static final String STEPS = "varve_stage_duration_seconds";

    static final String FROM = "from";
    static final String TO = "to";
    static final String STAGE = "stage";
    static final String PIPELINE = "pipeline";

    private static final String PIPELINES = "varve_stage_";
    private static final int MOST = 3;

    /** Labels that tell one view of the same measurements from another. */
    private static final Set<String> VIEWS = Set.of(Labels.NAME, "quantile", "window", "le");

    /** Labels that tell one step of a pipeline from another. */
    private static final Set<String> PLACES = Set.of(FROM, TO, STAGE);

    /** The scopes of an alert, at most three. */
    static List<Scope> of(List<List<Matcher>> selectors) {
        Set<Scope> scopes = new LinkedHashSet<>();
        List<List<Matcher>> seen = new ArrayList<>();
        for (List<Matcher> selector : selectors) {
            String metric = metric(selector);
            if (metric.isEmpty() || scopes.size() == MOST) {
                continue;
            }
            boolean pipeline = metric.startsWith(PIPELINES);
            List<Matcher> shared = selector.stream()
                    .filter(matcher ->
                            !VIEWS.contains(matcher.name()) && !(pipeline && PLACES.contains(matcher.name())))
                    .toList();
            List<Matcher> matchers = new ArrayList<>(shared);
            matchers.add(0, Matcher.equal(Labels.NAME, pipeline ? STEPS : metric));
            if (seen.stream().noneMatch(before -> before.toString().equals(matchers.toString()))) {
                seen.add(matchers);
                List<Matcher> exemplars = new ArrayList<>(shared);
                exemplars.add(0, pipeline ? Matcher.equal(Labels.NAME, STEPS) : family(metric));
                scopes.add(new Scope(pipeline, List.copyOf(matchers), List.copyOf(exemplars)));
            }
        }
        return List.copyOf(scopes);
    }

    private static String metric(List<Matcher> selector) {
        for (Matcher matcher : selector) {
            if (matcher.name().equals(Labels.NAME) && matcher.type() == Matcher.Type.EQUAL) {
                return matcher.value();
            }
        }
        return "";
    }

    /** A histogram by any of the names that its parts have. */
    private static Matcher family(String metric) {
        String base = metric.replaceFirst("_(bucket|sum|count)$", "");
        return Matcher.regex(Labels.NAME, Pattern.quote(base) + "(_bucket|_sum|_count)?");
    }

    /** The series of the scope in the query language. */
    String selector() {
        StringBuilder text = new StringBuilder("{");
        for (Matcher matcher : matchers) {
            text.append(text.length() > 1 ? "," : "");
            text.append(quoted(matcher.name()))
                    .append(matcher.type().operator())
                    .append(quoted(matcher.value()));
        }
        return text.append('}').toString();
    }

    /** Alerts of the same pipeline, in the query language. */
    String alerts() {
        String pipeline = matchers.stream()
                .filter(matcher -> matcher.name().equals(PIPELINE))
                .map(matcher -> PIPELINE + matcher.type().operator() + quoted(matcher.value()))
                .collect(Collectors.joining(","));
        return "ALERTS{" + (pipeline.isEmpty() ? PIPELINE + "!=\"\"" : pipeline) + "}";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
