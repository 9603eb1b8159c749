package io.varve.query.lang;

/** How much of the language is there. */
public enum Dialect {
    /** What is documented as stable. */
    STABLE,
    /** That, and what may still change: experimental functions, aggregations and modifiers. */
    EXPERIMENTAL;

    /** What turns the experimental parts on, as messages name it. */
    public static final String SWITCH = "--query.experimental";

    /**
     * Refuses an experimental part where it is off.
     *
     * @param what the part as written
     */
    void require(String what, Token at, SourceText source) {
        if (this != EXPERIMENTAL) {
            throw source.error(at.start(), what + " is experimental and switched off; " + SWITCH + " turns it on");
        }
    }
}
