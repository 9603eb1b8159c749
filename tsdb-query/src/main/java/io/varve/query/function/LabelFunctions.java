package io.varve.query.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.varve.core.model.Labels;
import io.varve.core.model.RegularExpression;
import io.varve.query.QueryException;
import java.util.List;
import java.util.function.UnaryOperator;

/** Functions from one label set to another. */
public final class LabelFunctions {

    private LabelFunctions() {}

    /**
     * Sets a label from the parts of another one's value that a regular expression captures.
     *
     * @throws QueryException if the expression or the target's name is not valid
     */
    public static UnaryOperator<Labels> replace(String target, String replacement, String source, String regex) {
        checkName(target, "label_replace");
        Pattern pattern;
        try {
            pattern = RegularExpression.compile(regex);
        } catch (PatternSyntaxException | StackOverflowError e) { // RE2 parses nested groups recursively
            throw new QueryException(
                    QueryException.Kind.EXECUTION,
                    "invalid regular expression in label_replace(): "
                            + regex.substring(0, Math.min(regex.length(), 300)));
        } catch (IllegalArgumentException e) {
            throw new QueryException(QueryException.Kind.EXECUTION, "label_replace(): " + e.getMessage());
        }
        return labels -> {
            Matcher matcher = pattern.matcher(labels.get(source));
            return matcher.matches() ? labels.with(target, expand(replacement, matcher, pattern)) : labels;
        };
    }

    /** Sets a label to the joined values of others. */
    public static UnaryOperator<Labels> join(String target, String separator, List<String> sources) {
        checkName(target, "label_join");
        return labels -> labels.with(
                target, String.join(separator, sources.stream().map(labels::get).toList()));
    }

    /** A label's name may be any text but none. */
    public static void checkName(String name, String where) {
        boolean broken = name.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (name.isEmpty() || broken) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION, "invalid destination label name in " + where + "(): " + name);
        }
    }

    /** Puts captured groups for {@code $1}, {@code ${1}}, {@code $name}; a group that does not exist is empty. */
    private static String expand(String template, Matcher matcher, Pattern pattern) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at++);
            if (c != '$') {
                text.append(c);
                continue;
            }
            boolean braces = at < template.length() && template.charAt(at) == '{';
            int begin = braces ? at + 1 : at;
            int end = begin;
            while (end < template.length() && isNamePart(template.charAt(end))) {
                end++;
            }
            boolean closed = !braces || (end < template.length() && template.charAt(end) == '}');
            if (at < template.length() && template.charAt(at) == '$') {
                text.append('$');
                at++;
            } else if (end == begin || !closed) {
                text.append('$');
            } else {
                text.append(group(template.substring(begin, end), matcher, pattern));
                at = braces ? end + 1 : end;
            }
        }
        return text.toString();
    }

    private static boolean isNamePart(char c) {
        return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
    }

    private static String group(String name, Matcher matcher, Pattern pattern) {
        int index = -1;
        if (name.chars().allMatch(Character::isDigit)) {
            index = name.length() > 6 ? -1 : Integer.parseInt(name);
        } else if (pattern.namedGroups().containsKey(name)) {
            index = pattern.namedGroups().get(name);
        }
        String value = index < 0 || index > matcher.groupCount() ? null : matcher.group(index);
        return value == null ? "" : value;
    }
}
