package io.varve.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the door for a method and a path. A pattern is a path whose segments are fixed or, as {@code {name}}, stand for
 * any one segment; fixed paths win over variables. HEAD goes wherever GET goes. Routes are added before the server
 * starts; afterwards the router is only read, by any thread.
 */
public final class Router {

    /** A door with the values of its pattern's variables. */
    record Match(HttpDoor door, Map<String, String> variables, String pattern) {}

    private record Pattern(String text, List<String> segments, TreeMap<String, HttpDoor> doors) {}

    private final Map<String, Pattern> fixed = new HashMap<>();
    private final List<Pattern> variable = new ArrayList<>();

    private final UnaryOperator<HttpDoor> around;

    /** A router without routes. */
    public Router() {
        this(UnaryOperator.identity());
    }

    /**
     * A router without routes.
     *
     * @param around puts something around each door that is added
     */
    public Router(UnaryOperator<HttpDoor> around) {
        this.around = around;
    }

    /**
     * Adds a route.
     *
     * @param method GET, POST, PUT or DELETE
     * @param pattern begins with a slash
     * @throws IllegalArgumentException if the route is there already
     */
    public Router route(String method, String pattern, HttpDoor door) {
        Pattern route = pattern.indexOf('{') < 0 ? fixed.get(pattern) : findVariable(pattern);
        if (route == null) {
            route = new Pattern(pattern, segments(pattern), new TreeMap<>());
            if (pattern.indexOf('{') < 0) {
                fixed.put(pattern, route);
            } else {
                variable.add(route);
            }
        }
        if (route.doors.put(method, around.apply(door)) != null) {
            throw new IllegalArgumentException("each route once: method=" + method + ", pattern=" + pattern);
        }
        return this;
    }

    /** Adds a route that answers GET (and so HEAD) and POST alike. */
    public Router query(String pattern, HttpDoor door) {
        return route("GET", pattern, door).route("POST", pattern, door);
    }

    private @Nullable Pattern findVariable(String text) {
        for (Pattern pattern : variable) {
            if (pattern.text.equals(text)) {
                return pattern;
            }
        }
        return null;
    }

    /**
     * The door for a request.
     *
     * @param rawPath the path as sent, percent escapes and all
     * @throws HttpProblem 404 if there is none, 405 if there is one for other methods only
     */
    Match match(String method, String rawPath) {
        Map<String, String> variables = new HashMap<>();
        Pattern pattern = fixed.get(rawPath);
        if (pattern == null) {
            List<String> segments = segments(rawPath);
            for (Pattern candidate : variable) {
                if (fits(candidate.segments, segments, variables)) {
                    pattern = candidate;
                    break;
                }
            }
        }
        if (pattern == null) {
            throw HttpProblem.of(ErrorType.NOT_FOUND, "no such path: " + rawPath);
        }
        HttpDoor door = pattern.doors.get(method.equals("HEAD") ? "GET" : method);
        if (door == null) {
            throw HttpProblem.of(ErrorType.BAD_DATA, 405, "method not allowed: " + method + " " + rawPath)
                    .with("Allow", allow(pattern));
        }
        return new Match(door, variables, pattern.text);
    }

    private static String allow(Pattern pattern) {
        List<String> methods = new ArrayList<>(pattern.doors.keySet());
        if (methods.contains("GET")) {
            methods.add(methods.indexOf("GET") + 1, "HEAD");
        }
        return String.join(", ", methods);
    }

    private static boolean fits(List<String> pattern, List<String> path, Map<String, String> variables) {
        if (pattern.size() != path.size()) {
            return false;
        }
        variables.clear();
        for (int i = 0; i < pattern.size(); i++) {
            String expected = pattern.get(i);
            String found = path.get(i);
            if (expected.startsWith("{")) {
                if (found.isEmpty()) {
                    return false;
                }
                variables.put(expected.substring(1, expected.length() - 1), Parameters.decode(found, false));
            } else if (!expected.equals(found)) {
                return false;
            }
        }
        return true;
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(Math.min(1, path.length())).split("/", -1));
    }
}
