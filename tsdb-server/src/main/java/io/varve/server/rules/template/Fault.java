package io.varve.server.rules.template;

/** What is wrong with a template, at an offset; turned into a {@link TemplateException} where its text is known. */
final class Fault extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int at;

    Fault(int at, String message) {
        super(message, null, false, false);
        this.at = at;
    }

    /** Offset in the template. */
    int at() {
        return at;
    }
}
