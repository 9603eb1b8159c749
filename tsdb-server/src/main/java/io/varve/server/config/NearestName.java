package io.varve.server.config;

import java.util.Collection;
import java.util.Locale;

/** Finds the name that someone probably meant. */
public final class NearestName {

    private NearestName() {}

    /**
     * A hint such as {@code ; did you mean "listen"?}, or the empty string if no known name is near: at most a third of
     * its letters differ (Levenshtein's distance), or it ends with what was written after a dot.
     */
    public static String hint(String written, Collection<String> known) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String name : known) {
            int distance = name.endsWith("." + written) ? 0 : distance(written, name);
            if (distance < least && distance <= Math.max(2, name.length() / 3)) {
                least = distance;
                best = name;
            }
        }
        return best.isEmpty() ? "" : "; did you mean \"" + best + "\"?";
    }

    /** Insertions, deletions and replacements that turn one text into the other, case aside. */
    static int distance(String from, String to) {
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        if (Math.abs(a.length() - b.length()) > 20 || a.length() > 200) {
            return Integer.MAX_VALUE;
        }
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            int[] swap = above;
            above = row;
            row = swap;
        }
        return above[b.length()];
    }
}
