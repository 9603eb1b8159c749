package io.varve.core.telemetry;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import java.util.LinkedHashMap;
import java.util.Map;

/** The labels of an exemplar, as many as fit: one that does not is left out, and a shorter one behind it may follow. */
final class ExemplarLabels {

    private final Map<String, String> kept = new LinkedHashMap<>();
    private int points;
    private int bytes;

    /** Adds a label unless its value is empty, its name there, or there is no room for it. */
    void add(String name, String value) {
        String plain = plain(name);
        int morePoints = Exemplar.codePoints(plain, value);
        int moreBytes = Exemplar.bytes(plain, value);
        boolean fits = points + morePoints <= Exemplar.MAX_CODE_POINTS && bytes + moreBytes <= Exemplar.MAX_BYTES;
        if (!value.isEmpty() && fits && kept.putIfAbsent(plain, value) == null) {
            points += morePoints;
            bytes += moreBytes;
        }
    }

    /** A name of letters, digits and underscores. */
    private static String plain(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean allowed = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            plain.append(allowed ? c : '_');
        }
        return plain.toString();
    }

    Labels labels() {
        String[] pairs = new String[2 * kept.size()];
        int at = 0;
        for (Map.Entry<String, String> entry : kept.entrySet()) {
            pairs[at++] = entry.getKey();
            pairs[at++] = entry.getValue();
        }
        return Labels.of(pairs);
    }
}
