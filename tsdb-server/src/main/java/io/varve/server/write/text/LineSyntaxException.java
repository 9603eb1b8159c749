package io.varve.server.write.text;

/** A line is not one of the format. It costs that line alone, so it carries no stack trace. */
public final class LineSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    /** A line that is wrong; the message says where. */
    public LineSyntaxException(String message) {
        super(message, null, false, false);
    }

    /** What is wrong. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
