package io.varve.server.http;

/**
 * A request that cannot be answered, with what its sender is told. It has no stack trace: a client's mistake is not an
 * event of the server.
 */
public final class HttpProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorType type;
    private final int status;
    private final String headerName;
    private final String headerValue;

    private HttpProblem(ErrorType type, int status, String message, String headerName, String headerValue) {
        super(message, null, false, false);
        this.type = type;
        this.status = status;
        this.headerName = headerName;
        this.headerValue = headerValue;
    }

    /** A problem with its type's usual status. */
    public static HttpProblem of(ErrorType type, String message) {
        return new HttpProblem(type, type.status(), message, "", "");
    }

    /** A problem with a status of its own. */
    public static HttpProblem of(ErrorType type, int status, String message) {
        return new HttpProblem(type, status, message, "", "");
    }

    /** A wrong or missing parameter: 400. */
    public static HttpProblem badData(String message) {
        return of(ErrorType.BAD_DATA, message);
    }

    /** A body above its limit: 413. */
    public static HttpProblem tooLarge(String what, long limit) {
        return of(ErrorType.BAD_DATA, 413, what + " is larger than " + limit + " bytes");
    }

    /** No room for this request now: 503 with Retry-After. */
    public static HttpProblem busy(String message, int retryAfterSeconds) {
        return of(ErrorType.UNAVAILABLE, message).with("Retry-After", Integer.toString(retryAfterSeconds));
    }

    /** The same problem whose answer carries a header. */
    public HttpProblem with(String name, String value) {
        return new HttpProblem(type, status, message(), name, value);
    }

    /** What the sender is told. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** The kind of problem. */
    public ErrorType type() {
        return type;
    }

    /** The status of the answer. */
    public int status() {
        return status;
    }

    /** The problem as an answer in the API's format. */
    public HttpAnswer answer() {
        String body =
                "{\"status\":\"error\",\"errorType\":\"" + type.text() + "\",\"error\":" + quoted(message()) + "}";
        HttpAnswer answer =
                HttpAnswer.of(status, HttpAnswer.JSON, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return headerName.isEmpty() ? answer : answer.with(headerName, headerValue);
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c == '\n') {
                json.append("\\n");
            } else if (c < 0x20 || (Character.isSurrogate(c) && !isPaired(text, i))) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private static boolean isPaired(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
