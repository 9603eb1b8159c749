package io.varve.core.model;

import java.time.Duration;
import java.util.List;

/**
 * How long the samples of some series are kept. Of several rules the first one that a series satisfies holds for it.
 *
 * @param match all of which a series must satisfy; at least one
 * @param time age at which its samples expire; zero keeps them for ever
 */
public record RetentionRule(List<Matcher> match, Duration time) {

    /** Checks and copies. */
    public RetentionRule {
        match = List.copyOf(match);
        if (match.isEmpty()) {
            throw new IllegalArgumentException("a rule of retention has at least one matcher: time=" + time);
        }
        if (time.isNegative()) {
            throw new IllegalArgumentException("an age is not negative: time=" + time + ", match=" + match);
        }
    }

    /** Whether a series satisfies all matchers. */
    public boolean matches(Labels labels) {
        for (Matcher matcher : match) {
            String value = labels.get(matcher.name());
            if (!matcher.matches(value == null ? "" : value)) {
                return false;
            }
        }
        return true;
    }
}
