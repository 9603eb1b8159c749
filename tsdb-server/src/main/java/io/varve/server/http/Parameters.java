package io.varve.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Named values of a request, each name any number of times, in the order in which they were sent. Immutable. */
public final class Parameters {

    private static final int MAX_PARAMETERS = 10_000;

    private final Map<String, List<String>> values;

    private Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Parameters from form-encoded texts, those of the first text first.
     *
     * @throws HttpProblem 400 if an escape is malformed, a text is not UTF-8, or there are far too many
     */
    public static Parameters parse(@Nullable String... forms) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int count = 0;
        for (String form : forms) {
            if (form == null || form.isEmpty()) {
                continue;
            }
            int from = 0;
            while (from <= form.length()) {
                int ampersand = form.indexOf('&', from);
                int to = ampersand < 0 ? form.length() : ampersand;
                if (to > from) {
                    if (++count > MAX_PARAMETERS) {
                        throw HttpProblem.badData("more than " + MAX_PARAMETERS + " parameters");
                    }
                    add(values, form.substring(from, to));
                }
                from = to + 1;
            }
        }
        return new Parameters(values);
    }

    private static void add(Map<String, List<String>> values, String pair) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
        values.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
    }

    /** Decodes percent escapes, and a plus as a space if it stands for one. */
    static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0)) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[raw.length];
        int length = 0;
        for (int i = 0; i < raw.length; i++) {
            byte b = raw[i];
            if (b == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw HttpProblem.badData("malformed escape in the parameters: " + shortened(text, i));
                }
                decoded[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                decoded[length++] = plusIsSpace && b == '+' ? (byte) ' ' : b;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw HttpProblem.badData("a parameter is not UTF-8 text: " + shortened(text, 0));
        }
    }

    private static String shortened(String text, int near) {
        int from = Math.min(Math.max(0, near - 10), text.length());
        return text.substring(from, Math.min(text.length(), from + 40));
    }

    /** The first value of that name, or the empty string if there is none. */
    public String first(String name) {
        List<String> all = values.get(name);
        return all == null ? "" : all.get(0);
    }

    /** Whether the name was sent at all, perhaps with an empty value. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** All names, in the order in which they were sent first. */
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** All values of that name. */
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }
}
