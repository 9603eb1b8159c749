package io.varve.server.write.text;

/** A line is not one of the format. It costs that line alone, so it carries no stack trace. */
final class LineSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    LineSyntaxException(String message) {
        super(message, null, false, false);
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
