package io.varve.server.relabel;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a rule does with labels. */
public enum RelabelAction {
    /** Writes an expanded text into a label where the expression matches. */
    REPLACE,
    /** Drops what the expression does not match. */
    KEEP,
    /** Drops what the expression matches. */
    DROP,
    /** Drops what differs from a label. */
    KEEPEQUAL,
    /** Drops what equals a label. */
    DROPEQUAL,
    /** Writes the remainder of a hash into a label. */
    HASHMOD,
    /** Copies labels whose names match to names that the expression makes of them. */
    LABELMAP,
    /** Removes labels whose names match. */
    LABELDROP,
    /** Removes labels whose names do not match. */
    LABELKEEP,
    /** Writes the source in small letters into a label. */
    LOWERCASE,
    /** Writes the source in capitals into a label. */
    UPPERCASE;

    /** Its name in a configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The action of a name, in any case; null if there is none. */
    public static @Nullable RelabelAction byLabel(String label) {
        for (RelabelAction action : values()) {
            if (action.label().equals(label.toLowerCase(Locale.ROOT))) {
                return action;
            }
        }
        return null;
    }
}
