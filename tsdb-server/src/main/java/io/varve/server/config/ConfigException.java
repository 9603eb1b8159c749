package io.varve.server.config;

/** Configuration that cannot be used; the message says which key of which file or flag, why, and what would do. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A refusal with the message for the operator. */
    public ConfigException(String message) {
        super(message, null, false, false);
    }
}
