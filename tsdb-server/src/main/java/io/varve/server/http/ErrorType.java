package io.varve.server.http;

/** The kinds of error that Prometheus' API knows, each with the status it usually comes with. */
public enum ErrorType {
    BAD_DATA("bad_data", 400),
    EXECUTION("execution", 422),
    TIMEOUT("timeout", 503),
    CANCELED("canceled", 499),
    INTERNAL("internal", 500),
    UNAVAILABLE("unavailable", 503),
    NOT_FOUND("not_found", 404),
    NOT_ACCEPTABLE("not_acceptable", 406);

    private final String text;
    private final int status;

    ErrorType(String text, int status) {
        this.text = text;
        this.status = status;
    }

    /** The value of {@code errorType}. */
    public String text() {
        return text;
    }

    /** The usual status. */
    public int status() {
        return status;
    }
}
