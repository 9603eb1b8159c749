package io.varve.server.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer: status, headers, body. Immutable, except that the body is not copied: nobody changes it after it was
 * given away.
 */
public final class HttpAnswer {

    /** The media type of the API's answers. */
    public static final String JSON = "application/json";

    /** The media type of plain text. */
    public static final String TEXT = "text/plain; charset=utf-8";

    private static final byte[] NO_BODY = new byte[0];

    private final int status;
    private final List<String> headers;
    private final byte[] body;
    private final int length;

    private HttpAnswer(int status, List<String> headers, byte[] body, int length) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.length = length;
    }

    /** An answer without a body. */
    public static HttpAnswer empty(int status) {
        return new HttpAnswer(status, List.of(), NO_BODY, 0);
    }

    /** An answer of plain text. */
    public static HttpAnswer text(int status, String text) {
        return of(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** An answer of any media type. */
    public static HttpAnswer of(int status, String contentType, byte[] body) {
        return of(status, contentType, body, body.length);
    }

    /** An answer of the first bytes of an array. */
    public static HttpAnswer of(int status, String contentType, byte[] body, int length) {
        return new HttpAnswer(status, List.of("Content-Type", contentType), body, length);
    }

    /** The same answer with one more header. */
    public HttpAnswer with(String name, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(name);
        more.add(value);
        return new HttpAnswer(status, List.copyOf(more), body, length);
    }

    /** The same answer with another body, the first bytes of an array. */
    HttpAnswer withBody(byte[] other, int count) {
        return new HttpAnswer(status, headers, other, count);
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** Names at even places, values behind them. */
    public List<String> headers() {
        return headers;
    }

    /** The value of the first header of that name, or the empty string. */
    public String header(String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return headers.get(i + 1);
            }
        }
        return "";
    }

    /** The array that holds the body from index 0; not to be changed. */
    public byte[] body() {
        return body;
    }

    /** Bytes of the body. */
    public int length() {
        return length;
    }

    /** The body as UTF-8 text. */
    public String bodyText() {
        return new String(body, 0, length, StandardCharsets.UTF_8);
    }
}
