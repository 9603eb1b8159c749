package io.varve.server.api;

import io.varve.core.model.Matcher;
import io.varve.query.QueryException;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import java.util.ArrayList;
import java.util.List;

/** Parameters that several endpoints share. */
final class ApiParameters {

    /** The warning on an answer that a limit has cut. */
    static final String TRUNCATED = "results truncated due to limit";

    private static final int MOST_SELECTORS = 1_000;

    private ApiParameters() {}

    /** The limit on the number of results, or 0 for none. */
    static int limit(Parameters parameters) {
        return limit(parameters, "limit");
    }

    static int limit(Parameters parameters, String name) {
        String text = parameters.first(name);
        if (text.isEmpty()) {
            return 0;
        }
        long limit;
        try {
            limit = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw HttpProblem.badData("invalid parameter \"" + name + "\": not a whole number: " + text);
        }
        if (limit < 0) {
            throw HttpProblem.badData("invalid parameter \"" + name + "\": must be non-negative");
        }
        return (int) Math.min(limit, Integer.MAX_VALUE);
    }

    /** The values of a parameter that may be repeated, and may hold several values with commas between. */
    static List<String> list(Parameters parameters, String name) {
        List<String> values = new ArrayList<>();
        for (String text : parameters.all(name)) {
            for (String part : text.split(",")) {
                if (!part.isBlank()) {
                    values.add(part.trim());
                }
            }
        }
        return values;
    }

    /**
     * The matchers of each {@code match[]}.
     *
     * @throws HttpProblem 400 if one does not parse, or there is none where one is needed
     */
    static List<List<Matcher>> selectors(QueryService queries, Parameters parameters, boolean needed) {
        List<String> texts = parameters.all("match[]");
        if (needed && texts.isEmpty()) {
            throw HttpProblem.badData("no match[] parameter provided");
        }
        if (texts.size() > MOST_SELECTORS) {
            throw HttpProblem.badData("invalid parameter \"match[]\": more than " + MOST_SELECTORS + " selectors");
        }
        List<List<Matcher>> selectors = new ArrayList<>();
        for (String text : texts) {
            try {
                selectors.add(queries.selector(text));
            } catch (QueryException e) {
                throw HttpProblem.badData("invalid parameter \"match[]\": " + e.getMessage());
            }
        }
        return selectors;
    }
}
