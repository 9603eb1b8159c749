package io.varve.server.rules.template;

/** A template that cannot be read or expanded; the message says where and why. */
public final class TemplateException extends Exception {

    private static final long serialVersionUID = 1;

    TemplateException(String template, int line, int column, String message) {
        super("template: " + template + ":" + line + ":" + column + ": " + message);
    }
}
