package io.varve.server.rules.template;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.varve.server.config.Quantity;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/** What template functions make of texts. Stateless. */
final class Texts {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*:.*");

    private Texts() {}

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** The first letter of each word as a capital. */
    static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(inWord ? c : Character.toTitleCase(c));
            inWord = Character.isLetterOrDigit(c) || c == '_' || c == '\'';
        }
        return out.toString();
    }

    /** Offset of the colon before a port, -1 if the text is not a host with a port. */
    private static int portAt(String host) {
        int colon = host.lastIndexOf(':');
        boolean bracketed = host.startsWith("[") && host.indexOf(']') == colon - 1;
        return colon >= 0 && (bracketed || host.indexOf(':') == colon) ? colon : -1;
    }

    static String withoutPort(String host) {
        int colon = portAt(host);
        if (colon < 0) {
            return host;
        }
        return host.startsWith("[") ? host.substring(1, colon - 1) : host.substring(0, colon);
    }

    /** The first label of a name and its port; addresses as they are. */
    static String withoutDomain(String host) {
        int colon = portAt(host);
        String name = colon < 0 ? host : withoutPort(host);
        if (ADDRESS.matches(name)) {
            return host;
        }
        int dot = name.indexOf('.');
        String port = colon < 0 ? "" : host.substring(colon);
        return (dot < 0 ? name : name.substring(0, dot)) + port;
    }

    static Pattern pattern(int at, String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new Fault(at, "bad regular expression \"" + pattern + "\": " + e.getDescription());
        }
    }

    /** Each match replaced; {@code $1}, {@code $name} and {@code ${name}} stand for groups as in Go. */
    static String replaceAll(Pattern pattern, String replacement, String text) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder();
        int copied = 0;
        while (matcher.find()) {
            out.append(text.substring(copied, matcher.start()));
            expand(matcher, replacement, out);
            copied = matcher.end();
        }
        return out.append(text.substring(copied)).toString();
    }

    private static void expand(Matcher matcher, String replacement, StringBuilder out) {
        int i = 0;
        while (i < replacement.length()) {
            char c = replacement.charAt(i++);
            if (c != '$') {
                out.append(c);
                continue;
            }
            if (replacement.startsWith("$", i)) {
                out.append('$');
                i++;
                continue;
            }
            boolean braced = replacement.startsWith("{", i);
            int from = braced ? i + 1 : i;
            int to = from;
            while (to < replacement.length()
                    && (replacement.charAt(to) == '_' || Character.isLetterOrDigit(replacement.charAt(to)))) {
                to++;
            }
            boolean closed = !braced || replacement.startsWith("}", to);
            if (to == from || !closed) {
                out.append('$');
                continue;
            }
            out.append(group(matcher, replacement.substring(from, to)));
            i = braced ? to + 1 : to;
        }
    }

    private static String group(Matcher matcher, String name) {
        String value = null;
        if (name.matches("[0-9]{1,4}")) {
            int number = Integer.parseInt(name);
            value = number <= matcher.groupCount() ? matcher.group(number) : null;
        } else if (matcher.pattern().namedGroups().containsKey(name)) {
            value = matcher.group(name);
        }
        return value == null ? "" : value;
    }

    /** A duration as Prometheus writes them, in seconds. */
    static double seconds(int at, String text) {
        try {
            Duration duration = Quantity.duration(text);
            return duration.toMillis() / 1e3;
        } catch (IllegalArgumentException e) {
            throw new Fault(at, "parseDuration: " + e.getMessage());
        }
    }

    /** The path of an address, without a slash at its end. */
    static String path(String url) {
        try {
            String path = URI.create(url).getPath();
            return path == null ? "" : path.replaceFirst("/+$", "");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
