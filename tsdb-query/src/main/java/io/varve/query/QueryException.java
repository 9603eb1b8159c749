package io.varve.query;

/** A query that cannot be answered, with the reason as Prometheus' HTTP API names it. */
public final class QueryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Whose fault, and so which {@code errorType} and status. */
    public enum Kind {
        /** The expression or a parameter is wrong. */
        BAD_DATA,
        /** The expression is right but cannot be evaluated on this data, or would read too much. */
        EXECUTION,
        /** It took longer than allowed. */
        TIMEOUT,
        /** The asker went away or cancelled it. */
        CANCELED,
        /** Others take what it would need: trying again later helps. */
        UNAVAILABLE
    }

    private final Kind kind;
    private final int position;

    /** A failure with no place in the expression. */
    public QueryException(Kind kind, String message) {
        this(kind, message, -1);
    }

    /**
     * A failure at a place in the expression.
     *
     * @param position offset in UTF-16 units from the expression's start, or -1
     */
    public QueryException(Kind kind, String message, int position) {
        super(message);
        this.kind = kind;
        this.position = position;
    }

    /** Whose fault it is. */
    public Kind kind() {
        return kind;
    }

    /** Offset in the expression, or -1 if the failure has no place there. */
    public int position() {
        return position;
    }
}
