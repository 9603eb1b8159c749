package io.varve.server.rules.template;

import java.util.List;

/** A part of a template: text as it stands, or an action between double braces. */
sealed interface Part {

    /** Text that is copied. */
    record Plain(String text) implements Part {}

    /**
     * An action.
     *
     * @param at offset in the template behind its opening braces
     * @param tokens its words; none for a comment
     */
    record Action(int at, List<Token> tokens) implements Part {}
}
